// The shapes of a block, spelled out once, with the durations they occur with (docs/formats/block.md, layout
// 2). Used by the NAT codec only. Pure; thread-safe.
#pragma once

#include "seal/nat_row.h"

namespace probatio::seal {

inline constexpr unsigned kDurationClasses = 65;  // the bit length of a duration: 0 to 64
using ClassSet = std::array<bool, kDurationClasses>;

// A shape and a duration class: they depend on each other (a DNS session is short), so they share one code.
struct ShapeClass {
  std::uint16_t shape = 0;
  std::uint8_t duration_class = 0;
};

// A shape of the block with the classes that occur with it, at least one.
struct UsedShape {
  const NatShape* shape = nullptr;
  ClassSet classes{};
};
void WriteShapes(std::span<const UsedShape> shapes, ByteWriter* out);  // ascending

struct ShapeList {
  std::vector<NatShape> shapes;
  std::vector<ShapeClass> symbols;  // every pair that occurs, in order
};
// At most `symbols_max` pairs.
Result<ShapeList> ReadShapes(ByteReader* in, std::size_t symbols_max);

}  // namespace probatio::seal
