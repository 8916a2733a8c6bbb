#include "keep/own_hold.h"

#include <algorithm>

namespace probatio::keep {
namespace {

using record::RecordClass;

constexpr RecordClass kClasses[] = {RecordClass::kIdentity, RecordClass::kAccount, RecordClass::kActivity,
                                    RecordClass::kNetwork};

// Pins of one order are merged, so what was asked for lies in one of them or was released.
const OwnPin* PinAround(std::span<const OwnPin> pins, const Pin& asked) {
  const auto found = std::find_if(pins.begin(), pins.end(), [&](const OwnPin& own) {
    return own.pin.stream == asked.stream && own.pin.period.begin <= asked.period.begin &&
           asked.period.end <= own.pin.period.end;
  });
  return found == pins.end() ? nullptr : &*found;
}

struct Asked {
  bool any = false;               // the line touches the class at all
  std::optional<Instant> pinned;  // since when all of it is
};

Asked PinnedSince(std::span<const Pin> asked, RecordClass record_class, std::span<const OwnPin> pins) {
  Asked result;
  bool whole = true;
  for (const Pin& pin : asked) {
    if (seal::ClassOf(pin.stream) != record_class) continue;
    result.any = true;
    const OwnPin* const own = PinAround(pins, pin);
    whole = whole && own != nullptr;
    if (own != nullptr) result.pinned = std::max(result.pinned.value_or(own->since), own->since);
  }
  if (!whole) result.pinned.reset();
  return result;
}

}  // namespace

order::OwnHold OwnHoldOf(const order::Order& order, std::span<const OwnPin> pins,
                         std::optional<Instant> extracted_at) {
  order::OwnHold hold;
  for (const order::Line& line : order.lines) {
    order::Order alone = order;
    alone.lines = {line};
    const Result<std::vector<Pin>> asked = PinsFor(alone);
    if (!asked.ok()) continue;  // more than is ever pinned
    for (const RecordClass record_class : kClasses) {
      const Asked found = PinnedSince(asked.value(), record_class, pins);
      const std::optional<Instant> since = found.pinned ? found.pinned : extracted_at;
      if (found.any && since) hold[{line.id, record_class}] = *since;
    }
  }
  return hold;
}

template <class Holds>
bool OwnRetention::NowOrPinned(const seal::Window& window, Instant now, const Holds& holds) const {
  if (holds(now)) return true;
  return std::any_of(pins_.begin(), pins_.end(), [&](const OwnPin& own) {
    return own.pin.stream == window.stream && own.pin.period.Overlaps(window.period) && own.since < now &&
           holds(own.since);
  });
}

// The oldest of any pin's; which windows after it may be read, MayRead says.
Instant OwnRetention::OldestKept(seal::Stream stream, Instant now) const {
  Instant oldest = rules_.OldestKept(stream, now);
  if (seal::IsSubjectStream(stream)) return oldest;
  for (const OwnPin& own : pins_) {
    if (own.pin.stream != stream) continue;
    const Instant first = seal::WindowOf(stream, own.pin.period.begin).period.begin;
    oldest = std::min(oldest, std::max(first, rules_.OldestKept(stream, own.since)));
  }
  return oldest;
}

bool OwnRetention::MayRead(const seal::Window& window, Instant now) const {
  return NowOrPinned(window, now, [&](Instant at) { return rules_.MayRead(window, at); });
}

bool OwnRetention::Kept(std::span<const seal::ProvenRow> all, const seal::ProvenRow& row, Instant now) const {
  return NowOrPinned(row.window, now, [&](Instant at) { return rules_.Kept(all, row, at); });
}

}  // namespace probatio::keep
