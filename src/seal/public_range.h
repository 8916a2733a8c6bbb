// Which public addresses a segment of NAT events holds, said so coarsely that the ledger may print it: from
// the first address of a /24 (IPv6: /48) to the last of another. A look-up passes over segments that cannot
// hold its address. Pure; thread-safe.
#pragma once

#include <optional>

#include "seal/selector.h"

namespace probatio::seal {

inline constexpr std::size_t kPublicPrefixBitsV4 = 24;
inline constexpr std::size_t kPublicPrefixBitsV6 = 48;

// In the order of IpAddress, where IPv4 stands before IPv6: a segment with both spans everything between.
struct PublicRange {
  IpAddress from;
  IpAddress to;
  bool Contains(const IpAddress& address) const { return from <= address && address <= to; }
  bool operator==(const PublicRange&) const = default;
};

PublicRange RangeAround(const IpAddress& address);  // the /24 or /48 it lies in
PublicRange Join(const PublicRange& a, const PublicRange& b);
// kInvalid when the bounds are not those of prefixes, or upside down.
Status CheckPublicRange(const PublicRange& range);

// The public address that a look-up asks for; nothing for other selectors.
std::optional<IpAddress> PublicAddressOf(const Selector& selector);

}  // namespace probatio::seal
