// What a clock showed, as a log prints it: a date and a time of day that are no instant until a zone says so.
// Read by a pattern, since every log has its own. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace probatio::decode {

struct CivilTime {
  std::optional<int> year;  // RFC 3164 prints none
  unsigned month = 1;
  unsigned day = 1;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  std::int64_t ns = 0;
  std::int64_t resolution_ns = kNsPerSecond;  // step of the digits that were printed
  std::optional<std::int64_t> utc_offset_s;   // where the text says its zone: "Z", "+02:00"

  std::string ToText() const;  // "2024-10-27 02:30:00", for messages
};

// Reads a time at the front of *text by a pattern and steps over it. In a pattern
//   %Y year, 4 digits    %m month, 2 digits     %b "Jan" to "Dec", any case    %d day, 1 or 2 digits
//   %H %M %S 2 digits    %f fraction: '.' or ',' and 1 to 9 digits, or nothing  %a "Mon" to "Sun", not
//   checked %z "Z", "UTC", "GMT", "+02:00", "+0200", "+02", blanks before it, or nothing blank: one or more
//   blanks; any other character: itself.
// Without %H, %M, %S a time begins its day, minute, second and has that resolution. kInvalid says what was
// looked for and at which offset of *text. Numbers are checked later: by SourceClock.
Status ReadCivilTime(std::string_view pattern, std::string_view* text, CivilTime* out);

// The same of a whole text. kInvalid where something is left.
Result<CivilTime> ParseCivilTime(std::string_view pattern, std::string_view text);

// Refuses a pattern that ReadCivilTime would not understand or that names no day: for configurations.
Status CheckTimePattern(std::string_view pattern);

// A count of seconds since 1970 with up to nine digits of fraction: "1795482196.218910".
struct EpochTime {
  Instant at;
  std::int64_t resolution_ns = kNsPerSecond;
};
Result<EpochTime> ParseEpochTime(std::string_view text);

}  // namespace probatio::decode
