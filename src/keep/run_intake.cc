#include "keep/run_intake.h"

#include <fmt/format.h>

namespace probatio::keep {
namespace {

class Door {
 public:
  Door(const resolve::Retention& retention, Instant now) : retention_(retention), now_(now) {}

  // The window that the record goes to; nothing when it is refused, with the reason counted.
  std::optional<seal::Window> WindowFor(const record::Record& record, RunCounts* counts) {
    const seal::Stream stream = seal::StreamOf(record);
    const Instant at = record::OriginOf(record).at.at;
    const seal::Window window = seal::WindowOf(stream, seal::IsSubjectStream(stream) ? now_ : at);
    if (now_ + kClockAheadMaxNs < at) {
      ++counts->from_future;
    } else if (!Retained(stream, at, record, window)) {
      ++counts->outside_retention;
    } else if (!seal::FilingOf(record).ok()) {
      ++counts->unfindable;
    } else {
      ++counts->accepted;
      return window;
    }
    return std::nullopt;
  }

 private:
  bool Retained(seal::Stream stream, Instant at, const record::Record& record, const seal::Window& window) {
    if (!seal::IsSubjectStream(stream)) return OldestKept(stream) <= at;
    seal::ProvenRow row;  // a version that states its own end may already be past it
    row.record = record;
    row.window = window;
    return retention_.Kept({&row, 1}, row, now_);
  }

  Instant OldestKept(seal::Stream stream) {
    const auto known = oldest_.find(stream);
    if (known != oldest_.end()) return known->second;
    return oldest_[stream] = retention_.OldestKept(stream, now_);
  }

  const resolve::Retention& retention_;
  Instant now_;
  std::map<seal::Stream, Instant> oldest_;
};

}  // namespace

Result<Intake> TakeIn(std::span<const record::Record> records, const resolve::Retention& retention,
                      Instant now) {
  if (records.size() > kBatchRecordsMax) {
    return Invalid(
        fmt::format("run: {} records at once, at most {} are allowed", records.size(), kBatchRecordsMax));
  }
  Intake intake;
  Door door(retention, now);
  for (std::size_t i = 0; i < records.size(); ++i) {
    TRY_IN(fmt::format("run: record {}", i), record::CheckRecord(records[i]));
    const std::optional<seal::Window> window = door.WindowFor(records[i], &intake.counts);
    if (window) intake.by_window[*window].push_back(records[i]);
  }
  return intake;
}

Status CheckRoom(const Room& needed) {
  if (needed.rows > kOpenRowsMax) {
    return StorageError(fmt::format("run: more than {} rows: close the run first", kOpenRowsMax));
  }
  if (needed.segments > kOpenSegmentsMax) {
    return StorageError(fmt::format("run: more than {} segments: close the run first", kOpenSegmentsMax));
  }
  if (needed.tokens_of_largest > seal::kSegmentTokensMax) {
    return StorageError(
        fmt::format("run: more than {} tokens in one segment: close the run first", seal::kSegmentTokensMax));
  }
  return Done{};
}

}  // namespace probatio::keep
