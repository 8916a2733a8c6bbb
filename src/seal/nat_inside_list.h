// The insides of a block, spelled out once in ascending order (docs/formats/block.md, layout 2). Used by the
// NAT codec only. Pure; thread-safe.
#pragma once

#include "seal/nat_row.h"

namespace probatio::seal {

// The order of insides in a block: first by what is known of them, then by address and subscriber.
bool InsideBefore(const NatInside& one, const NatInside& other);
// The beginning of that order as a number: where two differ, InsideBefore says the same.
std::uint64_t InsideKey(const NatInside& inside);

void WriteInsides(std::span<const NatInside* const> insides, ByteWriter* out);  // ascending
// `in` reads `all`. At most `count_max` insides.
Result<std::vector<NatInside>> ReadInsides(ByteReader* in, Bytes all, std::size_t count_max);

}  // namespace probatio::seal
