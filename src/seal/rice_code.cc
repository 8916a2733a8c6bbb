#include "seal/rice_code.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::seal {

std::size_t RiceBits(const RiceCode& code, std::span<const std::uint32_t> values) {
  std::size_t bits = 0;
  for (const std::uint32_t value : values) bits += code.Bits(value);
  return bits;
}

RiceCode ChooseRice(std::span<const std::uint32_t> values, unsigned raw_bits) {
  std::uint32_t any = 0;
  for (const std::uint32_t value : values) any |= value;
  RiceCode best{std::min(static_cast<unsigned>(std::bit_width(any)), raw_bits - 1), raw_bits};
  std::size_t best_bits = RiceBits(best, values);
  while (best.parameter > 0) {
    const RiceCode next{best.parameter - 1, raw_bits};
    const std::size_t bits = RiceBits(next, values);
    if (bits > best_bits) break;
    best = next;
    best_bits = bits;
  }
  return best;
}

void WriteRiceList(std::span<const std::uint32_t> values, unsigned raw_bits, ByteWriter* out) {
  if (values.empty()) return;
  const RiceCode code = ChooseRice(values, raw_bits);
  out->U8(static_cast<std::uint8_t>(code.parameter));
  Buffer packed;
  BitWriter bits(&packed, RiceBits(code, values));
  for (const std::uint32_t value : values) code.Put(value, &bits);
  bits.Finish();
  out->Raw(packed);
}

Result<std::vector<std::uint32_t>> ReadRiceList(ByteReader* in, Bytes all, std::size_t count,
                                                unsigned raw_bits) {
  if (count == 0) return std::vector<std::uint32_t>();
  const std::uint8_t parameter = TRY(in->U8());
  if (parameter >= raw_bits)
    return Invalid(fmt::format("rice parameter {} over {}", parameter, raw_bits - 1));
  if (in->remaining() * 8 < count) return Invalid(fmt::format("truncated at offset {}", in->offset()));
  const RiceCode code{parameter, raw_bits};
  BitReader bits(all.subspan(in->offset()));
  std::vector<std::uint32_t> values(count);
  for (std::uint32_t& value : values) value = code.Take(&bits);
  const Bytes packed = TRY(in->Raw(bits.octets()));
  BitReader whole(packed);
  whole.Skip(bits.position());
  TRY(whole.End());
  return values;
}

}  // namespace probatio::seal
