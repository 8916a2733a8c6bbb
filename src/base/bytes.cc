#include "base/bytes.h"

#include <fmt/format.h>

namespace probatio {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

template <class Number>
Number BigEndian(Bytes bytes) {
  CHECK(bytes.size() >= sizeof(Number));
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) value = value << 8 | bytes[i];
  return static_cast<Number>(value);
}

}  // namespace

std::uint16_t Be16(Bytes bytes) {
  return BigEndian<std::uint16_t>(bytes);
}
std::uint32_t Be32(Bytes bytes) {
  return BigEndian<std::uint32_t>(bytes);
}
std::uint64_t Be64(Bytes bytes) {
  return BigEndian<std::uint64_t>(bytes);
}

std::string ToHex(Bytes bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

Result<Buffer> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return Invalid("hexadecimal: odd number of digits");
  Buffer bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexValue(text[i]);
    const int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) return Invalid(fmt::format("hexadecimal: no digit at offset {}", i));
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string ToBase64(Bytes bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(k <= left ? kBase64Digits[group >> (18 - 6 * k) & 63] : '=');
    }
  }
  return text;
}

Result<Buffer> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return Invalid("base64: length is not a multiple of four");
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  Buffer bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pad = i >= text.size() - padding;
    const std::size_t digit = pad ? 0 : kBase64Digits.find(text[i]);
    if (digit == std::string_view::npos) return Invalid(fmt::format("base64: no digit at offset {}", i));
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (int shift = 16; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(group >> shift));
    group = 0;
  }
  for (std::size_t i = 0; i < padding; ++i) {
    if (bytes.back() != 0) return Invalid("base64: stray bits before the padding");
    bytes.pop_back();
  }
  return bytes;
}

void ByteWriter::U16(std::uint16_t value) {
  U8(static_cast<std::uint8_t>(value >> 8));
  U8(static_cast<std::uint8_t>(value));
}

void ByteWriter::U32(std::uint32_t value) {
  U16(static_cast<std::uint16_t>(value >> 16));
  U16(static_cast<std::uint16_t>(value));
}

void ByteWriter::U64(std::uint64_t value) {
  U32(static_cast<std::uint32_t>(value >> 32));
  U32(static_cast<std::uint32_t>(value));
}

void ByteWriter::Field(Bytes bytes) {
  CHECK(bytes.size() <= UINT32_MAX);
  U32(static_cast<std::uint32_t>(bytes.size()));
  Raw(bytes);
}

Result<Bytes> ByteReader::Raw(std::size_t size) {
  if (size > remaining()) return Invalid(fmt::format("truncated at offset {}", offset_));
  const Bytes taken = bytes_.subspan(offset_, size);
  offset_ += size;
  return taken;
}

Result<std::uint8_t> ByteReader::U8() {
  const Bytes raw = TRY(Raw(1));
  return raw[0];
}

Result<std::uint16_t> ByteReader::U16() {
  const Bytes raw = TRY(Raw(2));
  return Be16(raw);
}

Result<std::uint32_t> ByteReader::U32() {
  const Bytes raw = TRY(Raw(4));
  return Be32(raw);
}

Result<std::uint64_t> ByteReader::U64() {
  const Bytes raw = TRY(Raw(8));
  return Be64(raw);
}

Result<Bytes> ByteReader::Field() {
  const std::uint32_t size = TRY(U32());
  return Raw(size);
}

Status ByteReader::End() const {
  if (remaining() != 0) return Invalid(fmt::format("{} bytes too many at offset {}", remaining(), offset_));
  return Done{};
}

}  // namespace probatio
