// The one source of the present. Pure folders never see it: they are handed an Instant.
#pragma once

#include "base/instant.h"

namespace probatio {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;  // thread-safe
};

// A clock that stands still until it is moved; for tests and demonstration deployments.
class FixedClock : public Clock {
 public:
  explicit FixedClock(Instant now) : now_(now) {}
  Instant Now() const override { return now_; }
  void Set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

}  // namespace probatio
