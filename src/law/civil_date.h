// Dates and wall-clock time in Europe/Paris, in which French time limits run. The rule since 1996: summer
// time from the last Sunday of March 01:00 UTC to the last Sunday of October 01:00 UTC (Directive
// 2000/84/EC). Pure; thread-safe.
#pragma once

#include "base/instant.h"

namespace probatio::law {

struct CivilDate {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  auto operator<=>(const CivilDate&) const = default;
};

Result<CivilDate> ParseDate(std::string_view text);  // "2024-11-12"
std::string ToText(const CivilDate& date);
CivilDate AddDays(const CivilDate& date, int days);
// The same day-number, or the last day of a shorter month (CPC 641 al. 2).
CivilDate AddMonths(const CivilDate& date, int months);
std::int64_t DaysBetween(const CivilDate& first, const CivilDate& last);  // 0 for the same day
unsigned WeekdayOf(const CivilDate& date);                                // 1 Monday ... 7 Sunday

std::int64_t ParisOffsetNs(Instant at);  // +1 h or +2 h
CivilDate ParisDate(Instant at);
std::string ParisText(Instant at);             // "2024-11-12 17:00:00 +01:00"
Instant ParisMidnight(const CivilDate& date);  // 00:00 in Paris

}  // namespace probatio::law
