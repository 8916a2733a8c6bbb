#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace probatio {

IpAddress IpAddress::V4(std::uint32_t host_order) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i)
    address.octets_[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return address;
}

IpAddress IpAddress::V6(const std::array<std::uint8_t, 16>& octets) {
  IpAddress address;
  address.size_ = 16;
  address.octets_ = octets;
  return address;
}

Result<IpAddress> IpAddress::FromOctets(Bytes octets) {
  if (octets.size() != 4 && octets.size() != 16) return Invalid("ip address: neither 4 nor 16 octets");
  IpAddress address;
  address.size_ = static_cast<std::uint8_t>(octets.size());
  std::copy(octets.begin(), octets.end(), address.octets_.begin());
  return address;
}

Result<IpAddress> IpAddress::Parse(std::string_view text) {
  const std::string terminated(text);
  IpAddress address;
  if (terminated.size() != text.size() || terminated.find('\0') != std::string::npos) {
    return Invalid("ip address: not an address");
  }
  if (inet_pton(AF_INET, terminated.c_str(), address.octets_.data()) == 1) return address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.octets_.data()) == 1) {
    address.size_ = 16;
    return address;
  }
  return Invalid("ip address: not an address");
}

std::uint32_t IpAddress::v4() const {
  CHECK(is_v4());
  return Be32(octets());
}

std::string IpAddress::ToText() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* written = inet_ntop(is_v4() ? AF_INET : AF_INET6, octets_.data(), text.data(), text.size());
  CHECK(written != nullptr);
  return written;
}

}  // namespace probatio
