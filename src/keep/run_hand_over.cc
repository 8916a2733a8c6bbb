// What one run of a collector hands over to the next: creates that have not met their delete. They are
// journaled by the next run, in the window of the hand-over, before they leave this one; this one files them
// in the whole windows that they lasted through so far (docs/formats/window.md, "Sessions").
#include <algorithm>

#include "keep/run_state.h"
#include "resolve/reader.h"
#include "seal/nat_event_row.h"

namespace probatio::keep {
namespace {

using seal::WaitingNat;

// Handed over and journaled together.
constexpr std::size_t kHandedTogether = 65'536;

std::int64_t AgeMaxNs(seal::Stream stream) {
  return stream == seal::Stream::kNatSession ? resolve::kSessionLookBackMaxNs : resolve::kBlockLookBackMaxNs;
}

seal::Stream StreamOf(const WaitingNat& begin, const seal::NatTables& tables) {
  return seal::StreamOf(tables.shapes()[begin.shape]);
}

// Where the next run journals it: now, and not in one window for each create. One that begins later still
// (its exporter's clock is ahead) stands where any create stands.
seal::Window WindowFor(const WaitingNat& begin, seal::Stream stream, Instant now) {
  return seal::WindowOf(stream, std::max(now, Instant::FromUnixNs(begin.at_ns)));
}

// No question looks so far back for a create: its end, if it comes, will stand alone.
bool IsTooOld(const WaitingNat& begin, seal::Stream stream, Instant now) {
  return now.unix_ns() - begin.at_ns > AgeMaxNs(stream);
}

}  // namespace

Status Run::State::HandOver(State* next, Instant now) {
  CHECK(next != nullptr && next != this);
  TRY(next->CheckLives());
  const std::vector<WaitingNat> waiting = nat.TakeWaiting();
  std::span<const WaitingNat> rest = waiting;
  Status handed = Done{};
  while (!rest.empty() && handed.ok()) {
    const std::size_t together = std::min(kHandedTogether, rest.size());
    handed = HandOverPart(next, rest.first(together), now);
    if (handed.ok()) rest = rest.subspan(together);
  }
  nat.PutBack(rest);  // of these the next run has none
  return handed;
}

Status Run::State::HandOverPart(State* next, std::span<const WaitingNat> part, Instant now) {
  TRY(nat.MakeRoom(part.size()));
  Intake intake;
  intake.handed_over = true;
  for (const WaitingNat& begin : part) {
    const seal::Stream stream = StreamOf(begin, nat.tables());
    if (IsTooOld(begin, stream, now)) continue;
    const record::NatEvent event = seal::EventOf(begin, nat.tables());
    intake.nat_by_window[WindowFor(begin, stream, now)].push_back(next->nat.maker().RowOf(event));
    ++intake.nat_rows;
    ++intake.counts.taken_over;
  }
  TRY(next->Accept(&intake, now));
  for (const WaitingNat& begin : part) {
    const seal::Stream stream = StreamOf(begin, nat.tables());
    if (IsTooOld(begin, stream, now)) {
      nat.FileLoose(begin);
    } else {
      nat.FileHandedOver(begin, WindowFor(begin, stream, now));
    }
  }
  return Done{};
}

}  // namespace probatio::keep
