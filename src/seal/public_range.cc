#include "seal/public_range.h"

#include <algorithm>

namespace probatio::seal {
namespace {

IpAddress WithHostBits(const IpAddress& address, std::uint8_t octet) {
  const std::size_t bits = address.is_v4() ? kPublicPrefixBitsV4 : kPublicPrefixBitsV6;
  Buffer octets = ToBuffer(address.octets());
  std::fill(octets.begin() + static_cast<std::ptrdiff_t>(bits / 8), octets.end(), octet);
  return IpAddress::FromOctets(octets).value();
}

}  // namespace

PublicRange RangeAround(const IpAddress& address) {
  return {WithHostBits(address, 0), WithHostBits(address, 0xFF)};
}

PublicRange Join(const PublicRange& a, const PublicRange& b) {
  return {std::min(a.from, b.from), std::max(a.to, b.to)};
}

Status CheckPublicRange(const PublicRange& range) {
  const bool bounds = RangeAround(range.from).from == range.from && RangeAround(range.to).to == range.to;
  if (!bounds) return Invalid("public range: its bounds are not those of a /24 or /48");
  if (range.to < range.from) return Invalid("public range: ends before it begins");
  return Done{};
}

std::optional<IpAddress> PublicAddressOf(const Selector& selector) {
  std::size_t size = selector.value.size();
  if (selector.kind == SelectorKind::kPublicTuple) {
    size -= sizeof(std::uint16_t);  // the bucket
  } else if (selector.kind != SelectorKind::kPublicIp) {
    return std::nullopt;
  }
  const Result<IpAddress> address = IpAddress::FromOctets(Bytes(selector.value).first(size));
  CHECK(address.ok());  // made by ForPublicTuple or ForPublicIp, or checked by ParseSelector
  return address.value();
}

}  // namespace probatio::seal
