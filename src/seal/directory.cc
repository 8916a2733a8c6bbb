// What follows from what is known of a segment.
#include "seal/directory.h"

#include "seal/box_key.h"

namespace probatio::seal {

std::string_view ToText(SegmentState state) {
  switch (state) {
    case SegmentState::kOpen:
      return "open";
    case SegmentState::kClosed:
      return "closed";
    case SegmentState::kClosedByCrash:
      return "closed_by_crash";
    case SegmentState::kPurged:
      return "purged";
    case SegmentState::kReplaced:
      return "replaced";
  }
  CHECK(false);
  return "";
}

// A segment that moves keeps both until the ledger has said which one holds.
namespace {

bool IsNear(const Window& window, const Period& asked) {
  const Window last = WindowOf(window.stream, asked.begin < asked.end ? asked.end - 1 : asked.begin);
  return window.period.Overlaps(asked) || window == last || window.period.begin == last.period.end;
}

}  // namespace

bool MayConcern(const SegmentInfo& info, const Period& asked) {
  if (!IsNatStream(info.window.stream) || info.state != SegmentState::kClosed || info.loose > 0) return true;
  return IsNear(info.window, asked);
}

bool IsCarriedFromFar(const record::NatEvent& event, const Window& window, const Period& asked) {
  const bool carried = !event.end_at.has_value() && event.origin.at.at < window.period.begin;
  return carried && !IsNear(window, asked);
}

bool MayEndElsewhere(const record::NatEvent& event, const Window& window, bool closed, const Period& asked) {
  const bool carried = event.origin.at.at < window.period.begin;
  return !event.end_at.has_value() && (!closed || carried || !IsNear(window, asked));
}

std::string WrappedKeyOf(const SegmentInfo& info) {
  return info.rewrapped ? WrappedKey(info.id) + "/" + info.erasure_key : WrappedKey(info.id);
}

}  // namespace probatio::seal
