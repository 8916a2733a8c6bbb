// Numbers of seven bits an octet, low end first (LEB128), and differences folded so that small ones of either
// sign are short. Used by column.cc only. Pure; thread-safe.
#pragma once

#include "base/bytes.h"

namespace probatio::seal {

void WriteVarint(std::uint64_t value, ByteWriter* out);
Result<std::uint64_t> ReadVarint(ByteReader* in);  // kInvalid when it does not fit 64 bits

// 0, -1, 1, -2, ... become 0, 1, 2, 3, ...; a difference is taken modulo 2^64.
inline std::uint64_t FoldSign(std::uint64_t difference) {
  return difference << 1 ^ (0 - (difference >> 63));
}
inline std::uint64_t UnfoldSign(std::uint64_t folded) {
  return folded >> 1 ^ (0 - (folded & 1));
}

}  // namespace probatio::seal
