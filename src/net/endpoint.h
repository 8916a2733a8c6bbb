// Where a socket is: an address and a port. Values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ip_address.h"

namespace probatio::net {

struct Endpoint {
  IpAddress ip;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;

  std::string ToText() const;  // "192.0.2.1:4739", "[2001:db8::1]:4739"
};

// As ToText writes it. kInvalid names what is wrong: no port, no address, an IPv6 address without brackets.
// Host names are refused: what a collector listens on must not depend on a name server.
Result<Endpoint> ParseEndpoint(std::string_view text);

}  // namespace probatio::net
