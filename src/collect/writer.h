// The one thread behind all listeners: decodes what arrived, makes it durable, and only then lets it be
// answered. What it takes at once is one batch of the journal: the fuller the queue, the less each record
// costs (group commit).
#pragma once

#include <functional>

#include "base/clock.h"
#include "collect/source.h"

namespace probatio::collect {

inline constexpr std::size_t kRecordsPerAppend = 65'536;
inline constexpr std::size_t kBytesPerRound = 16U << 20;  // decoded they take several times that
inline constexpr std::size_t kEventsPerAppend = 131'072;  // NAT events in rows
inline constexpr std::chrono::milliseconds kIdleWait{200};
inline constexpr std::chrono::seconds kRetryWait{
    1};  // after the sink refused: a full disk is emptied by a person

struct WriterCounts {
  std::uint64_t appended = 0;  // records, durable
  std::uint64_t retries = 0;
  std::uint64_t lost = 0;  // by the exporters' numbers and the kernel's count, and given up at a stop
};

class Writer {
 public:
  struct Parts {
    ArrivalQueue& queue;
    std::vector<Source*> sources;  // by the listener's number
    Sink& sink;
    std::function<void(const Rejected&)> put_aside;        // what could not be decoded
    std::function<void(const std::string&)> say;           // ids and counts, never a person or an address
    std::function<void(std::chrono::milliseconds)> sleep;  // between two tries
    std::function<bool()> give_up;                         // at the end of a graceful stop's patience
    std::function<void()> keep_aside = [] {};  // what was put aside is durable when it returns, or counted
  };
  explicit Writer(Parts parts) : parts_(std::move(parts)) {}

  // One round: everything that waits, durable when it returns true. False when there was nothing.
  bool Round();
  // Until the queue is closed and empty.
  void Run();
  // Then, and after the sources' states were saved: what still waits for its template is lost, and said to
  // be.
  void EndSessions();

  const WriterCounts& counts() const { return counts_; }

 private:
  // What one batch of arrivals has among the waiting records: up to `end`, from where the share before ends.
  struct Share {
    Carries carries = Carries::kNatEvents;
    bool of_file = false;
    record::RecordBatch::Mark end;
  };

  // Each false when told to give up: what was not stored is then lost, and entered as such.
  bool StoreWaiting();
  bool StoreEvents();
  bool StoreRecords();
  bool Store(std::size_t count, const std::function<Status()>& append);
  void NoteLosses();
  void NoteGivenUp();
  void NoteLost(const Loss& loss);

  Parts parts_;
  WriterCounts counts_;
  record::RecordBatch waiting_;
  std::vector<Share> shares_;    // of waiting_
  std::size_t stored_rows_ = 0;  // of waiting_
  std::size_t stored_records_ = 0;
  bool gave_up_ = false;       // in this round
  bool unanswerable_ = false;  // from the first that was given up
};

}  // namespace probatio::collect
