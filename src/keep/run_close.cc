// Sealing a run's segments into the box.
#include "keep/image_writer.h"
#include "keep/nat_close.h"
#include "keep/run_state.h"

namespace probatio::keep {
// A loss is entered even with a window in which this run saw nothing: what is missing there is all there was
// to see.
std::vector<seal::Window> Run::State::LostWindows(Instant now) const {
  std::vector<seal::Window> windows;
  for (const auto& [window, records] : lost) {
    const bool readable = parts.retention.OldestKept(window.stream, now) < window.period.end;
    if (readable && window.period.begin <= now) windows.push_back(window);
  }
  return windows;
}

Status Run::State::OpenOtherWindows(Instant now) {
  std::vector<seal::Window> windows = nat.windows();
  const std::vector<seal::Window> without_rows = LostWindows(now);
  windows.insert(windows.end(), without_rows.begin(), without_rows.end());
  return OpenSegments(windows, now);
}

Status Run::State::WriteSegments(Instant now, std::vector<ledger::Entry>* closed) {
  ImageWriter writer(parts.box);
  for (auto& [window, segment] : segments) {
    seal::SegmentInfo& info = segment.info;
    seal::SegmentImage image;
    if (nat.has(window)) {
      info.loose = nat.loose(window);
      image = TRY(
          SealNatRows(&nat, window, info.id, segment.builder.keys(), parts.pad_network_blocks, parts.random));
    } else {
      image = segment.builder.Build(parts.random);
    }
    info.root = image.root;
    info.leaf_count = image.leaves.size();
    info.rows = image.rows;
    info.public_range = image.public_range;
    const auto losses = lost.find(window);
    if (losses != lost.end()) info.lost_before = losses->second;
    info.closed_at = now;
    closed->push_back(ClosedEntry(info));
    TRY(writer.Put(info.id, std::move(image)));
  }
  return writer.Settle();
}

}  // namespace probatio::keep
