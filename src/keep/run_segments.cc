// Opening a run's segments and journaling their batches.
#include <fmt/format.h>

#include <algorithm>

#include "crypto/system_random.h"
#include "keep/erasure.h"
#include "keep/run_state.h"
#include "seal/nat_sort.h"

namespace probatio::keep {
namespace {

std::string HolderOf(const record::Record& record) {
  if (const auto* account = std::get_if<record::Account>(&record)) return account->account;
  const auto* identity = std::get_if<record::Identity>(&record);
  CHECK(identity != nullptr);
  return identity->holder;
}

// Takes out password items that are superseded already.
Result<std::vector<seal::SubjectPublic>> SubjectsOf(std::vector<record::Record>* records, seal::Stream stream,
                                                    Subjects& subjects) {
  if (!seal::IsSubjectStream(stream)) return std::vector<seal::SubjectPublic>();
  if (stream == seal::Stream::kPassword) return subjects.Renew(records);
  std::vector<std::string> holders;
  for (const record::Record& record : *records) holders.push_back(HolderOf(record));
  return subjects.GetAll(stream, holders);
}

}  // namespace

Status Run::State::CheckLives() const {
  if (ended.empty()) return Done{};
  return StorageError(fmt::format("run {}: takes nothing any more: {}", name, ended));
}

// What the clock has shown once is no future: after a step back the records of the wire would otherwise all
// be refused until it has caught up. A clock that comes back from further had shown an instant that never
// was.
Instant Run::State::LatestTaken(Instant now) {
  latest_now = latest_now - now <= kClockStepBackMaxNs ? std::max(latest_now, now) : now;
  return latest_now + kClockAheadMaxNs;
}

Status Run::State::EnterOrEnd(std::span<const ledger::Entry> entries) {
  const EnterResult result = Enter(parts.ledger, entries);
  // Trying again could open a segment twice, with two keys.
  if (result.entered == Entered::kUnknown)
    ended = "the ledger did not say what it holds; its journal is kept";
  return result.status;
}

Status Run::State::CheckRoomFor(const Intake& intake) const {
  Room needed;
  needed.rows = counts.accepted + counts.taken_over + counts.passwords - nat_accepted +
                intake.counts.accepted + intake.counts.taken_over + intake.counts.passwords - intake.nat_rows;
  needed.segments = segments.size();
  for (const auto& [window, records] : intake.by_window) {
    const auto open = segments.find(window);
    const std::uint64_t tokens = open == segments.end() ? 0 : open->second.builder.tokens();
    needed.segments += open == segments.end() ? 1 : 0;
    needed.tokens_of_largest =
        std::max(needed.tokens_of_largest, tokens + kTokensPerRecordMax * records.size());
  }
  for (const auto& [window, rows] : intake.nat_by_window) {
    const auto open = segments.find(window);
    needed.segments += open == segments.end() ? 1 : 0;
    const bool journaled = open != segments.end() && open->second.nat_journal != nullptr;
    const std::uint64_t tokens = journaled ? open->second.nat_journal->tokens() : 0;
    needed.tokens_of_largest = std::max(needed.tokens_of_largest, tokens + rows.size());
  }
  return CheckRoom(needed);
}

Status Run::State::OpenSegments(std::span<const seal::Window> windows, Instant now) {
  const auto is_open = [&](const seal::Window& window) { return segments.count(window) > 0; };
  if (std::all_of(windows.begin(), windows.end(), is_open)) return Done{};
  const HeldTurn turn = TRY(HeldTurn::Take(parts.turn));
  std::map<seal::Window, OpenSegment> fresh;
  std::vector<seal::BoxEntry> wrapped_keys;
  std::vector<ledger::Entry> entries;
  for (const seal::Window& window : windows) {
    if (is_open(window)) continue;
    const Key key = crypto::RandomKey(parts.random);
    seal::SegmentInfo info;
    info.id = seal::MakeSegmentId(window, name);
    info.window = window;
    info.late = window.period.end <= now;
    info.opened_at = now;
    Buffer wrapped = TRY_IN("segment " + info.id.text(), parts.wrap(key, info.id));
    info.wrapped_digest = crypto::Sha256(wrapped);
    NoteOuter(wrapped, &info);
    wrapped_keys.push_back({seal::WrappedKey(info.id), std::move(wrapped)});
    entries.push_back(OpenedEntry(info));
    fresh.emplace(window, OpenSegment{info, seal::SegmentBuilder(info.id, window, key), 0, 0, nullptr});
  }
  TRY(parts.box.Write(wrapped_keys));
  TRY(EnterOrEnd(entries));
  counts.segments += fresh.size();
  segments.merge(fresh);
  return Done{};
}

bool Run::State::AreHeadsDue(Instant now) const {
  // After a step back the difference is negative for as long as the clock stepped: hours without a head.
  const bool stepped_back = now < heads_entered_at;
  return stepped_back || now - heads_entered_at >= kJournalHeadEveryNs;
}

Status Run::State::EnterJournalHeads(Instant now) {
  if (!AreHeadsDue(now)) return Done{};
  std::vector<ledger::Entry> entries;
  for (auto& [window, segment] : segments) {
    const auto losses = lost.find(window);
    if (losses != lost.end()) segment.info.lost_before = losses->second;
    const bool more = segment.info.journal.batches > segment.batches_entered ||
                      segment.info.lost_before > segment.lost_entered;
    if (more) entries.push_back(JournalHeadEntry(segment.info, now));
  }
  TRY(Enter(parts.ledger, entries).status);  // entered twice is said twice, nothing worse
  for (auto& [window, segment] : segments) {
    segment.batches_entered = segment.info.journal.batches;
    segment.lost_entered = segment.info.lost_before;
  }
  heads_entered_at = now;
  return Done{};
}

Status Run::State::SealNatBatches(Intake* intake, std::vector<PendingBatch>* batches,
                                  std::vector<Buffer>* sealed) {
  for (auto& [window, rows] : intake->nat_by_window) {
    OpenSegment& segment = segments.at(window);
    if (segment.nat_journal == nullptr) {
      segment.nat_journal = std::make_unique<seal::NatJournal>(segment.info.id, window.stream,
                                                               segment.builder.keys(), parts.random);
    }
    PendingBatch batch;
    batch.segment = &segment;
    batch.head = segment.info.journal;
    batch.nat_rows = rows.size();
    seal::GroupNatRows(window.stream, &rows, &row_room);
    Buffer bytes = TRY(segment.nat_journal->Seal(rows, nat.tables(), &batch.head));
    sealed->push_back(std::move(bytes));
    batches->push_back(std::move(batch));
  }
  return Done{};
}

Result<std::vector<PendingBatch>> Run::State::SealBatches(Intake* intake, std::vector<Buffer>* sealed) {
  std::vector<PendingBatch> batches;
  TRY(SealNatBatches(intake, &batches, sealed));
  renewed = std::any_of(intake->by_window.begin(), intake->by_window.end(),
                        [](const auto& window) { return window.first.stream == seal::Stream::kPassword; });
  for (auto& [window, records] : intake->by_window) {
    PendingBatch batch;
    batch.segment = &segments.at(window);
    batch.head = batch.segment->info.journal;
    batch.subjects = TRY(SubjectsOf(&records, window.stream, parts.subjects));
    if (records.empty()) continue;
    Buffer bytes = TRY(seal::SealBatch(batch.segment->info.id, batch.segment->builder.keys(), records,
                                       batch.subjects, &batch.head, parts.random));
    sealed->push_back(std::move(bytes));
    batch.records = std::move(records);
    batches.push_back(std::move(batch));
  }
  return batches;
}

Status Run::State::AppendToJournal(std::span<const PendingBatch> batches, std::span<const Buffer> sealed) {
  std::vector<JournalBatch> journaled;
  for (std::size_t i = 0; i < sealed.size(); ++i) journaled.push_back({sealed[i], batches[i].head.digest});
  return journal->Append(journaled);
}

Result<std::vector<PendingBatch>> Run::State::Journal(Intake* intake, Instant now) {
  std::vector<Buffer> sealed;
  Result<std::vector<PendingBatch>> batches = SealBatches(intake, &sealed);
  Status written = batches.ok() ? AppendToJournal(batches.value(), sealed) : Status(batches.error());
  if (!written.ok()) {
    SettlePasswords(now);
    return written.error();
  }
  // Trying again would journal the batch twice.
  written = parts.subjects.Confirm();
  if (written.ok()) return batches;
  ended = "a password item could not be confirmed; its journal is kept";
  return written.error();
}

void Run::State::SettlePasswords(Instant now) {
  if (!renewed) return;
  renewed = false;
  const Status settled = parts.subjects.SettlePasswords(parts.ledger, now);
  if (!settled.ok()) ended = "a password item could not be destroyed: " + settled.error().what();
}

void Run::State::Keep(std::vector<PendingBatch> batches) {
  for (PendingBatch& batch : batches) {
    OpenSegment& segment = *batch.segment;
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      const bool of_subject = !batch.subjects.empty();
      const Status added = of_subject ? segment.builder.AddFor(batch.subjects[i], batch.records[i])
                                      : segment.builder.Add(batch.records[i]);
      CHECK(added.ok());  // everything that could be wrong with a record was asked before it was journaled
    }
    segment.info.journal = batch.head;
    nat_accepted += batch.nat_rows;
    if (segment.info.late) counts.late += batch.records.size() + batch.nat_rows;
  }
}

}  // namespace probatio::keep
