// A block of addresses that share their first bits: 2001:db8::/32, 192.0.2.0/24. The bits after the length
// are zero, so that equal blocks are equal values.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/ip_address.h"

namespace probatio {

class IpPrefix {
 public:
  IpPrefix() = default;  // 0.0.0.0/0
  // kInvalid for a length beyond the address's bits, or bits set after it.
  static Result<IpPrefix> Make(const IpAddress& address, unsigned length);
  // The block of this length that holds the address. CHECKs the length.
  static IpPrefix Holding(const IpAddress& address, unsigned length);
  static Result<IpPrefix> Parse(
      std::string_view text);  // address "/" length in decimal, without leading zeros
  // The same, or an address alone, which is the block of itself.
  static Result<IpPrefix> ParseOrAddress(std::string_view text);

  const IpAddress& address() const { return address_; }
  unsigned length() const { return length_; }
  unsigned bits() const { return address_.is_v4() ? 32 : 128; }
  bool Contains(const IpAddress& address) const;
  IpAddress Last() const;
  std::string ToText() const;

  auto operator<=>(const IpPrefix&) const = default;

 private:
  IpPrefix(const IpAddress& address, unsigned length)
      : address_(address), length_(static_cast<std::uint8_t>(length)) {}

  IpAddress address_;
  std::uint8_t length_ = 0;
};

}  // namespace probatio
