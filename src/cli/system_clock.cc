#include "cli/system_clock.h"

#include <chrono>

#include "cli/files.h"

namespace probatio::cli {

Instant SystemClock::Now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return Instant::FromUnixNs(std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch).count());
}

Result<DemonstrationClock> DemonstrationClock::Read(const std::string& path) {
  std::string text = TRY(ReadText(path, 100));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const Instant now = TRY_IN(path, Instant::ParseRfc3339(text));
  return DemonstrationClock(now);
}

Status WriteDemonstrationClock(const std::string& path, Instant now) {
  const std::string text = now.ToRfc3339() + "\n";
  return WriteFile(path, AsBytes(text));
}

}  // namespace probatio::cli
