#include "decode/radius/station.h"

#include <algorithm>

#include "base/utf8.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kMacDigits = 12;
constexpr std::size_t kNumberDigitsMax = 15;  // ITU-T E.164

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsSeparator(char c) {
  return c == '-' || c == ':' || c == '.';
}

bool IsNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= kNumberDigitsMax && std::all_of(text.begin(), text.end(), IsDigit);
}

}  // namespace

std::string MacOf(Bytes octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    if (!text.empty()) text += ':';
    text += ToHex(Bytes(&octet, 1));
  }
  return text;
}

std::optional<std::string> MacOf(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (!IsSeparator(c)) digits += c;
  }
  if (digits.size() != kMacDigits) return std::nullopt;
  const Result<Buffer> octets = FromHex(digits);
  if (!octets.ok()) return std::nullopt;
  return MacOf(octets.value());
}

Station ReadStation(std::string_view text) {
  Station station;
  if (text.empty()) return station;
  if (IsNumber(text)) {
    station.number = std::string(text);
    return station;
  }
  station.mac = MacOf(text);
  if (!station.mac.has_value()) station.other = std::string(text);
  return station;
}

std::string TextOf(Bytes octets) {
  const std::string_view text = AsText(octets);
  return CheckText(text).ok() ? std::string(text) : "0x" + ToHex(octets);
}

}  // namespace probatio::decode
