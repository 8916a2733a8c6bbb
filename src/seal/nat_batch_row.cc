#include "seal/nat_batch_row.h"

#include "seal/nat_event_row.h"

namespace probatio::seal {

using record::NatEventRow;
using record::NatPlace;

void V4Numbers::Add(std::uint32_t address, std::uint32_t number) {
  if (2 * (count_ + 1) > slots_.size()) {
    const std::vector<Slot> old = std::move(slots_);
    slots_ = std::vector<Slot>(2 * old.size());
    mask_ = slots_.size() - 1;
    count_ = 0;
    for (const Slot& slot : old) {
      if (slot.after != 0) Add(slot.address, slot.after - 1);
    }
  }
  std::size_t place = PlaceOf(address);
  while (slots_[place].after != 0) place = (place + 1) & mask_;
  slots_[place] = {address, number + 1};
  ++count_;
}

void NatBatchRowMaker::Begin(const record::NatEventBatch& batch) {
  batch_ = &batch;
  shapes_.assign(batch.shapes().size(), {});
  insides_.assign(batch.insides().size(), kUnknown);
  addresses_.assign(batch.addresses().size(), kUnknown);
}

const NatBatchRowMaker::Shape& NatBatchRowMaker::ShapeOf(std::uint16_t number) {
  CHECK(number < shapes_.size());
  Shape& known = shapes_[number];
  if (known.number != kUnknown) return known;
  const NatShape shape = NatShapeOf(batch_->shapes()[number]);
  known.number = tables_->ShapeOf(shape);
  known.ports = shape.has_port ? UINT16_MAX : 0;
  known.inside_ports = shape.has_inside_port ? UINT16_MAX : 0;
  known.seqs = shape.has_seq ? UINT64_MAX : 0;
  return known;
}

std::uint32_t NatBatchRowMaker::InsideOf(const NatEventRow& row) {
  if (row.inside_is == NatPlace::kV4) {
    const std::optional<std::uint32_t> known = v4_insides_.Find(row.inside);
    if (known.has_value()) return *known;
    const std::uint32_t number = tables_->InsideOf({IpAddress::V4(row.inside), std::nullopt});
    v4_insides_.Add(row.inside, number);
    return number;
  }
  if (row.inside_is == NatPlace::kNone) {
    if (!no_inside_.has_value()) no_inside_ = tables_->InsideOf({});
    return *no_inside_;
  }
  CHECK(row.inside < insides_.size());
  std::uint32_t& known = insides_[row.inside];
  if (known == kUnknown) {
    const record::NatEventBatch::Inside& inside = batch_->insides()[row.inside];
    known = tables_->InsideOf({inside.ip, inside.subscriber});
  }
  return known;
}

std::uint32_t NatBatchRowMaker::AddressOf(const NatEventRow& row) {
  if (row.public_is == NatPlace::kV4) {
    const std::optional<std::uint32_t> known = v4_addresses_.Find(row.public_ip);
    if (known.has_value()) return *known;
    const std::uint32_t number = tables_->AddressOf(IpAddress::V4(row.public_ip));
    v4_addresses_.Add(row.public_ip, number);
    return number;
  }
  CHECK(row.public_is == NatPlace::kListed && row.public_ip < addresses_.size());
  std::uint32_t& known = addresses_[row.public_ip];
  if (known == kUnknown) known = tables_->AddressOf(batch_->addresses()[row.public_ip]);
  return known;
}

// A number that the shape does not have is no part of the event, whatever stands there.
NatRow NatBatchRowMaker::RowOf(const NatEventRow& row) {
  const Shape& shape = ShapeOf(row.shape);
  NatRow made;
  made.at_ns = made.end_ns = row.at_ns;
  made.seq = row.seq & shape.seqs;
  made.shape = shape.number;
  made.inside = InsideOf(row);
  made.address = AddressOf(row);
  made.port = row.port & shape.ports;
  made.inside_port = row.inside_port & shape.inside_ports;
  return made;
}

}  // namespace probatio::seal
