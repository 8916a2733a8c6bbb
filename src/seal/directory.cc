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
  }
  CHECK(false);
  return "";
}

// A segment that moves keeps both until the ledger has said which one holds.
bool MayConcern(const SegmentInfo& info, const Period& asked) {
  if (!IsNatStream(info.window.stream) || info.state != SegmentState::kClosed || info.loose > 0) return true;
  const Period& window = info.window.period;
  const Window last = WindowOf(info.window.stream, asked.begin < asked.end ? asked.end - 1 : asked.begin);
  return window.Overlaps(asked) || last.period.Contains(window.begin) || window.begin == last.period.end;
}

std::string WrappedKeyOf(const SegmentInfo& info) {
  return info.rewrapped ? WrappedKey(info.id) + "/" + info.erasure_key : WrappedKey(info.id);
}

}  // namespace probatio::seal
