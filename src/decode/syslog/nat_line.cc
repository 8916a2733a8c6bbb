#include "decode/syslog/nat_line.h"

#include <fmt/format.h>

#include <charconv>

namespace probatio::decode {
namespace {

using record::NatEventKind;

constexpr std::size_t kProtocolBytesMax = 16;
constexpr std::size_t kHexEpochDigitsMax = 8;  // of seconds until 2106

std::string_view TextOf(const Captures& captures, Capture capture) {
  return captures[static_cast<std::size_t>(capture)];
}

// For messages: what a line holds is never printed.
std::string Shown(Capture capture) {
  switch (capture) {
    case Capture::kInside:
      return "inside address";
    case Capture::kInside6:
      return "inside IPv6 address";
    case Capture::kInsidePort:
      return "inside port";
    case Capture::kPublic:
      return "public address";
    case Capture::kPublicPort:
      return "public port";
    case Capture::kFirst:
      return "first port";
    case Capture::kLast:
      return "last port";
    default:
      return std::string(NameOf(capture));
  }
}

Result<std::optional<IpAddress>> ReadAddress(const Captures& captures, Capture capture) {
  const std::string_view text = TextOf(captures, capture);
  if (text.empty()) return std::optional<IpAddress>();
  const Result<IpAddress> address = IpAddress::Parse(text);
  if (!address.ok()) return Invalid(Shown(capture) + ": not an address");
  return std::optional(address.value());
}

Result<std::optional<std::uint16_t>> ReadPort(const Captures& captures, Capture capture) {
  const std::string_view text = TextOf(captures, capture);
  if (text.empty()) return std::optional<std::uint16_t>();
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size())
    return Invalid(Shown(capture) + ": not a port");
  return std::optional(port);
}

// Vendors write protocols in capitals.
Result<std::optional<std::uint8_t>> ReadProtocol(std::string_view text) {
  if (text.empty()) return std::optional<std::uint8_t>();
  std::array<char, kProtocolBytesMax> lower{};
  if (text.size() > lower.size()) return Invalid("protocol: unknown");
  for (std::size_t i = 0; i < text.size(); ++i) {
    lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
  }
  const Result<std::uint8_t> proto = record::ParseProtocol({lower.data(), text.size()});
  if (!proto.ok()) return Invalid("protocol: unknown");
  return std::optional(proto.value());
}

NatEventKind KindOf(Told told, bool nat64) {
  switch (told) {
    case Told::kNothing:
      break;
    case Told::kSessionBegins:
      return nat64 ? NatEventKind::kNat64SessionCreate : NatEventKind::kNat44SessionCreate;
    case Told::kSessionEnds:
      return nat64 ? NatEventKind::kNat64SessionDelete : NatEventKind::kNat44SessionDelete;
    case Told::kMappingBegins:
      return nat64 ? NatEventKind::kNat64BibCreate : NatEventKind::kNat44BibCreate;
    case Told::kMappingEnds:
      return nat64 ? NatEventKind::kNat64BibDelete : NatEventKind::kNat44BibDelete;
    case Told::kBlockBegins:
      return NatEventKind::kPortBlockAllocate;
    case Told::kBlockEnds:
      return NatEventKind::kPortBlockRelease;
    case Told::kAddressBegins:
      return NatEventKind::kAddressBindingCreate;
    case Told::kAddressEnds:
      return NatEventKind::kAddressBindingDelete;
    case Told::kPortsExhausted:
      return NatEventKind::kPortsExhausted;
  }
  CHECK(false);
  return NatEventKind::kCreate;
}

bool HasPort(Told told) {
  return told == Told::kSessionBegins || told == Told::kSessionEnds || told == Told::kMappingBegins ||
         told == Told::kMappingEnds;
}
bool HasBlock(Told told) {
  return told == Told::kBlockBegins || told == Told::kBlockEnds;
}

// Without these a line names nobody.
Status CheckNamed(Told told, const record::NatEvent& event) {
  if (!event.public_ip.has_value()) return Invalid("no public address");
  if (!event.inside_ip.has_value() && told != Told::kPortsExhausted) return Invalid("no inside address");
  if (HasPort(told) && !event.public_port.has_value()) return Invalid("no public port");
  if (!HasBlock(told)) return Done{};
  if (!event.port_first.has_value() || !event.port_last.has_value()) return Invalid("no first or last port");
  if (*event.port_last < *event.port_first) return Invalid("last port: below the first");
  return Done{};
}

// The number of digits says what is counted: ten count seconds until the year 2286.
Result<Timestamp> ReadEpoch(std::string_view text) {
  std::int64_t unit = kNsPerSecond;
  for (std::size_t digits = 10; digits < text.size(); ++digits) unit /= 10;
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || text.size() < 9 || unit == 0) return Invalid("event time: no count since 1970");
  if (count > INT64_MAX / unit) return Invalid("event time: beyond the year 2261");
  return Timestamp{Instant::FromUnixNs(count * unit), unit, 0, ClockSource::kEvent};
}

