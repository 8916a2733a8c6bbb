// What a run holds between two calls, and the steps of its three acts: opening segments, journaling, sealing.
// For run*.cc only.
#pragma once

#include "keep/enter.h"
#include "keep/run_intake.h"
#include "seal/nat_batch.h"

namespace probatio::keep {

// Each record of a window can be filed under so many tokens at most (seal/selector.h).
inline constexpr std::uint64_t kTokensPerRecordMax =
    5;  // an access session with all its addresses and prefixes

struct OpenSegment {
  seal::SegmentInfo info;  // info.journal is the head of what was acknowledged
  seal::SegmentBuilder builder;
  std::uint64_t batches_entered = 0;              // in the ledger by a journal_head entry
  std::uint64_t lost_entered = 0;                 // the same
  std::unique_ptr<seal::NatJournal> nat_journal;  // NAT streams; made with the first batch
};

// A sealed batch that is not yet on disk: nothing of it has reached its segment.
struct PendingBatch {
  OpenSegment* segment = nullptr;
  seal::JournalHead head;
  std::vector<seal::SubjectPublic> subjects;  // parallel to records; empty for window streams
  std::vector<record::Record> records;
  std::size_t nat_rows = 0;  // of a NAT batch, which has no records
};

struct Run::State {
  State(Parts with, std::string run)
      : parts(std::move(with)),
        name(std::move(run)),
        nat(parts.spill_folder + "/" + name + ".spill", *parts.spill_disk, parts.random, parts.nat_limits) {}

  Parts parts;
  std::string name;
  std::unique_ptr<JournalFile> journal;
  std::map<seal::Window, OpenSegment> segments;
  std::map<seal::Window, std::uint64_t> lost;
  NatRows nat;
  RunCounts counts;
  std::uint64_t nat_accepted = 0;       // of counts.accepted
  std::vector<seal::NatRow> row_room;   // for seal::GroupNatRows
  std::vector<seal::NatRow> row_spare;  // memory of the last batch, for the next
  Instant heads_entered_at;
  Instant latest_now;    // that this run's clock has shown
  bool renewed = false;  // the batch has password items, which are to be settled after it
  std::string ended;     // why the run takes nothing any more; empty while it lives

  Status CheckLives() const;
  Instant LatestTaken(Instant now);
  // The two halves of an Append: before its records are looked at, and after.
  Result<Instant> Begin();
  Status Accept(Intake* intake, Instant now);
  // Of what waits at the close of a run.
  Status HandOver(State* next, Instant now);
  Status HandOverPart(State* next, std::span<const seal::WaitingNat> part, Instant now);
  Status CheckRoomFor(const Intake& intake) const;
  // Makes a window key for each window that has no segment: wrapped keys to the box in one write, then their
  // entries.
  Status OpenSegments(std::span<const seal::Window> windows, Instant now);
  bool AreHeadsDue(Instant now) const;
  Status EnterJournalHeads(Instant now);
  // Seals one batch for each window of the intake; `sealed` are their bytes.
  Result<std::vector<PendingBatch>> SealBatches(Intake* intake, std::vector<Buffer>* sealed);
  Status SealNatBatches(Intake* intake, std::vector<PendingBatch>* batches, std::vector<Buffer>* sealed);
  // Seals and writes; password items are the latest ones when it returns. On an error none is.
  Result<std::vector<PendingBatch>> Journal(Intake* intake, Instant now);
  // The batch is safe already: what fails here ends the run, and is done when the deployment is next opened.
  void SettlePasswords(Instant now);
  Status AppendToJournal(std::span<const PendingBatch> batches, std::span<const Buffer> sealed);
  void Keep(std::vector<PendingBatch> batches);              // after they are on disk; cannot fail
  std::vector<seal::Window> LostWindows(Instant now) const;  // that may still be read
  Status OpenOtherWindows(Instant now);  // that were lost, or that sessions lasted through
  Status WriteSegments(Instant now, std::vector<ledger::Entry>* closed);
  // Enters; an answer that cannot be had ends the run.
  Status EnterOrEnd(std::span<const ledger::Entry> entries);
};

}  // namespace probatio::keep
