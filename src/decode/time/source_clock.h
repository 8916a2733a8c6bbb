// What the provider's configuration says about the clock of a source, and the one way from a time in a log to
// a Timestamp. A local time becomes an instant only by a zone that was named; nothing is guessed
// (docs/formats/time.md). Values; pure; thread-safe.
#pragma once

#include <memory>
#include <optional>

#include "decode/time/civil_time.h"
#include "decode/time/time_zone.h"

namespace probatio::decode {

struct SourceClock {
  std::shared_ptr<const TimeZone> zone;  // none: a local time is refused
  std::optional<int> year;               // of logs that print none
  ClockOffset offset;                    // added to every instant that the source's clock gave, and recorded
  std::int64_t error_ns = 0;             // bound of the source's distance from UTC, either way

  // kInvalid says why the time is no instant: no zone, no year, no such date, an hour that clocks stepped
  // over. A reading that clocks showed twice lies between both, with an error that reaches both. `received`,
  // where known, tells the year of a log that prints none: the one that brings it nearest.
  Result<Timestamp> At(const CivilTime& civil, ClockSource source, std::optional<Instant> received) const;

  // An instant that the source gave in UTC: the configured offset and error are added. Our own time of
  // receipt is not the source's and stays as it is.
  Result<Timestamp> Corrected(Timestamp stamp) const;
};

}  // namespace probatio::decode
