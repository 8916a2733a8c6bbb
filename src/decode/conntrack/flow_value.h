// The values of a conntrack line: addresses and numbers, refused by name. For the .cc files of this folder.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "base/ip_address.h"

namespace probatio::decode {

template <class Number>
Result<Number> FlowNumber(std::string_view text, const char* what) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return Invalid(std::string(what) + ": no number, or too large");
  }
  return number;
}

inline Result<IpAddress> FlowAddress(std::string_view text, const char* what) {
  const Result<IpAddress> address = IpAddress::Parse(text);
  if (!address.ok()) return Invalid(std::string(what) + ": not an address");
  return address.value();
}

}  // namespace probatio::decode
