#include "net/endpoint.h"

#include <fmt/format.h>

#include <charconv>

namespace probatio::net {
namespace {

Result<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return Invalid("no port between 0 and 65535 after the address");
  return port;
}

}  // namespace

std::string Endpoint::ToText() const {
  return ip.is_v4() ? fmt::format("{}:{}", ip.ToText(), port) : fmt::format("[{}]:{}", ip.ToText(), port);
}

Result<Endpoint> ParseEndpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Invalid("no port: ADDRESS:PORT is needed");
  std::string_view address = text.substr(0, colon);
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  const IpAddress ip = TRY(IpAddress::Parse(address));
  if (ip.is_v4() == bracketed) return Invalid("an IPv6 address stands in brackets: [ADDRESS]:PORT");
  const std::uint16_t port = TRY(ParsePort(text.substr(colon + 1)));
  return Endpoint{ip, port};
}

}  // namespace probatio::net
