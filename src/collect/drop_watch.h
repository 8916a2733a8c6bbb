// Turns a socket's count of thrown-away datagrams into what was dropped when. Looked at often, it gives short
// intervals; a listener that waits for the queue gives one as long as its wait. One thread.
#pragma once

#include <optional>

#include "collect/arrivals.h"

namespace probatio::collect {

class DropWatch {
 public:
  explicit DropWatch(Instant now) : looked_at_(now) {}

  // `count` is the kernel's, since the socket was made. What was dropped since the last look, if anything.
  std::optional<Dropped> Look(std::uint64_t count, Instant now) {
    const Dropped dropped{{looked_at_, now + 1}, count - seen_};
    looked_at_ = now;
    seen_ = count;
    if (dropped.pieces == 0) return std::nullopt;
    return dropped;
  }

 private:
  Instant looked_at_;
  std::uint64_t seen_ = 0;
};

}  // namespace probatio::collect
