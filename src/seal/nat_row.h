// NAT rows as the sealed store holds them in memory and packs them into blocks: small numbers, with what rows
// share kept once in tables. A row is one event, or one session whose create and delete met (both are in it;
// nothing is guessed). Values; pure; tables are not thread-safe while something is added.
#pragma once

#include <unordered_map>

#include "record/record.h"

namespace probatio::seal {

// All that many rows share. A row has exactly the fields that its shape says.
struct NatShape {
  record::NatEventKind event = record::NatEventKind::kCreate;  // of a session: of its create
  bool session = false;                                        // create and delete in one row
  bool has_inside_port = false;
  bool has_seq = false;
  bool has_end_seq = false;                 // sessions only
  bool has_port = false;                    // NatRow::port is public_port, or port_first of a block
  bool block = false;                       // NatRow::port is port_first
  std::optional<std::uint16_t> other_port;  // blocks that name a public port too
  std::optional<std::uint16_t> port_span;   // port_last - NatRow::port modulo 2^16
  std::optional<std::uint16_t> port_step;
  std::optional<std::uint8_t> proto;
  Timestamp clock;  // resolution, error, source and offset; its instant is zero
  std::string exporter;
  std::optional<std::uint32_t> domain;
  std::optional<std::string> inside_realm;
  auto operator<=>(const NatShape&) const = default;
};

// Who stands behind the public tuple, as far as the event said.
struct NatInside {
  std::optional<IpAddress> ip;
  std::optional<std::string> subscriber;
  auto operator<=>(const NatInside&) const = default;
};

struct NatRow {
  std::int64_t at_ns = 0;     // instant of the event, or of the session's create
  std::int64_t end_ns = 0;    // sessions: instant of the delete, not before at_ns; else equal to at_ns
  std::uint64_t seq = 0;      // 0 unless the shape has it, like every field below
  std::uint64_t end_seq = 0;  // sessions: of the delete
  std::uint32_t shape = 0;    // index into NatTables
  std::uint32_t inside = 0;   // index into NatTables
  std::uint32_t address = 0;  // index into NatTables: the public address
  std::uint16_t port = 0;
  std::uint16_t inside_port = 0;
};
static_assert(sizeof(NatRow) == 48);

// Interned shapes, insides and public addresses. Equal values have one index.
class NatTables {
 public:
  std::uint32_t ShapeOf(const NatShape& shape);
  std::uint32_t InsideOf(const NatInside& inside);
  std::uint32_t AddressOf(const IpAddress& address);

  const std::vector<NatShape>& shapes() const { return shapes_; }
  const std::vector<NatInside>& insides() const { return insides_; }
  const std::vector<IpAddress>& addresses() const { return addresses_; }

 private:
  std::vector<NatShape> shapes_;
  std::vector<NatInside> insides_;
  std::vector<IpAddress> addresses_;
  struct Hash {
    std::size_t operator()(const NatShape& shape) const;
    std::size_t operator()(const NatInside& inside) const;
    std::size_t operator()(const IpAddress& address) const;
  };
  std::unordered_map<NatShape, std::uint32_t, Hash> shape_index_;
  std::unordered_map<NatInside, std::uint32_t, Hash> inside_index_;
  std::unordered_map<IpAddress, std::uint32_t, Hash> address_index_;
};

}  // namespace probatio::seal
