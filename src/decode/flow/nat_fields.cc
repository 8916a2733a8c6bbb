#include "decode/flow/nat_fields.h"

#include <fmt/format.h>

#include "decode/flow/data_set.h"

namespace probatio::decode {
namespace {

bool Fits(const NatElementRow& row, Bytes value) {
  switch (row.value) {
    case NatValue::kUnsigned:
      return !value.empty() && value.size() <= row.length_max;
    case NatValue::kText:
      return true;
    default:
      return value.size() == row.length_max;
  }
}

}  // namespace

NatPlan::NatPlan(const Template& record) {
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const FieldSpecifier& field = record.fields[i];
    const NatElementRow* const row = field.enterprise == 0 ? FindNatElement(field.id) : nullptr;
    if (row == nullptr) continue;
    is_nat_ = is_nat_ || row->is_nat;
    has_event_ = has_event_ || row->element == NatElement::kNatEvent;
    picks_.push_back({row, i});
  }
}

Result<NatFields> NatFields::Read(const NatPlan& plan, std::span<const Bytes> values) {
  NatFields fields;
  for (const NatPlan::Pick& pick : plan.picks_) {
    const Bytes value = values[pick.index];
    if (!Fits(*pick.row, value)) return Invalid(fmt::format("{}: {} octets", pick.row->name, value.size()));
    // Where an element stands twice, the first is the outermost (RFC 7011, section 8).
    std::optional<Bytes>& place = fields.values_[static_cast<std::size_t>(pick.row->element)];
    if (!place.has_value()) place = value;
  }
  return fields;
}

std::optional<std::uint64_t> NatFields::Unsigned(NatElement element) const {
  const std::optional<Bytes> value = Find(element);
  return value.has_value() ? ReadUnsigned(*value) : std::nullopt;
}

std::optional<IpAddress> NatFields::Address(NatElement element) const {
  const std::optional<Bytes> value = Find(element);
  if (!value.has_value()) return std::nullopt;
  return IpAddress::FromOctets(*value).value();  // its length was checked when it was picked
}

}  // namespace probatio::decode
