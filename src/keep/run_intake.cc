#include "keep/run_intake.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::keep {
namespace {

class Door {
 public:
  Door(const resolve::Retention& retention, Instant now, Instant latest)
      : retention_(retention), now_(now), latest_(latest) {}

  // The window that the record goes to; nothing when it is refused, with the reason counted.
  std::optional<seal::Window> WindowFor(const record::Record& record, RunCounts* counts) {
    const seal::Stream stream = seal::StreamOf(record);
    const Instant at = record::OriginOf(record).at.at;
    const seal::Window window = seal::WindowOf(stream, seal::IsSubjectStream(stream) ? now_ : at);
    if (!IsTaken(at, at, Retained(stream, at, record, window), counts)) return std::nullopt;
    if (!seal::FilingOf(record).ok()) {
      ++counts->unfindable;
      return std::nullopt;
    }
    ++counts->accepted;
    return window;
  }

  // The same for NAT events, which come by the million.
  bool Takes(const record::NatEvent& event, seal::Stream stream, RunCounts* counts) {
    const Instant at = event.origin.at.at;
    if (!IsTaken(at, event.end_at.value_or(at), OldestKept(stream) <= at, counts)) return false;
    return IsFindable(event.public_ip.has_value(), counts);
  }
  bool Takes(Instant at, bool findable, seal::Stream stream, RunCounts* counts) {
    return IsTaken(at, at, OldestKept(stream) <= at, counts) && IsFindable(findable, counts);
  }

 private:
  static bool IsFindable(bool findable, RunCounts* counts) {
    ++(findable ? counts->accepted : counts->unfindable);
    return findable;
  }

  bool IsTaken(Instant at, Instant end, bool retained, RunCounts* counts) const {
    if (latest_ < std::max(at, end)) {
      ++counts->from_future;
      return false;
    }
    if (!retained) ++counts->outside_retention;
    return retained;
  }

  bool Retained(seal::Stream stream, Instant at, const record::Record& record, const seal::Window& window) {
    if (!seal::IsSubjectStream(stream)) return OldestKept(stream) <= at;
    seal::ProvenRow row;  // a version that states its own end may already be past it
    row.record = record;
    row.window = window;
    return retention_.Kept({&row, 1}, row, now_);
  }

  Instant OldestKept(seal::Stream stream) {
    std::optional<Instant>& oldest = oldest_.at(static_cast<std::size_t>(stream));
    if (!oldest.has_value()) oldest = retention_.OldestKept(stream, now_);
    return *oldest;
  }

  const resolve::Retention& retention_;
  Instant now_;
  Instant latest_;
  std::array<std::optional<Instant>, 8> oldest_;  // by stream
};

// The rows of each window. Neighbours mostly lie in one.
class RowsByWindow {
 public:
  RowsByWindow(std::size_t expected, std::vector<seal::NatRow>* spare, Intake* intake)
      : expected_(expected), spare_(*spare), intake_(*intake) {}

  void Add(seal::Stream stream, const seal::NatRow& row) {
    const Instant at = seal::FiledAt(row);
    if (last_ == nullptr || window_.stream != stream || !window_.period.Contains(at)) {
      window_ = seal::WindowOf(stream, at);
      last_ = &intake_.nat_by_window[window_];
      if (last_->capacity() == 0) last_->swap(spare_);
      if (last_->empty()) last_->reserve(expected_ - intake_.nat_rows);
    }
    last_->push_back(row);
    ++intake_.nat_rows;
  }

 private:
  std::size_t expected_;
  std::vector<seal::NatRow>& spare_;
  Intake& intake_;
  seal::Window window_;
  std::vector<seal::NatRow>* last_ = nullptr;
};

// Takes NAT events as rows. Texts that were checked once are not checked again.
class NatDoor {
 public:
  NatDoor(Door* door, seal::NatRowMaker* maker, std::size_t expected, std::vector<seal::NatRow>* spare,
          Intake* intake)
      : door_(*door), maker_(*maker), counts_(intake->counts), rows_(expected, spare, intake) {}

  Status Take(const record::Record& record) {
    const auto& event = std::get<record::NatEvent>(record);
    std::optional<seal::NatRow> row = maker_.KnownRow(event);
    if (event.end_at.has_value() || !row.has_value()) TRY(record::CheckRecord(record));
    const seal::Stream stream = seal::StreamOf(record);
    if (!door_.Takes(event, stream, &counts_)) return Done{};
    rows_.Add(stream, row.has_value() ? *row : maker_.RowOf(event));
    return Done{};
  }

