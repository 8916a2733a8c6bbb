// Huffman's prefix code over the symbols of one block, in canonical form: the code follows from the lengths
// alone (docs/formats/block.md, layout 2). A block has at most 4096 symbols, counted occurrences included, so
// no code is longer than 16 bits: one of 17 would need 4181 occurrences (the 19th Fibonacci number).
#pragma once

#include "seal/rice_code.h"

namespace probatio::seal {

inline constexpr std::size_t kPrefixSymbolsMax = 4096;
inline constexpr unsigned kPrefixBitsMax = 16;

// Makes and writes a code. Keeps its scratch: one object serves one thread, block after block.
class PrefixEncoder {
 public:
  // Symbol s occurs counts[s] times, once at least; all together kPrefixSymbolsMax times at most (CHECK).
  void Build(std::span<const std::uint32_t> counts);
  // Form u8, and where it is not flat the lengths. A code over one symbol is nothing at all.
  void WriteTable(ByteWriter* out) const;

  void Put(std::size_t symbol, BitWriter* out) const {
    const Code code = codes_[symbol];
    out->Put(code.bits, code.length);
  }

 private:
  struct Code {
    std::uint16_t bits = 0;  // first bit lowest
    std::uint16_t length = 0;
  };
  void Lengths(std::span<const std::uint32_t> counts);
  bool TakeTheShorter(std::span<const std::uint32_t> counts);  // true: flat

  bool flat_ = true;
  std::vector<std::uint8_t> lengths_;
  std::vector<std::uint32_t> steps_;  // the lengths as the table writes them
  std::vector<Code> codes_;
  std::vector<std::uint32_t> sorted_;  // count << 16 | symbol
  std::vector<std::uint32_t> tree_;
};

// The lengths of a code that PrefixEncoder wrote. Refuses lengths that are no complete code. Apart from the
// decoder, whose tables a block that has nothing of what is sought need not build.
Result<std::vector<std::uint8_t>> ReadPrefixLengths(ByteReader* in, Bytes all, std::size_t symbols);

class PrefixDecoder {
 public:
  // Lengths that ReadPrefixLengths gave.
  explicit PrefixDecoder(const std::vector<std::uint8_t>& lengths);

  std::uint16_t Take(BitReader* in) const {
    const std::uint64_t bits = in->Peek();
    const Entry entry = fast_[bits & LowBits(fast_bits_)];
    if (entry.length == 0) [[unlikely]]
      return TakeLong(bits, in);
    in->Skip(entry.length & 0xFU);
    return entry.symbol;
  }

 private:
  struct Entry {
    std::uint16_t symbol = 0;
    std::uint16_t length =
        0;  // 0x10 is added, so that a code of no bits is an entry; 0: longer than fast_bits_
  };
  std::uint16_t TakeLong(std::uint64_t bits, BitReader* in) const;

  unsigned fast_bits_ = 0;
  std::vector<Entry> fast_;
  std::vector<std::uint16_t> symbols_;  // by length, then number
  std::array<std::uint16_t, kPrefixBitsMax + 2> of_length_{};
};

}  // namespace probatio::seal
