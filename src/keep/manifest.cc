#include "keep/manifest.h"

#include <fmt/format.h>

#include "keep/segment_entry.h"

namespace probatio::keep {

std::string RunOf(const SegmentId& segment) {
  const std::size_t dash = segment.text().rfind('-');
  return dash == std::string::npos ? std::string() : segment.text().substr(dash + 1);
}

Result<Manifest> Manifest::FromLedger(const ledger::Ledger& ledger) {
  Manifest manifest;
  TRY(manifest.Refresh(ledger));
  return manifest;
}

Status Manifest::Refresh(const ledger::Ledger& ledger) {
  while (seen_ < ledger.entries().size()) {
    const ledger::Entry& entry = ledger.entries()[seen_];
    const Status applied = Apply(entry, seen_);
    if (!applied.ok()) {
      return StorageError(
          fmt::format("manifest: ledger entry {} ({}): {}", seen_, entry.type, applied.error().what()));
    }
    ++seen_;
  }
  return Done{};
}

Status Manifest::Apply(const ledger::Entry& entry, std::uint64_t index) {
  if (entry.type == "segment_opened") {
    seal::SegmentInfo info = TRY(ReadOpened(entry));
    info.opened_index = index;
    const SegmentId id = info.id;
    const Window window(info.window.stream, info.window.period.begin);
    if (!segments_.emplace(id, std::move(info)).second) {
      return Invalid(fmt::format("segment {} is opened twice", id.text()));
    }
    by_window_[window].insert(id);
    return Done{};
  }
  using Reader = Result<seal::SegmentInfo> (*)(const ledger::Entry&, seal::SegmentInfo);
  Reader read = nullptr;
  if (entry.type == "segment_closed") read = ReadClosed;
  if (entry.type == "segment_closed_by_crash") read = ReadCrashed;
  if (entry.type == "journal_head") read = ReadJournalHead;
  if (read == nullptr) return Done{};  // of another life than a segment's

  const SegmentId id = TRY(ReadSegmentId(entry));
  const auto found = segments_.find(id);
  if (found == segments_.end()) return Invalid(fmt::format("segment {} was never opened", id.text()));
  seal::SegmentInfo info = TRY(read(entry, found->second));
  if (info.state != seal::SegmentState::kOpen) info.closed_index = index;
  found->second = std::move(info);
  return Done{};
}

// Backwards from the last window that begins before the period's end, down to the first that ends before it
// begins: what a look-up costs does not grow with the years kept.
std::vector<seal::SegmentInfo> Manifest::Find(seal::Stream stream, const Period& period) const {
  std::vector<seal::SegmentInfo> found;
  auto window = by_window_.lower_bound({stream, period.end});
  while (window != by_window_.begin()) {
    --window;
    const auto& [name, segments] = *window;
    if (name.first != stream) break;
    if (!seal::WindowOf(stream, name.second).period.Overlaps(period)) break;
    for (const SegmentId& id : segments) found.push_back(segments_.at(id));
  }
  return found;
}

std::optional<seal::SegmentInfo> Manifest::Get(const SegmentId& segment) const {
  const auto found = segments_.find(segment);
  if (found == segments_.end()) return std::nullopt;
  return found->second;
}

std::vector<seal::SegmentInfo> Manifest::All() const {
  std::vector<seal::SegmentInfo> all;
  all.reserve(segments_.size());
  for (const auto& [id, info] : segments_) all.push_back(info);
  return all;
}

}  // namespace probatio::keep
