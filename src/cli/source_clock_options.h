// The options by which a person says what is known of the clock behind a log: --zone, --year, --clock-offset,
// --clock-error.
#pragma once

#include <optional>
#include <string>

#include "decode/time/source_clock.h"

namespace CLI {
class App;
}

namespace probatio::cli {

struct SourceClockOptions {
  std::string zone;                  // "Europe/Paris", "UTC", "+02:00"; empty: none
  std::optional<int> year;           // of logs that print none
  std::string offset_seconds = "0";  // added to the source's clock: "-90", "1.5"
  std::string error_seconds = "0";
};

void AddSourceClockOptions(CLI::App* command, SourceClockOptions* options);

// kUsage for what is no zone, year or number of seconds; kNotFound for a zone that this machine does not
// have.
Result<decode::SourceClock> ReadSourceClock(const SourceClockOptions& options);

// "UTC", an offset such as "+02:00", or a zone of the system's tzdata.
Result<decode::TimeZone> ReadTimeZone(const std::string& name);

}  // namespace probatio::cli
