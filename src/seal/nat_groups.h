// Which NAT rows lie under one token: sorted rows cut at each change of selector. Pure; thread-safe.
#pragma once

#include "seal/nat_row.h"
#include "seal/token.h"

namespace probatio::seal {

struct NatGroup {
  std::uint32_t address = 0;  // index into the tables
  std::uint16_t bucket = 0;   // of ports; 0 in the stream of blocks, which are found by address alone
  std::size_t first = 0;      // of the sorted rows
  std::size_t count = 0;
  std::uint64_t key() const { return std::uint64_t{address} << 16 | bucket; }  // names the selector
};

// NatGroup::key of a row; `stream` is kNatSession or kNatBlock.
inline std::uint64_t GroupKeyOf(const NatRow& row, Stream stream) {
  const std::uint64_t bucket = stream == Stream::kNatSession ? row.port / kPortsPerBucket : 0;
  return std::uint64_t{row.address} << 16 | bucket;
}

// `sorted` by SortNatRows or GroupNatRows. `stream` is kNatSession or kNatBlock.
std::vector<NatGroup> GroupsOf(std::span<const NatRow> sorted, Stream stream);
Selector SelectorOf(const NatGroup& group, Stream stream, const NatTables& tables);

// The stream in which rows of a shape are kept, and the instant that files a row: of a session its end, so
// that nothing ends in a window that is closed already.
Stream StreamOf(const NatShape& shape);
inline Instant FiledAt(const NatRow& row) {
  return Instant::FromUnixNs(row.end_ns);
}

}  // namespace probatio::seal