 private:
  Door& door_;
  seal::NatRowMaker& maker_;
  RunCounts& counts_;
  RowsByWindow rows_;
};

// Takes the rows of a batch. What they share is checked with the first row that has it.
class NatBatchDoor {
 public:
  NatBatchDoor(const record::NatEventBatch& events, const StreamSet& streams, Door* door,
               seal::NatBatchRowMaker* maker, std::vector<seal::NatRow>* spare, Intake* intake)
      : events_(events),
        streams_(streams),
        door_(*door),
        maker_(*maker),
        counts_(intake->counts),
        rows_(events.rows.size(), spare, intake),
        shapes_(events.shapes().size()),
        insides_checked_(events.insides().size()) {
    maker_.Begin(events);
  }

  Status Take(const record::NatEventRow& row) {
    CHECK(row.shape < shapes_.size());
    Shape& shape = shapes_[row.shape];
    const bool listed = row.inside_is == record::NatPlace::kListed;
    if (!shape.checked || (listed && !IsChecked(row.inside))) {
      const record::Record record = events_.EventOf(row);
      TRY(record::CheckRecord(record));
      shape = {true, seal::StreamOf(record)};
      if (listed) insides_checked_[row.inside] = true;
    }
    if (!streams_.contains(shape.stream)) return Done{};
    const bool findable = row.public_is != record::NatPlace::kNone;
    if (!door_.Takes(Instant::FromUnixNs(row.at_ns), findable, shape.stream, &counts_)) return Done{};
    rows_.Add(shape.stream, maker_.RowOf(row));
    return Done{};
  }

 private:
  struct Shape {
    bool checked = false;
    seal::Stream stream{};
  };
  bool IsChecked(std::uint32_t inside) const {
    CHECK(inside < insides_checked_.size());
    return insides_checked_[inside];
  }

  const record::NatEventBatch& events_;
  const StreamSet& streams_;
  Door& door_;
  seal::NatBatchRowMaker& maker_;
  RunCounts& counts_;
  RowsByWindow rows_;
  std::vector<Shape> shapes_;
  std::vector<bool> insides_checked_;
};

record::Record PasswordItemOf(const record::Account& account) {
  record::Account item;
  item.origin = account.origin;
  item.account = account.account;
  item.closed_at = account.closed_at;
  item.password_verification = account.password_verification;
  return item;
}

// Nothing when the version says nothing else: without it an account would seem to have lost its pseudonyms.
std::optional<record::Record> RestOf(record::Account account) {
  account.password_verification.reset();
  const bool says = account.identifier_used || !account.pseudonyms.empty() || account.payment_type ||
                    account.payment_reference || account.closed_at;
  if (!says) return std::nullopt;
  return record::Record(std::move(account));
}

}  // namespace

Result<Intake> TakeIn(std::span<const record::Record> records, const StreamSet& streams,
                      const resolve::Retention& retention, Instant now, Instant latest,
                      seal::NatRowMaker* maker, std::vector<seal::NatRow>* spare) {
  if (records.size() > kBatchRecordsMax) {
    return Invalid(
        fmt::format("run: {} records at once, at most {} are allowed", records.size(), kBatchRecordsMax));
  }
  Intake intake;
  Door door(retention, now, latest);
  NatDoor nat_door(&door, maker, records.size(), spare, &intake);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!streams.contains(seal::StreamOf(records[i]))) continue;
    if (std::holds_alternative<record::NatEvent>(records[i])) {
      const Status taken = nat_door.Take(records[i]);
      if (!taken.ok()) return taken.error().Within(fmt::format("run: record {}", i));
      continue;
    }
    TRY_IN(fmt::format("run: record {}", i), record::CheckRecord(records[i]));
    const std::optional<seal::Window> window = door.WindowFor(records[i], &intake.counts);
    if (!window) continue;
    if (window->stream != seal::Stream::kPassword) {
      intake.by_window[*window].push_back(records[i]);
      continue;
    }
    const auto& account = std::get<record::Account>(records[i]);
    intake.by_window[*window].push_back(PasswordItemOf(account));
    ++intake.counts.passwords;
    std::optional<record::Record> rest = RestOf(account);
    if (!rest) continue;
    const seal::Window own = seal::WindowOf(seal::Stream::kAccount, now);
    intake.by_window[own].push_back(std::move(*rest));
  }
  return intake;
}

Result<Intake> TakeIn(const record::NatEventBatch& events, const StreamSet& streams,
                      const resolve::Retention& retention, Instant now, Instant latest,
                      seal::NatBatchRowMaker* maker, std::vector<seal::NatRow>* spare) {
  if (events.rows.size() > kBatchEventsMax) {
    return Invalid(
        fmt::format("run: {} events at once, at most {} are allowed", events.rows.size(), kBatchEventsMax));
  }
  Intake intake;
  Door door(retention, now, latest);
  NatBatchDoor nat_door(events, streams, &door, maker, spare, &intake);
  for (std::size_t i = 0; i < events.rows.size(); ++i) {
    const Status taken = nat_door.Take(events.rows[i]);
    if (!taken.ok()) return taken.error().Within(fmt::format("run: event {}", i));
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
