// Where collected records go: the interface of whoever makes them durable (keep/, connected in main/).
#pragma once

#include <span>

#include "record/nat_event_batch.h"
#include "record/record.h"

namespace probatio::collect {

// What a listener's records are, so that a loss stands with the windows in which they would have been.
enum class Carries { kNatEvents, kAccessSessions, kActivity };

// Records that an exporter sent and that never arrived: what it, or the kernel, counted.
struct Loss {
  Period period;
  std::uint64_t records = 0;  // at least
  Carries carries = Carries::kNatEvents;
};

// Called by one thread.
class Sink {
 public:
  virtual ~Sink() = default;
  // Durable when it returns. On an error nothing of the call was taken, and the caller tries again later.
  virtual Status Append(std::span<const record::Record> records) = 0;
  // The same for NAT events as a decoder writes them, at a fraction of the cost.
  virtual Status AppendEvents(const record::NatEventBatch& events) = 0;
  virtual void NoteLost(const Loss& loss) = 0;
};

}  // namespace probatio::collect
