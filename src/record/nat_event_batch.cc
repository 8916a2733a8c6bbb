#include "record/nat_event_batch.h"

namespace probatio::record {
namespace {

// What a range is counted from: of a block that names a public port too, its first port.
std::uint16_t PortOf(const NatEvent& event) {
  return event.port_first.value_or(event.public_port.value_or(0));
}

// What rows fill in stands at zero, so that all events of a kind have one shape.
NatEvent ShapeOfEvent(const NatEvent& event) {
  NatEvent shape = event;
  shape.origin.at.at = Instant();
  if (shape.origin.seq.has_value()) shape.origin.seq = 0;
  if (shape.inside_port.has_value()) shape.inside_port = 0;
  if (shape.port_last.has_value()) {
    shape.port_last = static_cast<std::uint16_t>(*shape.port_last - PortOf(event));
  }
  std::optional<std::uint16_t>& port = shape.is_block() ? shape.port_first : shape.public_port;
  if (port.has_value()) port = 0;
  shape.inside_ip.reset();
  shape.public_ip.reset();
  shape.subscriber.reset();
  return shape;
}

// Finds `value` or appends it.
template <class T, class Index>
std::uint32_t NumberOf(const T& value, std::vector<T>* values, Index* index) {
  const auto [place, added] = index->try_emplace(value, static_cast<std::uint32_t>(values->size()));
  if (added) values->push_back(value);
  return place->second;
}

}  // namespace

std::optional<std::uint16_t> NatEventBatch::ShapeOf(const NatEvent& shape) {
  CHECK(!shape.end_at.has_value() && !shape.end_seq.has_value());
  const auto known = shape_index_.find(shape);
  if (known != shape_index_.end()) return known->second;
  if (shapes_.size() >= kNatShapesMax) return std::nullopt;
  const auto number = static_cast<std::uint16_t>(shapes_.size());
  shape_index_.emplace(shape, number);
  shapes_.push_back(shape);
  return number;
}

std::uint32_t NatEventBatch::InsideOf(const Inside& inside) {
  return NumberOf(inside, &insides_, &inside_index_);
}

std::uint32_t NatEventBatch::AddressOf(const IpAddress& address) {
  return NumberOf(address, &addresses_, &address_index_);
}

bool NatEventBatch::Add(const NatEvent& event) {
  const std::optional<std::uint16_t> shape = ShapeOf(ShapeOfEvent(event));
  if (!shape.has_value()) return false;
  NatEventRow row;
  row.at_ns = event.origin.at.at.unix_ns();
  row.seq = event.origin.seq.value_or(0);
  row.shape = *shape;
  row.port = PortOf(event);
  row.inside_port = event.inside_port.value_or(0);
  if (event.inside_ip.has_value() && event.inside_ip->is_v4() && !event.subscriber.has_value()) {
    row.inside = event.inside_ip->v4();
    row.inside_is = NatPlace::kV4;
  } else if (event.inside_ip.has_value() || event.subscriber.has_value()) {
    row.inside = InsideOf({event.inside_ip, event.subscriber});
    row.inside_is = NatPlace::kListed;
  }
  if (event.public_ip.has_value()) {
    const bool v4 = event.public_ip->is_v4();
    row.public_ip = v4 ? event.public_ip->v4() : AddressOf(*event.public_ip);
    row.public_is = v4 ? NatPlace::kV4 : NatPlace::kListed;
  }
  rows.push_back(row);
  return true;
}

NatEvent NatEventBatch::EventOf(const NatEventRow& row) const {
  CHECK(row.shape < shapes_.size());
  NatEvent event = shapes_[row.shape];
  event.origin.at.at = Instant::FromUnixNs(row.at_ns);
  if (event.origin.seq.has_value()) event.origin.seq = row.seq;
  if (event.inside_port.has_value()) event.inside_port = row.inside_port;
  std::optional<std::uint16_t>& port = event.is_block() ? event.port_first : event.public_port;
  if (port.has_value()) port = row.port;
  if (event.port_last.has_value()) event.port_last = static_cast<std::uint16_t>(row.port + *event.port_last);
  if (row.inside_is == NatPlace::kV4) event.inside_ip = IpAddress::V4(row.inside);
  if (row.inside_is == NatPlace::kListed) {
    CHECK(row.inside < insides_.size());
    event.inside_ip = insides_[row.inside].ip;
    event.subscriber = insides_[row.inside].subscriber;
  }
  if (row.public_is == NatPlace::kV4) event.public_ip = IpAddress::V4(row.public_ip);
  if (row.public_is == NatPlace::kListed) {
    CHECK(row.public_ip < addresses_.size());
    event.public_ip = addresses_[row.public_ip];
  }
  return event;
}

void NatEventBatch::Clear() {
  *this = {};
}

}  // namespace probatio::record
