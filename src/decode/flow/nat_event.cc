#include "decode/flow/nat_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace probatio::decode {
namespace {

constexpr std::uint64_t kPortMax = 65'535;

constexpr std::uint64_t kNatEventMax = 18;  // threshold reached, the last one of RFC 8158, section 4.3

Result<record::NatEventKind> ReadKind(std::uint64_t value) {
  if (value == 0 || value > kNatEventMax) return Invalid(fmt::format("natEvent {}: no mapping event", value));
  return static_cast<record::NatEventKind>(value);
}

template <class Number>
std::optional<Number> Narrow(std::optional<std::uint64_t> value) {
  if (!value.has_value()) return std::nullopt;
  return static_cast<Number>(*value);  // NatFields has checked the octets against the element's width
}

bool IsZero(const IpAddress& address) {
  const Bytes octets = address.octets();
  return std::all_of(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet == 0; });
}

// One template may serve both families and leave the other one zero. Where both are set the packet came
// through a DS-Lite tunnel, and its IPv6 end names the subscriber (RFC 6888, section 4).
std::optional<IpAddress> EitherFamily(const NatFields& fields, NatElement v4, NatElement v6) {
  const std::optional<IpAddress> four = fields.Address(v4);
  const std::optional<IpAddress> six = fields.Address(v6);
  if (six.has_value() && (!four.has_value() || !IsZero(*six))) return six;
  return four;
}

// Text of an octet string: without the zero octets that fill a fixed length; in hexadecimal where it is no
// text.
std::optional<std::string> Text(const NatFields& fields, NatElement element) {
  std::optional<Bytes> value = fields.Find(element);
  if (!value.has_value()) return std::nullopt;
  while (!value->empty() && value->back() == 0) value = value->first(value->size() - 1);
  if (value->empty()) return std::nullopt;
  return CheckText(AsText(*value)).ok() ? std::string(AsText(*value)) : ToHex(*value);
}

std::optional<std::string> Realm(const NatFields& fields) {
  std::optional<std::string> named = Text(fields, NatElement::kRealm);
  if (named.has_value()) return named;
  const std::optional<std::uint64_t> vrf = fields.Unsigned(NatElement::kVrf);
  return vrf.has_value() ? std::optional(std::to_string(*vrf)) : std::nullopt;
}

bool IsBlockEvent(record::NatEventKind kind) {
  return kind == record::NatEventKind::kPortBlockAllocate || kind == record::NatEventKind::kPortBlockRelease;
}

// The last port: 362, else start + (364 - 1) × 363. Real exporters send the second form although RFC 8158,
// section 4.6.11 asks for the first.
Result<std::uint64_t> LastPort(std::uint64_t first, std::uint64_t end, std::uint64_t step,
                               std::uint64_t count) {
  if (end == 0 && count == 0) return Invalid("port block: neither portRangeEnd nor portRangeNumPorts");
  const std::uint64_t last = end != 0 ? end : first + (count - 1) * step;
  if (last < first) return Invalid("port block: portRangeEnd below portRangeStart");
  if (last > kPortMax) return Invalid("port block: ends above port 65535");
  return last;
}

Status ReadPorts(const NatFields& fields, record::NatEvent* event) {
  const std::optional<std::uint64_t> first = fields.Unsigned(NatElement::kPortFirst);
  const std::uint64_t end = fields.Unsigned(NatElement::kPortLast).value_or(0);
  const std::uint64_t step = std::max<std::uint64_t>(1, fields.Unsigned(NatElement::kPortStep).value_or(1));
  const std::uint64_t count = fields.Unsigned(NatElement::kPortCount).value_or(0);
  const bool said = first.value_or(0) != 0 || end != 0 || count != 0;
  // A template common to all events leaves the range zero where there is no block.
  if (!said && !IsBlockEvent(event->event)) return Done{};
  if (!first.has_value()) return Invalid("port block: no portRangeStart");
  const std::uint64_t last = TRY(LastPort(*first, end, step, count));
  event->port_first = static_cast<std::uint16_t>(*first);
  event->port_last = static_cast<std::uint16_t>(last);
  if (step > 1) event->port_step = static_cast<std::uint16_t>(step);
  return Done{};
}

