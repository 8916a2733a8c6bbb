// An IPv4 or IPv6 address. Values compare by family, then by octets in network order.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace probatio {

class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0
  static IpAddress V4(std::uint32_t host_order);
  static IpAddress V6(const std::array<std::uint8_t, 16>& octets);
  static Result<IpAddress> FromOctets(Bytes octets);      // 4 or 16 octets
  static Result<IpAddress> Parse(std::string_view text);  // dotted quad, or RFC 4291 text; no zone, no port

  bool is_v4() const { return size_ == 4; }
  Bytes octets() const { return {octets_.data(), size_}; }
  std::uint32_t v4() const;    // host order; only for is_v4()
  std::string ToText() const;  // RFC 5952 for IPv6

  auto operator<=>(const IpAddress&) const = default;

 private:
  std::uint8_t size_ = 4;
  std::array<std::uint8_t, 16> octets_{};
};

}  // namespace probatio
