// The rule by which a zone goes on after the last change that its file lists: the TZ string of POSIX in the
// footer of a TZif file (RFC 8536, section 3.3), such as "CET-1CEST,M3.5.0,M10.5.0/3". Pure; thread-safe.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace probatio::decode {

// A day of the year and a time on that day, by the clocks in force before it.
struct YearlyChange {
  enum class Form { kMonthWeekDay, kDayWithoutLeapDay, kDay };  // Mm.w.d, Jn, n
  Form form = Form::kMonthWeekDay;
  unsigned month = 1;           // 1 to 12
  unsigned week = 1;            // 1 to 5; 5: the last
  unsigned day = 0;             // weekday, 0 Sunday; or Jn: 1 to 365; or n: 0 to 365
  std::int64_t time_s = 7'200;  // may leave the day (RFC 8536, section 3.3.1)

  // Seconds since 1970 of this reading of the clock, counted as if it showed UTC.
  std::int64_t LocalSeconds(int year) const;
};

struct ZoneRule {
  std::int64_t standard_offset_s = 0;  // east of Greenwich is positive
  struct Summer {
    std::int64_t offset_s;
    YearlyChange begin;
    YearlyChange end;
  };
  std::optional<Summer> summer;
};

// kInvalid names the offset in the text.
Result<ZoneRule> ParseZoneRule(std::string_view text);

}  // namespace probatio::decode
