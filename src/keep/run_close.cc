// Sealing a run's segments into the box.
#include <algorithm>
#include <utility>

#include "keep/run_state.h"
#include "seal/leaf_page.h"

namespace probatio::keep {
namespace {

constexpr std::size_t kStageBytes = 4U << 20;  // entries are staged by about so much

// Stages entries by some MB.
class BoxWriter {
 public:
  explicit BoxWriter(seal::Box& box) : box_(box) {}

  Status Put(std::string key, Buffer value) {
    bytes_ += key.size() + value.size();
    entries_.push_back({std::move(key), std::move(value)});
    if (bytes_ < kStageBytes) return Done{};
    return Stage();
  }

  // All that was put is in the box when it returns, or the closing starts over.
  Status Settle() {
    TRY(Stage());
    return box_.Settle();
  }

 private:
  Status Stage() {
    bytes_ = 0;
    return box_.Stage(std::exchange(entries_, {}));
  }

  seal::Box& box_;
  std::vector<seal::BoxEntry> entries_;
  std::size_t bytes_ = 0;
};

Status PutImage(const SegmentId& segment, seal::SegmentImage image, BoxWriter* writer) {
  for (std::size_t i = 0; i < image.blocks.size(); ++i) {
    const seal::BlockLeaf& leaf = image.leaves[i + 1];
    TRY(writer->Put(seal::BlockKey(segment, leaf.token, leaf.position), std::move(image.blocks[i])));
  }
  seal::LeafPages leaves = seal::PagesOf(image.leaves);
  for (std::size_t i = 0; i < leaves.pages.size(); ++i) {
    TRY(writer->Put(seal::LeafPageKey(segment, i), std::move(leaves.pages[i])));
  }
  return writer->Put(seal::LeafIndexKey(segment), std::move(leaves.index));
}

}  // namespace

// A loss is entered even with a window in which this run saw nothing: what is missing there is all there was
// to see.
Status Run::State::OpenOtherWindows(Instant now) {
  std::vector<seal::Window> windows = nat.windows();
  for (const auto& [window, records] : lost) {
    const bool readable = parts.retention.OldestKept(window.stream, now) < window.period.end;
    if (readable && window.period.begin <= now) windows.push_back(window);
  }
  return OpenSegments(windows, now);
}

Status Run::State::WriteSegments(Instant now, std::vector<ledger::Entry>* closed) {
  BoxWriter writer(parts.box);
  for (auto& [window, segment] : segments) {
    seal::SegmentInfo& info = segment.info;
    seal::SegmentImage image;
    if (nat.has(window)) {
      image = TRY(SealNatWindow(window, &segment));
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
    TRY(PutImage(info.id, std::move(image), &writer));
  }
  return writer.Settle();
}

}  // namespace probatio::keep
