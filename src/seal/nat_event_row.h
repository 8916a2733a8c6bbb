// NAT events as rows and back. Pure.
#pragma once

#include <array>

#include "seal/nat_row.h"

namespace probatio::seal {

// Makes rows over one set of tables. It remembers the shapes, insides and addresses seen last, because
// looking them up by their texts costs more than all the rest of a row. Not thread-safe.
class NatRowMaker {
 public:
  explicit NatRowMaker(NatTables* tables);

  // The row, when all texts of this event were met lately: then they need not be checked again
  // (record::CheckRecord). Nothing for an event without a public address.
  std::optional<NatRow> KnownRow(const record::NatEvent& event);
  // The event has a public address (CHECKed: FilingOf stands at the door).
  NatRow RowOf(const record::NatEvent& event);

 private:
  using Memory = std::vector<std::uint32_t>;  // by hash; index + 1, 0 for none

  std::optional<std::uint32_t> KnownShape(const record::NatEvent& event) const;
  std::optional<std::uint32_t> KnownInside(const record::NatEvent& event) const;
  std::uint32_t AddressOf(const IpAddress& address);
  NatRow Made(const record::NatEvent& event, std::uint32_t shape, std::uint32_t inside);

  NatTables* tables_;
  std::array<std::uint32_t, 8> shapes_{};  // index + 1, 0 for none; the oldest is replaced
  std::size_t next_shape_ = 0;
  Memory insides_;
  Memory addresses_;
};

NatShape NatShapeOf(const record::NatEvent& event);
record::NatEvent EventOf(const NatRow& row, const NatTables& tables);

}  // namespace probatio::seal
