#include "base/ip_prefix.h"

#include <fmt/format.h>

#include <charconv>

namespace probatio {
namespace {

// The address with its bits from `length` on all zero, or all one.
IpAddress WithTail(const IpAddress& address, unsigned length, bool ones) {
  Buffer octets = ToBuffer(address.octets());
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const unsigned first_bit = static_cast<unsigned>(i) * 8;
    const unsigned kept = length <= first_bit ? 0 : std::min(8U, length - first_bit);
    const auto tail = static_cast<std::uint8_t>(0xFFU >> kept);
    octets[i] = static_cast<std::uint8_t>(ones ? octets[i] | tail : octets[i] & ~tail);
  }
  return IpAddress::FromOctets(octets).value();
}

unsigned BitsOf(const IpAddress& address) {
  return address.is_v4() ? 32 : 128;
}

}  // namespace

Result<IpPrefix> IpPrefix::Make(const IpAddress& address, unsigned length) {
  if (length > BitsOf(address)) return Invalid(fmt::format("prefix: length {} is too long", length));
  if (WithTail(address, length, false) != address) return Invalid("prefix: bits are set after its length");
  return IpPrefix(address, length);
}

IpPrefix IpPrefix::Holding(const IpAddress& address, unsigned length) {
  CHECK(length <= BitsOf(address));
  return {WithTail(address, length, false), length};
}

Result<IpPrefix> IpPrefix::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return Invalid("prefix: no '/'");
  const IpAddress address = TRY_IN("prefix", IpAddress::Parse(text.substr(0, slash)));
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const bool padded = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc{} || end != digits.data() + digits.size() || padded) {
    return Invalid("prefix: no length after '/'");
  }
  return Make(address, length);
}

Result<IpPrefix> IpPrefix::ParseOrAddress(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return Parse(text);
  const IpAddress address = TRY(IpAddress::Parse(text));
  return Holding(address, address.is_v4() ? 32 : 128);
}

bool IpPrefix::Contains(const IpAddress& address) const {
  return address.is_v4() == address_.is_v4() && WithTail(address, length_, false) == address_;
}

IpAddress IpPrefix::Last() const {
  return WithTail(address_, length_, true);
}

std::string IpPrefix::ToText() const {
  return fmt::format("{}/{}", address_.ToText(), static_cast<unsigned>(length_));
}

}  // namespace probatio