// One end of a translation: an address, and a port where it is said.
struct Endpoint {
  std::optional<IpAddress> ip;
  std::optional<std::uint16_t> port;
  bool operator==(const Endpoint&) const = default;
};

Endpoint ReadEndpoint(const NatFields& fields, NatElement v4, NatElement v6, NatElement port) {
  return {EitherFamily(fields, v4, v6), Narrow<std::uint16_t>(fields.Unsigned(port))};
}

// The four endpoints that a translated flow has.
struct Translation {
  Endpoint source;
  Endpoint post_source;
  Endpoint destination;
  Endpoint post_destination;
};

Translation ReadTranslation(const NatFields& fields) {
  return {ReadEndpoint(fields, NatElement::kInsideIpv4, NatElement::kInsideIpv6, NatElement::kInsidePort),
          ReadEndpoint(fields, NatElement::kPublicIpv4, NatElement::kPublicIpv6, NatElement::kPublicPort),
          ReadEndpoint(fields, NatElement::kDestinationIpv4, NatElement::kDestinationIpv6,
                       NatElement::kDestinationPort),
          ReadEndpoint(fields, NatElement::kPostDestinationIpv4, NatElement::kPostDestinationIpv6,
                       NatElement::kPostDestinationPort)};
}

// Exporters fill the translated side with zero, or with the original, where nothing was translated.
bool IsTranslated(const Endpoint& original, const Endpoint& translated) {
  if (!original.ip.has_value() || !translated.ip.has_value() || IsZero(*translated.ip)) return false;
  if (*original.ip != *translated.ip) return true;
  return translated.port.value_or(0) != 0 && original.port != translated.port;
}

struct Sides {
  Endpoint inside;
  Endpoint outside;  // with the public address
};

// From inside to outside the source is translated; where the flow came in from outside, or is the way back,
// the destination is: then the public tuple is the destination as it was before.
std::optional<Sides> SidesOf(const Translation& translation) {
  const bool source = IsTranslated(translation.source, translation.post_source);
  const bool destination = IsTranslated(translation.destination, translation.post_destination);
  if (source && (translation.post_source.port.has_value() || !destination))
    return Sides{translation.source, translation.post_source};
  if (destination) return Sides{translation.post_destination, translation.destination};
  return std::nullopt;
}

record::NatEvent EventOf(const Sides& sides, const NatFields& fields) {
  record::NatEvent event;
  event.proto = Narrow<std::uint8_t>(fields.Unsigned(NatElement::kProtocol));
  event.inside_ip = sides.inside.ip;
  event.inside_port = sides.inside.port;
  event.inside_realm = Realm(fields);
  event.public_ip = sides.outside.ip;
  event.public_port = sides.outside.port;
  event.subscriber = Text(fields, NatElement::kSubscriber);
  return event;
}

// Protocols whose ports are ports: flow meters put ICMP's type and code there.
bool HasPorts(std::optional<std::uint8_t> proto) {
  constexpr std::array<std::uint8_t, 5> kWithPorts{6, 17, 33, 132, 136};
  return proto.has_value() && std::find(kWithPorts.begin(), kWithPorts.end(), *proto) != kWithPorts.end();
}

