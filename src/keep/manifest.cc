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

Status Manifest::ApplyOpened(const ledger::Entry& entry, std::uint64_t index) {
  seal::SegmentInfo info = TRY(ReadOpened(entry));
  info.opened_index = index;
  return Add(std::move(info));
}

// The rows of its sources; each source is taken out of every look-up by an entry of its own, in the same
// transaction.
Status Manifest::ApplyResealed(const ledger::Entry& entry, std::uint64_t index) {
  seal::SegmentInfo info = TRY(ReadResealed(entry));
  info.opened_index = index;
  info.closed_index = index;
  for (const SegmentId& source : info.sources) {
    const auto found = segments_.find(source);
    if (found == segments_.end() || found->second.window.stream != info.window.stream)
      return Invalid(fmt::format("segment {} cannot hold the rows of {}", info.id.text(), source.text()));
  }
  return Add(std::move(info));
}

Status Manifest::Add(seal::SegmentInfo info) {
  const SegmentId id = info.id;
  if (dying_keys_.count(info.erasure_key) > 0) {
    return Invalid(fmt::format("segment {} is opened under an erasure key that is destroyed", id.text()));
  }
  const Window window(info.window.stream, info.window.period.begin);
  if (!segments_.emplace(id, std::move(info)).second) {
    return Invalid(fmt::format("segment {} is opened twice", id.text()));
  }
  by_window_[window].insert(id);
  return Done{};
}

// From "purge_begun" on nothing under the key is read any more: whatever happens to the purge, the next one
// ends it.
Status Manifest::ApplyToKey(const ledger::Entry& entry) {
  const auto field = entry.fields.find("erasure_key");
  if (field == entry.fields.end()) return Invalid("field erasure_key: missing");
  if (entry.type == "erasure_key_destroyed") {
    if (dying_keys_.count(field->second) == 0) return Invalid("the destruction of this key was never begun");
    const auto unreachable = entry.fields.find("unreachable");
    dying_keys_[field->second] = unreachable == entry.fields.end();
    return Done{};
  }
  dying_keys_.emplace(field->second, false);
  for (auto& [id, info] : segments_) {
    if (info.erasure_key != field->second) continue;
    if (info.state == seal::SegmentState::kOpen)
      return Invalid(fmt::format("segment {} is open and cannot be purged", id.text()));
    info.state = seal::SegmentState::kPurged;
  }
  return Done{};
}

Status Manifest::Apply(const ledger::Entry& entry, std::uint64_t index) {
  if (entry.type == "segment_opened") return ApplyOpened(entry, index);
  if (entry.type == "segment_resealed") return ApplyResealed(entry, index);
  if (entry.type == "purge_begun" || entry.type == "erasure_key_destroyed") return ApplyToKey(entry);
  using Reader = Result<seal::SegmentInfo> (*)(const ledger::Entry&, seal::SegmentInfo);
  Reader read = nullptr;
  if (entry.type == "segment_closed") read = ReadClosed;
  if (entry.type == "segment_closed_by_crash") read = ReadCrashed;
  if (entry.type == "journal_head") read = ReadJournalHead;
  if (entry.type == "segment_rewrapped") read = ReadRewrapped;
  if (entry.type == "segment_purged") read = ReadPurged;
  if (entry.type == "segment_replaced") read = ReadReplaced;
  if (entry.type == "segment_retired") read = ReadRetired;
  if (read == nullptr) return Done{};  // of another life than a segment's

  const SegmentId id = TRY(ReadSegmentId(entry));
  const auto found = segments_.find(id);
  if (found == segments_.end()) return Invalid(fmt::format("segment {} was never opened", id.text()));
  seal::SegmentInfo info = TRY(read(entry, found->second));
  if (read == ReadClosed || read == ReadCrashed) info.closed_index = index;
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
    for (const SegmentId& id : segments) {
      const seal::SegmentInfo& info = segments_.at(id);
      if (info.state != seal::SegmentState::kReplaced) found.push_back(info);
    }
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
