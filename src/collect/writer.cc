#include "collect/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace probatio::collect {

bool Writer::Round() {
  const std::vector<ArrivalBatch> batches = parts_.queue.PopUpTo(kBytesPerRound, kIdleWait);
  gave_up_ = false;
  std::size_t answered = 0;
  std::size_t taken = 0;
  bool put_aside = false;
  // A batch is answered when everything up to its last record is stored.
  const auto store = [&] {
    if (std::exchange(put_aside, false)) parts_.keep_aside();
    // After a batch that was given up no later one is answered either: a file's position would pass it.
    if (!StoreWaiting() || unanswerable_) return;
    for (; answered < taken; ++answered) {
      if (batches[answered].on_durable) batches[answered].on_durable();
    }
  };
  for (const ArrivalBatch& batch : batches) {
    CHECK(batch.listener() < parts_.sources.size());
    std::vector<Rejected> rejected;
    parts_.sources[batch.listener()]->Take(batch, &waiting_, &rejected);
    for (const Rejected& piece : rejected) parts_.put_aside(piece);
    shares_.push_back({parts_.sources[batch.listener()]->carries(), batch.of_file, waiting_.mark()});
    put_aside = put_aside || !rejected.empty();
    ++taken;
    if (waiting_.size() >= kEventsPerAppend) store();
  }
  NoteLosses();
  store();
  return !batches.empty();
}

void Writer::Run() {
  while (Round() || !parts_.queue.closed()) {
  }
}

void Writer::EndSessions() {
  for (Source* const source : parts_.sources) source->EndSessions();
  NoteLosses();
}

// Rows first: what is among the records came after them.
bool Writer::StoreWaiting() {
  stored_rows_ = 0;
  stored_records_ = 0;
  const bool stored = !gave_up_ && StoreEvents() && StoreRecords();
  gave_up_ = !stored;
  if (gave_up_) {
    unanswerable_ = true;
    NoteGivenUp();
  }
  shares_.clear();
  waiting_.Clear();
  return stored;
}

// Not of files: their places stay where they were, and the next run reads on from there.
void Writer::NoteGivenUp() {
  record::RecordBatch::Mark begin;
  for (const Share& share : shares_) {
    std::optional<Loss> loss;
    const auto add = [&](Instant at) {
      if (!loss.has_value()) loss = Loss{{at, at + 1}, 0, share.carries};
      loss->period.begin = std::min(loss->period.begin, at);
      loss->period.end = std::max(loss->period.end, at + 1);
      ++loss->records;
    };
    for (std::size_t i = std::max(begin.rows, stored_rows_); i < share.end.rows; ++i)
      add(Instant::FromUnixNs(waiting_.events.rows[i].at_ns));
    for (std::size_t i = std::max(begin.records, stored_records_); i < share.end.records; ++i)
      add(record::OriginOf(waiting_.records[i]).at.at);
    if (loss.has_value() && !share.of_file) NoteLost(*loss);
    begin = share.end;
  }
}

bool Writer::StoreEvents() {
  record::NatEventBatch& events = waiting_.events;
  if (events.rows.empty()) return true;
  if (events.rows.size() <= 2 * kEventsPerAppend) {
    if (!Store(events.rows.size(), [&] { return parts_.sink.AppendEvents(events); })) return false;
    stored_rows_ = events.rows.size();
    return true;
  }
  // More than usual from one batch of arrivals, such as small records or what had waited for a template.
  std::vector<record::NatEventRow> rows = std::move(events.rows);
  bool stored = true;
  while (stored && stored_rows_ < rows.size()) {
    const std::size_t count = std::min(kEventsPerAppend, rows.size() - stored_rows_);
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(stored_rows_);
    events.rows.assign(first, first + static_cast<std::ptrdiff_t>(count));
    stored = Store(count, [&] { return parts_.sink.AppendEvents(events); });
    if (stored) stored_rows_ += count;
  }
  events.rows = std::move(rows);
  return stored;
}

bool Writer::StoreRecords() {
  std::span<const record::Record> records = waiting_.records;
  while (!records.empty()) {
    const std::span<const record::Record> some = records.first(std::min(kRecordsPerAppend, records.size()));
    if (!Store(some.size(), [&] { return parts_.sink.Append(some); })) return false;
    records = records.subspan(some.size());
    stored_records_ += some.size();
  }
  return true;
}

bool Writer::Store(std::size_t count, const std::function<Status()>& append) {
  while (true) {
    const Status appended = append();
    if (appended.ok()) {
      counts_.appended += count;
      return true;
    }
    parts_.say(fmt::format("{}; trying again", appended.error().what()));
    if (parts_.give_up()) {
      parts_.say(fmt::format("stopped with {} records that could not be stored", count));
      return false;
    }
    ++counts_.retries;
    parts_.sleep(kRetryWait);
  }
}

void Writer::NoteLosses() {
  for (Source* const source : parts_.sources) {
    for (const Loss& loss : source->TakeLosses()) NoteLost(loss);
  }
}

void Writer::NoteLost(const Loss& loss) {
  counts_.lost += loss.records;
  parts_.sink.NoteLost(loss);
}

}  // namespace probatio::collect
