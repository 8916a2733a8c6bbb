#include "base/utf8.h"

#include <fmt/format.h>

#include <cstdint>

namespace probatio {
namespace {

// The length of the well-formed sequence at the front (Unicode 15, table 3-7), or 0.
std::size_t SequenceLength(std::string_view text) {
  const auto at = [&](std::size_t i) -> unsigned { return static_cast<std::uint8_t>(text[i]); };
  const auto tail = [&](std::size_t i) { return i < text.size() && (at(i) & 0xC0U) == 0x80U; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    const bool overlong = first == 0xE0 && at(1) < 0xA0;
    const bool surrogate = first == 0xED && at(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    const bool overlong = first == 0xF0 && at(1) < 0x90;
    const bool beyond = first == 0xF4 && at(1) > 0x8F;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

}  // namespace

Status CheckText(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = SequenceLength(text.substr(i));
    const auto byte = static_cast<std::uint8_t>(text[i]);
    const bool control = (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F;
    if (length == 0) return Invalid(fmt::format("text: not UTF-8 at offset {}", i));
    if (control) return Invalid(fmt::format("text: control character at offset {}", i));
    i += length;
  }
  return Done{};
}

}  // namespace probatio
