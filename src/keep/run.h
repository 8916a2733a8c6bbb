// One collector run: records in, acknowledged when durable, sealed and entered in the ledger at close. For
// each window it touches the run opens a segment with a key of its own; a window whose end has passed gets a
// late segment. Order of writes:
//   1. the wrapped key is in the box and "segment_opened" in the ledger before the first batch is journaled;
//   2. a batch is acknowledged only when its journal entry is on disk;
//   3. at close the blocks, then the leaves, are in the box before "segment_closed" is in the ledger;
//   4. the journal goes only after that.
// It needs the store to open segments, for versions of subjects and to close, and takes its turn for these
// moments (store_turn.h); batches whose segments are open are taken whoever has the store.
// A crash at any point leaves a segment that is either closed or found open at the next start, and then
// closed by crash with its journal kept (recovery.h). Not thread-safe.
#pragma once

#include "base/clock.h"
#include "keep/journal_file.h"
#include "keep/manifest.h"
#include "keep/nat_rows.h"
#include "keep/store_turn.h"
#include "keep/subjects.h"
#include "record/nat_event_batch.h"
#include "resolve/retention.h"

namespace probatio::keep {

// Records of one Append. The more NAT events come together, the less each costs: a batch has one sealed
// fragment for each token.
inline constexpr std::size_t kBatchRecordsMax = 65'536;
inline constexpr std::size_t kBatchEventsMax = 262'144;  // NAT events of one Append
// Rows held in memory, but for NAT rows, which spill; more is kStorage "close the run first".
inline constexpr std::uint64_t kOpenRowsMax = 4'000'000;
inline constexpr std::size_t kOpenSegmentsMax = 50'000;
inline constexpr std::int64_t kClockAheadMaxNs =
    10 * kNsPerMinute;  // a record later than this after now is refused
inline constexpr std::int64_t kClockStepBackMaxNs =
    kNsPerDay;  // our own clock may step back so far in one run before what it had shown counts as wrong
inline constexpr std::int64_t kJournalHeadEveryNs =
    kNsPerMinute;                                     // between two entries of journal heads in the ledger
inline constexpr std::size_t kLostWindowsMax = 2976;  // windows of one NoteLost: 31 days of 15 minutes

// A name that no earlier run has: segment ids are made of it and must never meet.
Result<std::string> FreshRunName(const ledger::Ledger& ledger, Random& random);

struct RunCounts {
  std::uint64_t accepted = 0;
  std::uint64_t outside_retention = 0;  // refused and counted
  std::uint64_t unfindable = 0;   // nothing to be found by, such as "ports exhausted": counted, not kept
  std::uint64_t from_future = 0;  // refused and counted: a clock is wrong, ours or the source's
  std::uint64_t taken_over = 0;   // creates that another run had accepted and that had not ended at its close
  std::uint64_t passwords = 0;    // of accepted: with a password item, which is a row of its own
  std::uint64_t late = 0;         // accepted into late segments
  std::uint64_t spilled = 0;      // NAT rows that went through the spill file
  std::uint64_t segments = 0;
};
void AddCounts(const RunCounts& counts, RunCounts* sum);

// The streams that a run takes: rows of others are passed over and not counted, so that two runs can share
// what comes.
class StreamSet {
 public:
  StreamSet() = default;  // all
  explicit StreamSet(std::initializer_list<seal::Stream> streams) : bits_(0) {
    for (const seal::Stream stream : streams) bits_ |= BitOf(stream);
  }
  bool contains(seal::Stream stream) const { return (bits_ & BitOf(stream)) != 0; }

 private:
  static std::uint32_t BitOf(seal::Stream stream) { return 1U << static_cast<unsigned>(stream); }
  std::uint32_t bits_ = UINT32_MAX;
};

class Run {
 public:
  struct Parts {
    seal::Box& box;
    ledger::Ledger& ledger;
    Journals& journals;
    Subjects& subjects;
    const resolve::Retention& retention;
    const Clock& clock;
    Random& random;
    WrapSegmentKey wrap;
    std::string spill_folder = "/tmp";  // for NAT rows that do not fit in memory, sealed
    Disk* spill_disk = &SystemDisk();
    NatRows::Limits nat_limits = {};
    bool pad_network_blocks = false;  // docs/threat-model.md
    StreamSet streams = {};
    StoreTurn* turn = nullptr;  // absent: the store is the caller's for as long as the run lives
  };
  static Result<std::unique_ptr<Run>> Open(Parts parts);
  ~Run();

  // Durable when it returns. At most kBatchRecordsMax records. On an error nothing of this batch is
  // acknowledged: kInvalid names the record, kStorage says what is full or who has the store; the caller may
  // try again.
  Status Append(std::span<const record::Record> records);
  // The same for NAT events as a decoder writes them, at a fraction of the cost: at most kBatchEventsMax.
  // Events outside the years 1678 to 2261 are refused and counted here, or, when the first event of its kind
  // is one, kInvalid.
  Status AppendEvents(const record::NatEventBatch& events);
  // What the exporters' sequence numbers say was lost on the way; entered with the journal's heads and at
  // Close, with each window that it may concern, even one without records. A period of more than
  // kLostWindowsMax windows counts for its last ones.
  void NoteLost(seal::Stream stream, const Period& period, std::uint64_t records);
  // For a run that may be idle: what Append does every minute anyway. Heads and losses so far are then in the
  // ledger, losses of windows without rows too unless somebody else has the store.
  Status EnterHeads();
  // Opens the segment of the window at `at` for each stream that has an open one, so that its first row needs
  // no turn any more.
  Status OpenAhead(Instant at);
  // Seals everything and enters it in the ledger. After an error, but that somebody else has the store, the
  // run takes nothing more: its journal stays for recovery, which leaves it alone until this object is gone.
  // `next`, a run over the same store: creates that have not met their delete are handed over to it, durable
  // there before they are left out here, so that a session which ends under it becomes one row; those older
  // than any question looks stay here, loose. When that fails nothing else is done and the run goes on.
  Result<RunCounts> Close(Run* next = nullptr);

  bool lives() const;               // false after an error that it cannot go on from, and when it is closed
  const std::string& name() const;  // 8 hexadecimal digits
  const RunCounts& counts() const;

 private:
  struct State;
  explicit Run(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace probatio::keep
