#include "decode/ipfix/nat_event.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "decode/ipfix/event_time.h"

namespace probatio::decode {
namespace {

constexpr std::uint64_t kPortMax = 65'535;

Result<record::NatEventKind> ReadKind(const NatFields& fields) {
  const std::uint64_t value = fields.Unsigned(NatElement::kNatEvent).value_or(0);
  const auto kind = static_cast<record::NatEventKind>(value);
  if (record::ToText(kind) == "unknown") return Invalid(fmt::format("natEvent {}: no mapping event", value));
  return kind;
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

}  // namespace

Result<record::NatEvent> ReadNatEvent(const NatFields& fields, Instant export_time) {
  record::NatEvent event;
  event.event = TRY(ReadKind(fields));
  event.origin.at = TRY(EventTime(fields, record::NatureOf(event.event), export_time));
  event.proto = Narrow<std::uint8_t>(fields.Unsigned(NatElement::kProtocol));
  event.inside_ip = EitherFamily(fields, NatElement::kInsideIpv4, NatElement::kInsideIpv6);
  event.inside_port = Narrow<std::uint16_t>(fields.Unsigned(NatElement::kInsidePort));
  event.inside_realm = Realm(fields);
  event.public_ip = EitherFamily(fields, NatElement::kPublicIpv4, NatElement::kPublicIpv6);
  event.public_port = Narrow<std::uint16_t>(fields.Unsigned(NatElement::kPublicPort));
  event.subscriber = Text(fields, NatElement::kSubscriber);
  TRY(ReadPorts(fields, &event));
  return event;
}

}  // namespace probatio::decode
