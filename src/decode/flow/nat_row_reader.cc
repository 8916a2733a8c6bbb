#include "decode/flow/nat_row_reader.h"

#include <algorithm>
#include <cstring>

#include "decode/flow/event_time.h"
#include "record/canonical.h"

namespace probatio::decode {
namespace {

using record::NatEventKind;
using record::NatEventRow;
using record::NatPlace;

constexpr std::uint64_t kNatEventMax = 18;        // RFC 8158, section 4.3
constexpr std::uint64_t kBeganOutside = 2;        // natOriginatingAddressRealm: external
constexpr std::size_t kRecordOctetsMax = 65'535;  // of a template whose offsets fit a Load

std::uint16_t Load16(const std::uint8_t* at) {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}
std::uint32_t Load32(const std::uint8_t* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}
std::uint64_t Load64(const std::uint8_t* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap64(value);
}

bool IsZero16(const std::uint8_t* at) {
  return (Load64(at) | Load64(at + 8)) == 0;
}

IpAddress V6At(const std::uint8_t* at) {
  return IpAddress::FromOctets({at, 16}).value();
}

bool IsBlockEvent(NatEventKind kind) {
  return kind == NatEventKind::kPortBlockAllocate || kind == NatEventKind::kPortBlockRelease;
}

bool IsSessionEvent(NatEventKind kind) {
  switch (kind) {
    case NatEventKind::kCreate:
    case NatEventKind::kDelete:
    case NatEventKind::kNat44SessionCreate:
    case NatEventKind::kNat44SessionDelete:
    case NatEventKind::kNat64SessionCreate:
    case NatEventKind::kNat64SessionDelete:
      return true;
    default:
      return false;
  }
}

bool Fits(const NatElementRow& row, std::uint16_t length) {
  return row.value == NatValue::kUnsigned ? length != 0 && length <= row.length_max
                                          : length == row.length_max;
}

}  // namespace

std::optional<NatRowReader> NatRowReader::Of(const Template& record) {
  NatRowReader reader;
  if (record.options || record.length_min > kRecordOctetsMax || !reader.Place(record)) return std::nullopt;
  const bool usual = reader.At(NatElement::kNatEvent).present() &&
                     !reader.At(NatElement::kFirewallEvent).present() && reader.TimesAreUsual();
  return usual ? std::optional(std::move(reader)) : std::nullopt;
}

// False where the octets of an element are not what its type asks for, or are a text.
bool NatRowReader::Place(const Template& record) {
  std::size_t offset = 0;
  for (const FieldSpecifier& field : record.fields) {
    if (field.length == kVariableLength) return false;
    const NatElementRow* const row = field.enterprise == 0 ? FindNatElement(field.id) : nullptr;
    if (row != nullptr) {
      if (row->value == NatValue::kText || !Fits(*row, field.length)) return false;
      // Where an element stands twice, the first is the outermost (RFC 7011, section 8).
      Load& load = loads_[static_cast<std::size_t>(row->element)];
      if (!load.present())
        load = {static_cast<std::uint16_t>(offset), static_cast<std::uint8_t>(field.length)};
    }
    offset += field.length;
  }
  return true;
}

// observationTimeMilliseconds goes before every other time; without any, the export time counts.
bool NatRowReader::TimesAreUsual() const {
  if (At(NatElement::kObservationMs).present()) return true;
  const auto first = static_cast<std::size_t>(NatElement::kObservationMs);
  return std::none_of(loads_.begin() + first, loads_.end(), [](const Load& load) { return load.present(); });
}

void NatRowReader::Begin(const Origin& origin, record::RecordBatch* out) {
  origin_ = &origin;
  out_ = out;
  if (lists_id_ == out->events.lists_id()) return;
  lists_id_ = out->events.lists_id();
  shapes_.assign(kShapesRemembered, {});
}

bool NatRowReader::Read(const std::uint8_t* record, std::optional<std::uint32_t> sequence) {
  const std::uint64_t event = record[At(NatElement::kNatEvent).offset];
  if (event == 0 || event > kNatEventMax) return false;
  const auto kind = static_cast<NatEventKind>(event);
  const Load began = At(NatElement::kOriginatingRealm);
  if (began.present() && record[began.offset] == kBeganOutside) return false;

  NatEventRow row;
  Ports ports;
  if (!ReadTime(record, &row) || !ReadPorts(record, kind, &ports) || IsWithoutItsPort(kind, ports))
    return false;
  const Load public_port = At(NatElement::kPublicPort);
  row.port = public_port.present() ? static_cast<std::uint16_t>(Unsigned(record, public_port)) : 0;
  if (ports.is_block) {
    // Beside a block the public port stands in the shape.
    if (row.port != 0) return false;
    row.port = ports.first;
  }
  const Load inside_port = At(NatElement::kInsidePort);
  if (inside_port.present()) row.inside_port = static_cast<std::uint16_t>(Unsigned(record, inside_port));
  const Load proto_load = At(NatElement::kProtocol);
  const std::uint8_t proto = proto_load.present() ? record[proto_load.offset] : 0;
  const Load vrf = At(NatElement::kVrf);

  const ShapeKey key{event | std::uint64_t{proto} << 8 | std::uint64_t{ports.span} << 16 |
                         std::uint64_t{ports.step} << 32 | std::uint64_t{ports.is_block} << 48 |
                         std::uint64_t{sequence.has_value()} << 49,
                     vrf.present() ? Unsigned(record, vrf) : 0};
  const std::optional<std::uint16_t> shape = ShapeOf(key, kind, proto, ports, sequence.has_value());
  if (!shape.has_value()) return false;
  row.shape = *shape;
  row.seq = sequence.value_or(0);
  ReadInside(record, &row);
  ReadPublic(record, &row);
  out_->events.rows.push_back(row);
  return true;
}

std::uint64_t NatRowReader::Unsigned(const std::uint8_t* record, Load load) {
  if (load.width == 2) return Load16(record + load.offset);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < load.width; ++i) value = value << 8 | record[load.offset + i];
  return value;
}

