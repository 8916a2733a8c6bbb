// What a Calling-Station-Id is: a MAC address, a telephone number, or a name of the line. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace probatio::decode {

struct Station {
  std::optional<std::string> mac;     // "02:00:5e:10:00:01"
  std::optional<std::string> number;  // digits, perhaps after a '+'
  std::optional<std::string> other;
};

// Twelve digits without separators are a number: only a letter or separators make them a MAC.
Station ReadStation(std::string_view text);

// A hardware address in any of the usual ways of writing it, as lower-case pairs with colons; nothing where
// it is none of six octets.
std::optional<std::string> MacOf(std::string_view text);
std::string MacOf(Bytes octets);

// Octets as the text that they are, or as "0x" and hexadecimal digits where they are none that can be kept.
std::string TextOf(Bytes octets);

}  // namespace probatio::decode