Result<Timestamp> ReadHexEpoch(std::string_view text) {
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, 16);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() > kHexEpochDigitsMax) {
    return Invalid("event time: no hexadecimal count of seconds");
  }
  return Timestamp{Instant::FromUnixSeconds(seconds), kNsPerSecond, 0, ClockSource::kEvent};
}

}  // namespace

Result<record::NatEvent> NatEventOf(Told told, const Captures& captures) {
  record::NatEvent event;
  event.inside_ip = TRY(ReadAddress(captures, Capture::kInside));
  // The other end of the tunnel names the subscriber, not the address inside it (RFC 6888, section 4).
  const std::optional<IpAddress> tunnel = TRY(ReadAddress(captures, Capture::kInside6));
  const bool is_tunnelled = tunnel.has_value() && event.inside_ip.has_value();
  if (tunnel.has_value()) event.inside_ip = tunnel;
  event.inside_port = TRY(ReadPort(captures, Capture::kInsidePort));
  event.public_ip = TRY(ReadAddress(captures, Capture::kPublic));
  event.public_port = TRY(ReadPort(captures, Capture::kPublicPort));
  event.port_first = TRY(ReadPort(captures, Capture::kFirst));
  event.port_last = TRY(ReadPort(captures, Capture::kLast));
  event.proto = TRY(ReadProtocol(TextOf(captures, Capture::kProto)));
  const std::string_view realm = TextOf(captures, Capture::kRealm);
  if (!realm.empty()) event.inside_realm = std::string(realm);
  const std::string_view subscriber = TextOf(captures, Capture::kSubscriber);
  if (!subscriber.empty()) event.subscriber = std::string(subscriber);
  TRY(CheckNamed(told, event));
  event.event = KindOf(told, !is_tunnelled && event.inside_ip.has_value() && !event.inside_ip->is_v4());
  return event;
}

bool IsTranslated(const record::NatEvent& event) {
  if (event.is_block() || event.inside_ip != event.public_ip) return true;
  return event.public_port.has_value() && event.inside_port != event.public_port;
}

Result<std::optional<Timestamp>> EventTimeOf(const Captures& captures, const SourceClock& clock,
                                             std::optional<Instant> received) {
  Timestamp stamp;
  if (const std::string_view text = TextOf(captures, Capture::kHexEpoch); !text.empty()) {
    stamp = TRY(ReadHexEpoch(text));
  } else if (const std::string_view count = TextOf(captures, Capture::kEpoch); !count.empty()) {
    stamp = TRY(ReadEpoch(count));
  } else if (const std::string_view civil = TextOf(captures, Capture::kTime); !civil.empty()) {
    const CivilTime time = TRY(ParseCivilTime("%a %b %d %H:%M:%S %Y", civil));
    const Timestamp local = TRY(clock.At(time, ClockSource::kEvent, received));
    return std::optional(local);
  } else {
    return std::optional<Timestamp>();
  }
  const Timestamp corrected = TRY(clock.Corrected(stamp));
  return std::optional(corrected);
}

}  // namespace probatio::decode
