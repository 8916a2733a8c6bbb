// Bytes in and out: views, owned buffers, fixed-width big-endian numbers, hexadecimal and Base64.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace probatio {

using Bytes = std::span<const std::uint8_t>;  // a view; never owns
using Buffer = std::vector<std::uint8_t>;     // owned bytes

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Buffer ToBuffer(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

// Unchecked reads of network-order numbers: the caller has checked the size (CHECKed here all the same).
std::uint16_t Be16(Bytes bytes);
std::uint32_t Be32(Bytes bytes);
std::uint64_t Be64(Bytes bytes);

std::string ToHex(Bytes bytes);                    // lower case
Result<Buffer> FromHex(std::string_view text);     // either case; kInvalid names the offset
std::string ToBase64(Bytes bytes);                 // RFC 4648 section 4, padded
Result<Buffer> FromBase64(std::string_view text);  // canonical only: padding required, no stray bits

// Appends network-order numbers and length-prefixed fields.
class ByteWriter {
 public:
  void U8(std::uint8_t value) { out_.push_back(value); }
  void U16(std::uint16_t value);
  void U32(std::uint32_t value);
  void U64(std::uint64_t value);
  void Raw(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void Field(Bytes bytes);  // u32 length, then the bytes

  const Buffer& bytes() const { return out_; }
  Buffer Take() { return std::move(out_); }

 private:
  Buffer out_;
};

// Reads what ByteWriter wrote. Every read is checked; an error names the offset.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  Result<std::uint8_t> U8();
  Result<std::uint16_t> U16();
  Result<std::uint32_t> U32();
  Result<std::uint64_t> U64();
  Result<Bytes> Raw(std::size_t size);
  Result<Bytes> Field();
  Status End() const;  // kInvalid when bytes remain

  std::size_t offset() const { return offset_; }
  std::size_t remaining() const { return bytes_.size() - offset_; }

 private:
  Bytes bytes_;
  std::size_t offset_ = 0;
};

}  // namespace probatio
