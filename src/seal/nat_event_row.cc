#include "seal/nat_event_row.h"

namespace probatio::seal {
namespace {

using record::NatEvent;

constexpr std::size_t kRemembered = 1U << 16;  // insides, and addresses

std::size_t PlaceOf(const IpAddress& address) {
  std::uint64_t hash = 0;
  if (address.is_v4()) {
    hash = address.v4();
  } else {
    for (const std::uint8_t octet : address.octets()) hash = (hash ^ octet) * 0x100000001B3ULL;
  }
  return hash * 0x9E3779B97F4A7C15ULL >> 48;  // as many bits as kRemembered has
}

std::size_t PlaceOf(const NatEvent& event) {
  return event.inside_ip.has_value() ? PlaceOf(*event.inside_ip) : 0;
}

std::uint16_t PortOf(const NatEvent& event) {
  return event.port_first.value_or(event.public_port.value_or(0));
}

std::optional<std::uint16_t> SpanOf(const NatEvent& event) {
  if (!event.port_last.has_value()) return std::nullopt;
  return static_cast<std::uint16_t>(*event.port_last - PortOf(event));
}

// A block that names a public port too.
std::optional<std::uint16_t> OtherPortOf(const NatEvent& event) {
  return event.is_block() ? event.public_port : std::nullopt;
}

bool SameClock(const Timestamp& a, const Timestamp& b) {
  return a.resolution_ns == b.resolution_ns && a.error_ns == b.error_ns && a.source == b.source &&
         a.offset == b.offset;
}

bool Fits(const NatShape& shape, const NatEvent& event) {
  return shape.event == event.event && shape.proto == event.proto &&
         shape.session == event.end_at.has_value() &&
         shape.has_inside_port == event.inside_port.has_value() &&
         shape.has_seq == event.origin.seq.has_value() && shape.has_end_seq == event.end_seq.has_value() &&
         shape.has_port == (event.is_block() || event.public_port.has_value()) &&
         shape.block == event.is_block() && shape.other_port == OtherPortOf(event) &&
         shape.port_span == SpanOf(event) && shape.port_step == event.port_step &&
         shape.proto == event.proto && SameClock(shape.clock, event.origin.at) &&
         shape.exporter == event.origin.exporter && shape.domain == event.origin.domain &&
         shape.inside_realm == event.inside_realm;
}

NatShape ShapeOf(const NatEvent& event) {
  NatShape shape;
  shape.event = event.event;
  shape.session = event.end_at.has_value();
  shape.has_inside_port = event.inside_port.has_value();
  shape.has_seq = event.origin.seq.has_value();
  shape.has_end_seq = event.end_seq.has_value();
  shape.has_port = event.is_block() || event.public_port.has_value();
  shape.block = event.is_block();
  shape.other_port = OtherPortOf(event);
  shape.port_span = SpanOf(event);
  shape.port_step = event.port_step;
  shape.proto = event.proto;
  shape.clock = event.origin.at;
  shape.clock.at = Instant();
  shape.exporter = event.origin.exporter;
  shape.domain = event.origin.domain;
  shape.inside_realm = event.inside_realm;
  return shape;
}

bool Fits(const NatInside& inside, const NatEvent& event) {
  return inside.ip == event.inside_ip && inside.subscriber == event.subscriber;
}

}  // namespace

NatRowMaker::NatRowMaker(NatTables* tables)
    : tables_(tables), insides_(kRemembered), addresses_(kRemembered) {}

std::optional<std::uint32_t> NatRowMaker::KnownShape(const NatEvent& event) const {
  for (const std::uint32_t kept : shapes_) {
    if (kept != 0 && Fits(tables_->shapes()[kept - 1], event)) return kept - 1;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> NatRowMaker::KnownInside(const NatEvent& event) const {
  const std::uint32_t kept = insides_[PlaceOf(event)];
  if (kept != 0 && Fits(tables_->insides()[kept - 1], event)) return kept - 1;
  return std::nullopt;
}

std::uint32_t NatRowMaker::AddressOf(const IpAddress& address) {
  std::uint32_t& kept = addresses_[PlaceOf(address)];
  if (kept == 0 || tables_->addresses()[kept - 1] != address) kept = tables_->AddressOf(address) + 1;
  return kept - 1;
}

NatRow NatRowMaker::Made(const NatEvent& event, std::uint32_t shape, std::uint32_t inside) {
  NatRow row;
  row.at_ns = event.origin.at.at.unix_ns();
  row.end_ns = event.end_at.has_value() ? event.end_at->unix_ns() : row.at_ns;
  row.seq = event.origin.seq.value_or(0);
  row.end_seq = event.end_seq.value_or(0);
  row.shape = shape;
  row.inside = inside;
  row.address = AddressOf(*event.public_ip);
  row.port = PortOf(event);
  row.inside_port = event.inside_port.value_or(0);
  return row;
}

std::optional<NatRow> NatRowMaker::KnownRow(const NatEvent& event) {
  const std::optional<std::uint32_t> shape = KnownShape(event);
  const std::optional<std::uint32_t> inside = KnownInside(event);
  if (!shape.has_value() || !inside.has_value() || !event.public_ip.has_value()) return std::nullopt;
  return Made(event, *shape, *inside);
}

NatRow NatRowMaker::RowOf(const NatEvent& event) {
  CHECK(event.public_ip.has_value());
  std::optional<std::uint32_t> shape = KnownShape(event);
  if (!shape.has_value()) {
    shape = tables_->ShapeOf(ShapeOf(event));
    shapes_[next_shape_++ % shapes_.size()] = *shape + 1;
  }
  std::optional<std::uint32_t> inside = KnownInside(event);
  if (!inside.has_value()) {
    inside = tables_->InsideOf({event.inside_ip, event.subscriber});
    insides_[PlaceOf(event)] = *inside + 1;
  }
  return Made(event, *shape, *inside);
}

NatEvent EventOf(const NatRow& row, const NatTables& tables) {
  const NatShape& shape = tables.shapes()[row.shape];
  const NatInside& inside = tables.insides()[row.inside];
  NatEvent event;
  event.origin.at = shape.clock;
  event.origin.at.at = Instant::FromUnixNs(row.at_ns);
  event.origin.exporter = shape.exporter;
  event.origin.domain = shape.domain;
  if (shape.has_seq) event.origin.seq = row.seq;
  event.event = shape.event;
  event.proto = shape.proto;
  event.inside_ip = inside.ip;
  if (shape.has_inside_port) event.inside_port = row.inside_port;
  event.inside_realm = shape.inside_realm;
  event.public_ip = tables.addresses()[row.address];
  if (shape.has_port && !shape.block) event.public_port = row.port;
  if (shape.block) event.port_first = row.port;
  if (shape.other_port.has_value()) event.public_port = shape.other_port;
  if (shape.port_span.has_value()) event.port_last = static_cast<std::uint16_t>(row.port + *shape.port_span);
  event.port_step = shape.port_step;
  event.subscriber = inside.subscriber;
  if (shape.session) event.end_at = Instant::FromUnixNs(row.end_ns);
  if (shape.has_end_seq) event.end_seq = row.end_seq;
  return event;
}

}  // namespace probatio::seal
