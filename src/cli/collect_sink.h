// Where a collector's records go: into the deployment's sealed store, through two runs. One has the NAT
// sessions, whose windows last a quarter of an hour, and is followed by the next one shortly after each of
// them; the other has all streams of a day, so that a day is not cut into 96 segments. What is open when a
// run ends is handed to the next (docs/formats/window.md, "Sessions"). The store is taken for moments only;
// rows of segments that are open are taken whoever has it. For one thread, that of the collector's writer.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "cli/deployment.h"
#include "collect/sink.h"

namespace probatio::cli {

// Deletes that arrive so late after their window's end still find their create in the run that has it.
inline constexpr std::int64_t kSessionsGraceNs = 30 * kNsPerSecond;
inline constexpr std::int64_t kDaysCloseEveryNs = 6 * kNsPerHour;
inline constexpr std::uint64_t kDaysRowsMax = keep::kOpenRowsMax / 2;  // held in memory until they are sealed
inline constexpr std::int64_t kOpenAheadNs = kNsPerMinute;  // before a window begins its segment is opened
inline constexpr std::int64_t kTickEveryNs = kNsPerSecond;
inline constexpr std::int64_t kRotateAgainNs = 10 * kNsPerSecond;  // after the store was busy, or an error

struct CollectLimits {
  std::int64_t sessions_grace_ns = kSessionsGraceNs;
  std::int64_t days_close_every_ns = kDaysCloseEveryNs;
  std::uint64_t days_rows = kDaysRowsMax;
};

// Of all runs of this sink.
struct CollectedCounts {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // outside retention, from the future, or with nothing to be found by
  std::uint64_t lost = 0;     // by the exporters' numbers and the kernel's
  std::uint64_t runs = 0;     // that ended
  std::uint64_t failed = 0;   // of them: with an error, their journals left to recovery
};

class CollectSink : public collect::Sink {
 public:
  struct Parts {
    Deployment& deployment;                       // opened; its store is given back from here to Close
    std::function<void(const std::string&)> say;  // ids and counts, never a person or an address
    CollectLimits limits = {};
  };
  static Result<std::unique_ptr<CollectSink>> Open(Parts parts);

  // kStorage also while somebody else has the store and a row needs a segment that is not open yet.
  Status Append(std::span<const record::Record> records) override;
  Status AppendEvents(const record::NatEventBatch& events) override;
  // In the ledger after a minute at most, if Tick is called: what is lost then is known after a kill too.
  void NoteLost(const collect::Loss& loss) override;

  // Between two rounds of the writer, as often as it likes: heads and losses go to the ledger, segments are
  // opened ahead, runs that are due are followed by the next. Nothing here stops the collecting: what fails
  // is said and tried again, and a run that could not be closed is recovered from its journal.
  void Tick(Instant now);

  // The graceful end: seals everything, waiting for the store, and enters "collected". On an error what was
  // acknowledged lies in the journals; the next command that opens the deployment recovers it. Afterwards
  // the store is as it was: given back.
  Status Close();

  CollectedCounts counts() const;

 private:
  struct Half {
    keep::StreamSet streams;
    std::unique_ptr<keep::Run> run;
    Instant since;       // when the run was opened
    Instant not_before;  // of the next try to rotate
    std::uint64_t lost = 0;
  };
  // A call of which one half was durable when the other failed. It comes again, and is not taken twice.
  using HalfTaken = std::variant<std::monostate, std::vector<record::Record>, record::NatEventBatch>;

  explicit CollectSink(Parts parts);
  Status OpenRuns();
  template <class Batch, class AppendTo>
  Status AppendToBoth(const Batch& batch, AppendTo append);
  bool IsDue(const Half& half, Instant now) const;
  void Keep(Half* half, Instant now);
  void Rotate(Half* half, Instant now);
  Status Follow(Half* half, Instant now);
  Status CloseHalf(Half* half);
  void Count(const keep::RunCounts& counts);

  Parts parts_;
  Half sessions_;
  Half days_;
  HalfTaken half_taken_;
  CollectedCounts ended_;
  Instant last_tick_;
};

}  // namespace probatio::cli
