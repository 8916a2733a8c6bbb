// The machine's clock. Only the command line and the daemons read it; everything else is handed an Instant.
#pragma once

#include <string>

#include "base/clock.h"

namespace probatio::cli {

class SystemClock : public Clock {
 public:
  Instant Now() const override;
};

// The clock of a deployment made by `init --demo`: stands still at the instant in its file until `probatio
// clock set`.
class DemonstrationClock : public Clock {
 public:
  static Result<DemonstrationClock> Read(const std::string& path);
  Instant Now() const override { return now_; }

 private:
  explicit DemonstrationClock(Instant now) : now_(now) {}
  Instant now_;
};
Status WriteDemonstrationClock(const std::string& path, Instant now);

}  // namespace probatio::cli