// A session without its public port would stand for every port of the address and accuse its holder of all of
// them. The historic events 1 and 2 may be bindings of a whole address: they are sessions where they name an
// inside port.
Status CheckSessionPort(const record::NatEvent& event) {
  using Kind = record::NatEventKind;
  const bool historic = event.event == Kind::kCreate || event.event == Kind::kDelete;
  const bool session = event.event == Kind::kNat44SessionCreate || event.event == Kind::kNat44SessionDelete ||
                       event.event == Kind::kNat64SessionCreate || event.event == Kind::kNat64SessionDelete ||
                       (historic && event.inside_port.value_or(0) != 0);
  const bool needs_port = !event.proto.has_value() || HasPorts(event.proto);
  if (session && needs_port && event.public_ip.has_value() && !event.public_port.has_value() &&
      !event.is_block())
    return Invalid("session without postNAPTSourceTransportPort");
  return Done{};
}

// The source is the inside, whatever is translated to what; but for a session that began outside (element
// 229).
Result<NatReading> ReadEvent(std::uint64_t value, const NatFields& fields, const ExporterClock& clock) {
  constexpr std::uint64_t kBeganOutside = 2;
  const record::NatEventKind kind = TRY(ReadKind(value));
  const Translation translation = ReadTranslation(fields);
  const bool outside = fields.Unsigned(NatElement::kOriginatingRealm) == kBeganOutside &&
                       IsTranslated(translation.destination, translation.post_destination);
  record::NatEvent event = EventOf(outside ? Sides{translation.post_destination, translation.destination}
                                           : Sides{translation.source, translation.post_source},
                                   fields);
  event.event = kind;
  event.origin.at = TRY(EventTime(fields, record::NatureOf(kind), clock));
  TRY(ReadPorts(fields, &event));
  TRY(CheckSessionPort(event));
  return NatReading(std::move(event));
}

// firewallEvent (233): 1 created, 2 deleted; 3 denied, 4 alert, 5 update begin and end nothing.
Result<NatReading> ReadFirewallEvent(const NatFields& fields, const ExporterClock& clock) {
  const std::uint64_t value = fields.Unsigned(NatElement::kFirewallEvent).value_or(0);
  if (value != 1 && value != 2) return NatReading(NoEvent::kFirewallOther);
  const std::optional<Sides> sides = SidesOf(ReadTranslation(fields));
  if (!sides.has_value()) return NatReading(NoEvent::kNotTranslated);
  record::NatEvent event = EventOf(*sides, fields);
  event.event = value == 1 ? record::NatEventKind::kCreate : record::NatEventKind::kDelete;
  event.origin.at = TRY(EventTime(fields, record::NatureOf(event.event), clock));
  return NatReading(std::move(event));
}

// A flow meter saw packets of this flow translated from its begin to its end.
Result<NatReading> ReadFlow(const NatFields& fields, const ExporterClock& clock) {
  const std::optional<Sides> sides = SidesOf(ReadTranslation(fields));
  if (!sides.has_value()) return NatReading(NoEvent::kNotTranslated);
  record::NatEvent event = EventOf(*sides, fields);
  if (!HasPorts(event.proto) || event.public_port.value_or(0) == 0) return NatReading(NoEvent::kNoPublicPort);
  const std::optional<Timestamp> begin = TRY(FlowStart(fields, clock));
  const std::optional<Timestamp> end = TRY(FlowEnd(fields, clock));
  if (!begin.has_value() || !end.has_value()) return NatReading(NoEvent::kNoTime);
  event.event = record::NatEventKind::kTranslatedFlow;
  event.origin.at = *begin;
  event.end_at = end->at;
  return NatReading(std::move(event));
}

}  // namespace

Result<NatReading> ReadNatEvent(const NatFields& fields, const ExporterClock& clock) {
  const std::optional<std::uint64_t> nat_event = fields.Unsigned(NatElement::kNatEvent);
  const bool firewall = fields.Find(NatElement::kFirewallEvent).has_value();
  // A template may hold both elements and set one.
  if (nat_event.has_value() && (*nat_event != 0 || !firewall)) return ReadEvent(*nat_event, fields, clock);
  return firewall ? ReadFirewallEvent(fields, clock) : ReadFlow(fields, clock);
}

}  // namespace probatio::decode
