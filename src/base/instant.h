// An Instant is a point in time in UTC, never a local time. A Timestamp is an Instant with what its source
// knows about it: resolution, error bound, and which clock it came from. Leap seconds are not counted
// (POSIX).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace probatio {

inline constexpr std::int64_t kNsPerMs = 1'000'000;
inline constexpr std::int64_t kNsPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNsPerMinute = 60 * kNsPerSecond;
inline constexpr std::int64_t kNsPerHour = 60 * kNsPerMinute;
inline constexpr std::int64_t kNsPerDay = 24 * kNsPerHour;

class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant FromUnixNs(std::int64_t ns) { return Instant(ns); }
  static constexpr Instant FromUnixSeconds(std::int64_t s) { return Instant(s * kNsPerSecond); }

  // Years 1678 to 2261, the range of a signed 64-bit count of nanoseconds.
  static Result<Instant> FromCivilUtc(int year, unsigned month, unsigned day, unsigned hour = 0,
                                      unsigned minute = 0, unsigned second = 0, std::int64_t ns = 0);

  // RFC 3339 with a zone ("Z" or "+01:00"); up to nine fraction digits. A text without zone is refused.
  static Result<Instant> ParseRfc3339(std::string_view text);

  constexpr std::int64_t unix_ns() const { return ns_; }
  // "2024-10-21T08:14:03.250Z": UTC, only as many of 0, 3, 6, 9 fraction digits as needed.
  std::string ToRfc3339() const;

  constexpr Instant operator+(std::int64_t ns) const { return Instant(ns_ + ns); }
  constexpr Instant operator-(std::int64_t ns) const { return Instant(ns_ - ns); }
  constexpr std::int64_t operator-(Instant other) const { return ns_ - other.ns_; }
  constexpr auto operator<=>(const Instant&) const = default;

 private:
  explicit constexpr Instant(std::int64_t ns) : ns_(ns) {}
  std::int64_t ns_ = 0;
};

// [begin, end): end excluded.
struct Period {
  Instant begin;
  Instant end;

  bool Contains(Instant at) const { return begin <= at && at < end; }
  bool Overlaps(const Period& other) const { return begin < other.end && other.begin < end; }
  auto operator<=>(const Period&) const = default;
};

// Which clock an instant came from, best first.
enum class ClockSource : std::uint8_t {
  kEvent = 1,    // the exporter said when the event happened
  kMessage = 2,  // the message's own time of making
  kExport = 3,   // the export time of the carrying message
  kReceipt = 4,  // our own clock when it arrived
};
std::string_view ToText(ClockSource source);
Result<ClockSource> ParseClockSource(std::string_view text);

// What was added to the reading of a clock that is known to be wrong: configured, fixed for each source.
// Zero: nothing was.
struct ClockOffset {
  std::int64_t ns = 0;
  auto operator<=>(const ClockOffset&) const = default;
};

struct Timestamp {
  Instant at;
  std::int64_t resolution_ns =
      kNsPerMs;               // the step of the source's clock; the event lies in [at, at + resolution)
  std::int64_t error_ns = 0;  // stated bound of the source's offset from UTC, either way
  ClockSource source = ClockSource::kEvent;
  ClockOffset offset = {};  // is in `at` already
  auto operator<=>(const Timestamp&) const = default;
};

}  // namespace probatio
