#include "collect/exporters.h"

#include <fmt/format.h>

#include <charconv>

namespace probatio::collect {
namespace {

unsigned BitsOf(const IpAddress& ip) {
  return ip.is_v4() ? 32 : 128;
}

bool SameBits(const IpAddress& one, const IpAddress& other, unsigned bits) {
  const Bytes a = one.octets();
  const Bytes b = other.octets();
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  return ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool IsNetworkAddress(const Network& network) {
  const Bytes octets = network.address.octets();
  for (unsigned bit = network.prefix; bit < BitsOf(network.address); ++bit) {
    if ((octets[bit / 8] & (0x80U >> (bit % 8))) != 0) return false;
  }
  return true;
}

bool Overlap(const Network& one, const Network& other) {
  return one.Contains(other.address) || other.Contains(one.address);
}

Status CheckApart(const Exporter& one, const Exporter& other) {
  for (const Network& a : one.from) {
    for (const Network& b : other.from) {
      if (Overlap(a, b)) {
        return Invalid(
            fmt::format("exporters '{}' and '{}' share addresses: whose settings count could not be told",
                        one.name, other.name));
      }
    }
  }
  return Done{};
}

}  // namespace

bool Network::Contains(const IpAddress& ip) const {
  return ip.is_v4() == address.is_v4() && SameBits(ip, address, prefix);
}

Result<Network> ParseNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  Network network;
  network.address = TRY(IpAddress::Parse(text.substr(0, slash)));
  network.prefix = BitsOf(network.address);
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.prefix);
  const bool number = !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
  if (!number || network.prefix > BitsOf(network.address))
    return Invalid(fmt::format("prefix length not within 0 to {}", BitsOf(network.address)));
  if (!IsNetworkAddress(network)) return Invalid("bits are set beyond the prefix");
  return network;
}

Result<Exporters> Exporters::Make(std::vector<Exporter> exporters) {
  if (exporters.size() > kExportersMax) return Invalid(fmt::format("more than {} exporters", kExportersMax));
  for (std::size_t i = 0; i < exporters.size(); ++i) {
    if (exporters[i].from.empty())
      return Invalid(fmt::format("exporter '{}': no address", exporters[i].name));
    for (std::size_t k = 0; k < i; ++k) TRY(CheckApart(exporters[k], exporters[i]));
  }
  Exporters made;
  made.exporters_ = std::move(exporters);
  return made;
}

const Exporter* Exporters::Find(const IpAddress& ip) const {
  for (const Exporter& exporter : exporters_) {
    for (const Network& network : exporter.from) {
      if (network.Contains(ip)) return &exporter;
    }
  }
  return nullptr;
}

}  // namespace probatio::collect