bool NatRowReader::ReadTime(const std::uint8_t* record, NatEventRow* row) const {
  const Load load = At(NatElement::kObservationMs);
  if (!load.present()) {
    row->at_ns = origin_->export_time.unix_ns();
    return true;
  }
  const std::uint64_t ms = Load64(record + load.offset);
  if (ms == 0 || ms >= kEventMillisecondsMax) return false;
  row->at_ns = static_cast<std::int64_t>(ms) * kNsPerMs;
  return true;
}

// As nat_event.cc reads them; false where it would refuse.
bool NatRowReader::ReadPorts(const std::uint8_t* record, NatEventKind kind, Ports* ports) const {
  const Load first_load = At(NatElement::kPortFirst);
  const std::uint64_t first = first_load.present() ? Unsigned(record, first_load) : 0;
  const std::uint64_t end = Unsigned(record, At(NatElement::kPortLast));
  const std::uint64_t count = Unsigned(record, At(NatElement::kPortCount));
  if (first == 0 && end == 0 && count == 0 && !IsBlockEvent(kind)) return true;
  if (!first_load.present() || (end == 0 && count == 0)) return false;
  const std::uint64_t step = std::max<std::uint64_t>(1, Unsigned(record, At(NatElement::kPortStep)));
  const std::uint64_t last = end != 0 ? end : first + (count - 1) * step;
  if (last < first || last > UINT16_MAX) return false;
  *ports = {true, static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last - first),
            static_cast<std::uint16_t>(step)};
  return true;
}

// Whether such a session is an event at all is for the general reader.
bool NatRowReader::IsWithoutItsPort(NatEventKind kind, const Ports& ports) const {
  return IsSessionEvent(kind) && !ports.is_block && !At(NatElement::kPublicPort).present();
}

// One template may serve both families and leave the other one zero (nat_event.cc, EitherFamily).
void NatRowReader::ReadInside(const std::uint8_t* record, NatEventRow* row) {
  const Load v4 = At(NatElement::kInsideIpv4);
  const Load v6 = At(NatElement::kInsideIpv6);
  if (v6.present() && (!v4.present() || !IsZero16(record + v6.offset))) {
    row->inside = out_->events.InsideOf({V6At(record + v6.offset), std::nullopt});
    row->inside_is = NatPlace::kListed;
  } else if (v4.present()) {
    row->inside = Load32(record + v4.offset);
    row->inside_is = NatPlace::kV4;
  }
}

void NatRowReader::ReadPublic(const std::uint8_t* record, NatEventRow* row) {
  const Load v4 = At(NatElement::kPublicIpv4);
  const Load v6 = At(NatElement::kPublicIpv6);
  if (v6.present() && (!v4.present() || !IsZero16(record + v6.offset))) {
    row->public_ip = out_->events.AddressOf(V6At(record + v6.offset));
    row->public_is = NatPlace::kListed;
  } else if (v4.present()) {
    row->public_ip = Load32(record + v4.offset);
    row->public_is = NatPlace::kV4;
  }
}

// Nothing when no more shapes fit, or when its records would be refused.
std::optional<std::uint16_t> NatRowReader::ShapeOf(const ShapeKey& key, NatEventKind kind, std::uint8_t proto,
                                                   const Ports& ports, bool has_sequence) {
  const std::uint64_t hash = (key.kind_and_ports ^ key.realm << 20) * 0x9E3779B97F4A7C15ULL;
  Remembered& place = shapes_[hash >> 32 & (kShapesRemembered - 1)];
  if (place.after != 0 && place.key == key) return static_cast<std::uint16_t>(place.after - 1);
  const record::NatEvent shape = MakeShape(key, kind, proto, ports, has_sequence);
  if (!record::CheckRecord(shape).ok()) return std::nullopt;
  const std::optional<std::uint16_t> number = out_->events.ShapeOf(shape);
  if (number.has_value()) place = {key, *number + 1U};
  return number;
}

record::NatEvent NatRowReader::MakeShape(const ShapeKey& key, NatEventKind kind, std::uint8_t proto,
                                         const Ports& ports, bool has_sequence) const {
  record::NatEvent shape;
  const bool observed = At(NatElement::kObservationMs).present();
  shape.origin.at = observed ? Timestamp{Instant(), kNsPerMs, 0, ClockSource::kEvent}
                             : Timestamp{Instant(), kNsPerSecond, 0, ClockSource::kExport};
  shape.origin.exporter = origin_->exporter;
  shape.origin.domain = origin_->domain;
  if (has_sequence) shape.origin.seq = 0;
  shape.event = kind;
  if (At(NatElement::kProtocol).present()) shape.proto = proto;
  if (At(NatElement::kInsidePort).present()) shape.inside_port = 0;
  if (At(NatElement::kVrf).present()) shape.inside_realm = std::to_string(key.realm);
  if (At(NatElement::kPublicPort).present()) shape.public_port = 0;
  if (!ports.is_block) return shape;
  shape.port_first = 0;
  shape.port_last = ports.span;
  if (ports.step > 1) shape.port_step = ports.step;
  return shape;
}

}  // namespace probatio::decode
