// Numbers of any width packed into octets, low bit first: the first bit written is the lowest bit of the
// first octet (docs/formats/block.md, layout 2). Pure; values, not shared between threads.
#pragma once

#include <bit>
#include <cstring>

#include "base/bytes.h"

namespace probatio::seal {

inline constexpr unsigned kPutBitsMax = 56;  // one Put or Take; with 7 bits of a begun octet it fits 64

inline std::uint64_t LowBits(unsigned width) {
  return (std::uint64_t{1} << width) - 1;
}

// Appends to a buffer. It declares beforehand how many bits will come at most, so that no single write need
// look at the space left.
class BitWriter {
 public:
  BitWriter(Buffer* out, std::size_t bits_max) : out_(out), begin_(out->size()), bits_max_(bits_max) {
    out->resize(begin_ + bits_max / 8 + sizeof(waiting_) + 1);
    at_ = out->data() + begin_;
  }

  // width <= kPutBitsMax, and value < 2^width.
  void Put(std::uint64_t value, unsigned width) {
    waiting_ |= value << count_;
    count_ += width;
    const std::uint64_t octets = LittleEndian(waiting_);
    std::memcpy(at_, &octets, sizeof(octets));
    at_ += count_ / 8;
    waiting_ >>= count_ & ~7U;
    count_ &= 7U;
  }
  // width <= 64.
  void PutWide(std::uint64_t value, unsigned width) {
    if (width <= kPutBitsMax) return Put(value, width);
    Put(value & LowBits(32), 32);
    Put(value >> 32, width - 32);
  }
  void PutUpTo(std::uint64_t value, std::uint64_t max);

  // Fills the last octet with zeros and gives the number of octets written. Nothing may follow.
  std::size_t Finish() {
    const std::size_t size = static_cast<std::size_t>(at_ - out_->data()) - begin_ + (count_ > 0 ? 1 : 0);
    CHECK(size <= bits_max_ / 8 + 1);
    out_->resize(begin_ + size);
    return size;
  }

  static std::uint64_t LittleEndian(std::uint64_t value) {
    if constexpr (std::endian::native == std::endian::big) return __builtin_bswap64(value);
    return value;
  }

 private:
  Buffer* out_;
  std::size_t begin_;
  std::size_t bits_max_;
  std::uint8_t* at_ = nullptr;
  std::uint64_t waiting_ = 0;
  unsigned count_ = 0;  // bits waiting, below 8
};

// Reads what BitWriter wrote. Past the end it yields zeros, and the caller asks once, after a whole column,
// whether that happened: End().
class BitReader {
 public:
  BitReader() = default;
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t Peek() const {  // at least 57 bits
    const std::size_t octet = position_ / 8;
    std::uint64_t value = 0;
    if (octet + sizeof(value) <= bytes_.size()) [[likely]] {
      std::memcpy(&value, bytes_.data() + octet, sizeof(value));
    } else if (octet < bytes_.size()) {
      std::memcpy(&value, bytes_.data() + octet, bytes_.size() - octet);
    }
    return BitWriter::LittleEndian(value) >> (position_ & 7U);
  }
  void Skip(std::size_t bits) { position_ += bits; }
  void Seek(std::size_t position) { position_ = position; }

  std::uint64_t Take(unsigned width) {
    const std::uint64_t value = Peek() & LowBits(width);
    position_ += width;
    return value;
  }
  std::uint64_t TakeWide(unsigned width) {
    if (width <= kPutBitsMax) return Take(width);
    const std::uint64_t low = Take(32);
    return low | Take(width - 32) << 32;
  }
  std::uint64_t TakeUpTo(std::uint64_t max);

  std::size_t position() const { return position_; }          // in bits
  std::size_t octets() const { return (position_ + 7) / 8; }  // begun so far
  // kInvalid when more was read than there is, octets are left over, or the unused bits are not zero.
  Status End() const;

 private:
  Bytes bytes_;
  std::size_t position_ = 0;  // in bits
};

// A number from 0 to max in as few bits as that allows: where max + 1 is not a power of two, the smallest
// numbers take one bit less (truncated binary). From 2^55 up the width is simply that of max.
struct UpTo {
  explicit UpTo(std::uint64_t max) {
    const std::uint64_t numbers = max + 1;
    width = static_cast<unsigned>(std::bit_width(numbers)) - 1;
    short_ones = (std::uint64_t{2} << width) - numbers;
  }
  static bool IsWide(std::uint64_t max) { return max >> (kPutBitsMax - 1) != 0; }
  unsigned width;            // of the short ones
  std::uint64_t short_ones;  // numbers below this take `width` bits, the others one more
};

inline void BitWriter::PutUpTo(std::uint64_t value, std::uint64_t max) {
  if (UpTo::IsWide(max)) return PutWide(value, static_cast<unsigned>(std::bit_width(max)));
  const UpTo code(max);
  if (value < code.short_ones) return Put(value, code.width);
  const std::uint64_t shifted = value + code.short_ones;
  Put(shifted >> 1 | (shifted & 1) << code.width, code.width + 1);
}

inline std::uint64_t BitReader::TakeUpTo(std::uint64_t max) {
  if (UpTo::IsWide(max)) return TakeWide(static_cast<unsigned>(std::bit_width(max)));
  const UpTo code(max);
  const std::uint64_t bits = Peek();
  const std::uint64_t low = bits & LowBits(code.width);
  // Which of the two it is nobody can foretell, so no branch tries.
  const unsigned is_long = low >= code.short_ones ? 1 : 0;
  position_ += code.width + is_long;
  return (low << is_long | (bits >> code.width & is_long)) - code.short_ones * is_long;
}

}  // namespace probatio::seal
