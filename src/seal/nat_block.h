// A block of NAT rows taken apart: its head as numbers, its columns as octets (docs/formats/block.md, layout
// 2). Used by the NAT codec only. Pure; thread-safe.
#pragma once

#include "seal/nat_inside_list.h"
#include "seal/nat_line.h"
#include "seal/nat_shape_list.h"
#include "seal/prefix_code.h"
#include "seal/row_codec.h"

namespace probatio::seal {

inline constexpr std::uint8_t kNatLayout = 2;
// Every instant of a block is a multiple of its unit, the first of these that allows it.
inline constexpr std::array<std::int64_t, 4> kNatUnits{kNsPerSecond, kNsPerMs, 1000, 1};
inline constexpr unsigned kPortBits = 16;

struct NatHead {
  std::size_t rows = 0;
  IpAddress address;
  std::size_t unit = 0;  // index into kNatUnits
  std::uint16_t port_first = 0;
  unsigned port_shift = 0;  // every difference of two ports is a multiple of 2^this
  RiceCode port_code;
  std::int64_t end_first = 0;   // the first end of all, in units
  std::uint64_t end_range = 0;  // last less first
  std::vector<NatShape> shapes;
  std::vector<ShapeClass> symbols;
  std::vector<NatInside> insides;
  LineColumn inside_port;  // of the rows that have it, like the next two; slope 0
  LineColumn seq;          // over at
  LineColumn end_seq;      // over end
  bool AnyHas(bool NatShape::*field) const {
    for (const NatShape& shape : shapes) {
      if (shape.*field) return true;
    }
    return false;
  }
};

// The columns in their order. The head says the octets of each but the last, which takes the rest.
enum NatColumn : std::uint8_t {
  kPorts,
  kSymbols,
  kInsides,
  kEnds,
  kInsidePorts,
  kSeqs,
  kEndSeqs,
  kMantissas,
  kNatColumns,
};

struct NatBlock {
  NatHead head;
  std::vector<std::uint8_t> symbol_lengths;  // of their prefix codes
  std::vector<std::uint8_t> inside_lengths;
  std::array<Bytes, kNatColumns> columns;  // views
};
Result<NatBlock> ReadNatBlock(Bytes bytes);

}  // namespace probatio::seal
