// From gaps to a certainty: one function per rule of docs/operate/resolve.md, section "Certainty".
#include <algorithm>

#include "resolve/plan.h"

namespace probatio::resolve {
namespace {

bool AnyGap(const Found& found, const Period& period, std::initializer_list<GapKind> kinds) {
  return std::any_of(found.gaps.begin(), found.gaps.end(), [&](const Gap& gap) {
    return std::find(kinds.begin(), kinds.end(), gap.kind) != kinds.end() && gap.period.Overlaps(period);
  });
}

// A session stands in the window of its end alone: until the window after is closed too, it may hide who held
// the tuple in this one (docs/formats/window.md, "Sessions").
bool IsOpenAfter(const Gap& gap, const Period& near) {
  if (gap.kind != GapKind::kStillOpen || !gap.stream.has_value() || !seal::IsNatStream(*gap.stream))
    return false;
  return gap.period.Overlaps({near.begin, near.end + seal::WindowLengthNs(*gap.stream)});
}

// Records lost on the way in, or still in an open window, may name another candidate.
bool MayHideAnother(const Found& found, const Period& near) {
  return AnyGap(found, near, {GapKind::kLostRecords, GapKind::kStillOpen}) ||
         std::any_of(found.gaps.begin(), found.gaps.end(),
                     [&](const Gap& gap) { return IsOpenAfter(gap, near); });
}

// Where not one segment was searched, "none" would say more than was seen.
bool NothingWasSearched(const Found& found, const Period& asked) {
  return found.segments_searched == 0 && AnyGap(found, asked, {GapKind::kNoWindow});
}

}  // namespace

Certainty CertaintyOf(std::size_t candidates, const Found& found, const Period& asked, const Period& near) {
  if (candidates > 1) return Certainty::kAmbiguous;
  if (MayHideAnother(found, near)) return Certainty::kLogGap;
  if (candidates == 1) return Certainty::kUnique;
  if (AnyGap(found, asked, {GapKind::kOutsideRetention})) return Certainty::kOutsideRetention;
  return NothingWasSearched(found, asked) ? Certainty::kLogGap : Certainty::kNone;
}

Period WindowsAround(seal::Stream stream, const Period& asked) {
  return {seal::WindowOf(stream, asked.begin).period.begin, seal::WindowOf(stream, asked.end - 1).period.end};
}

}  // namespace probatio::resolve
