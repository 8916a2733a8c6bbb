// Small numbers that thin out geometrically, as the gaps of a sorted list do: Golomb-Rice code with an
// escape, so that one wide gap costs little (docs/formats/block.md, layout 2). Pure; thread-safe.
#pragma once

#include <vector>

#include "seal/bit_stream.h"

namespace probatio::seal {

// The quotient by 2^parameter in unary (that many ones, a zero), then the remainder. Where the quotient would
// reach kEscape: kEscape ones, then the number in `raw_bits`.
struct RiceCode {
  static constexpr unsigned kEscape = 24;

  unsigned parameter = 0;
  unsigned raw_bits = 16;  // wide enough for every number; at most 32

  unsigned BitsMax() const { return kEscape + raw_bits; }

  unsigned Bits(std::uint32_t value) const {
    const std::uint32_t quotient = value >> parameter;
    return quotient < kEscape ? quotient + 1 + parameter : kEscape + raw_bits;
  }
  void Put(std::uint32_t value, BitWriter* out) const {
    const std::uint32_t quotient = value >> parameter;
    if (quotient < kEscape) [[likely]] {
      const std::uint64_t remainder = value & LowBits(parameter);
      out->Put(remainder << (quotient + 1) | LowBits(quotient), quotient + 1 + parameter);
    } else {
      out->Put(std::uint64_t{value} << kEscape | LowBits(kEscape), kEscape + raw_bits);
    }
  }
  std::uint32_t Take(BitReader* in) const {
    const std::uint64_t bits = in->Peek();
    const auto quotient = static_cast<unsigned>(std::countr_one(bits));
    if (quotient < kEscape) [[likely]] {
      in->Skip(quotient + 1 + parameter);
      return static_cast<std::uint32_t>(quotient << parameter |
                                        (bits >> (quotient + 1) & LowBits(parameter)));
    }
    in->Skip(kEscape + raw_bits);
    return static_cast<std::uint32_t>(bits >> kEscape & LowBits(raw_bits));
  }
};

// The writer's choice: from the width of the largest number down, while the whole does not grow.
RiceCode ChooseRice(std::span<const std::uint32_t> values, unsigned raw_bits);
std::size_t RiceBits(const RiceCode& code, std::span<const std::uint32_t> values);

// A list whose length the reader knows: parameter u8, the codes, zeros to the octet. An empty list is
// nothing.
void WriteRiceList(std::span<const std::uint32_t> values, unsigned raw_bits, ByteWriter* out);
Result<std::vector<std::uint32_t>> ReadRiceList(ByteReader* in, Bytes all, std::size_t count,
                                                unsigned raw_bits);

}  // namespace probatio::seal
