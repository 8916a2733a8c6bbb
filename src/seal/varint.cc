// LEB128 in both directions. The reader stops at 64 bits, however many octets follow.
#include "seal/varint.h"

#include <fmt/format.h>

namespace probatio::seal {

void WriteVarint(std::uint64_t value, ByteWriter* out) {
  while (value >= 0x80) {
    out->U8(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out->U8(static_cast<std::uint8_t>(value));
}

Result<std::uint64_t> ReadVarint(ByteReader* in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t octet = TRY(in->U8());
    if (shift == 63 && octet > 1) break;
    value |= (octet & 0x7F) << shift;
    if (octet < 0x80) return value;
  }
  return Invalid(fmt::format("number over 64 bits before offset {}", in->offset()));
}

}  // namespace probatio::seal
