// Text from outside, made safe to read on paper: what is invisible or turns the direction shows as U+FFFD.
#include "report/canvas.h"

namespace probatio::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// The character at the front of `text` in `size` octets; 0 when it is not UTF-8. Overlong forms and
// surrogates end up in pango's own replacement; here only the shape matters.
char32_t CharacterAt(std::string_view text, std::size_t size) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (size == 0 || size > text.size()) return 0;
  if (size == 1) return octet(0);
  char32_t value = octet(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xC0U) != 0x80U) return 0;
    value = value << 6U | (octet(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  return overlong || surrogate || value > 0x10FFFF ? 0 : value;
}

// U+200C and U+200D stay: names in some scripts need them.
bool Deceives(char32_t value) {
  return value == 0x200B || value == 0x200E || value == 0x200F || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2060 && value <= 0x206F) || value == 0x061C || value == 0xFEFF || value == 0x00AD;
}

bool Breaks(char32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x2028 || value == 0x2029;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = SequenceLength(static_cast<unsigned char>(text[0]));
    const char32_t value = CharacterAt(text, size);
    if (value == 0 && text[0] != '\0') {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    if (Breaks(value)) {
      out += ' ';
    } else if (Deceives(value)) {
      out += kReplacement;
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace probatio::report
