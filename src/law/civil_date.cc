#include "law/civil_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace probatio::law {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

// The years that an Instant can hold whole (base/instant.h); dates beyond them are cut to these.
constexpr int kInstantYearMin = 1678;
constexpr int kInstantYearMax = 2261;

sys_days DaysOf(const CivilDate& date) {
  const year_month_day ymd{std::chrono::year{date.year}, std::chrono::month{date.month},
                           std::chrono::day{date.day}};
  CHECK(ymd.ok());
  return sys_days{ymd};
}

CivilDate DateOf(sys_days days) {
  const year_month_day ymd{days};
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day())};
}

sys_days DaysOf(Instant at) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::nanoseconds>{std::chrono::nanoseconds{at.unix_ns()}});
}

Instant MidnightUtc(sys_days days) {
  return Instant::FromUnixNs(days.time_since_epoch().count() * kNsPerDay);
}

// 01:00 UTC on the last Sunday of a month: when the clocks of the Union change.
Instant ClockChange(int year, unsigned month) {
  const std::chrono::year_month_weekday_last last{std::chrono::year{year}, std::chrono::month{month},
                                                  std::chrono::weekday_last{std::chrono::Sunday}};
  return MidnightUtc(sys_days{last}) + kNsPerHour;
}

bool Digits(std::string_view text, int* value) {
  *value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (c - '0');
  }
  return true;
}

}  // namespace

Result<CivilDate> ParseDate(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                      Digits(text.substr(0, 4), &year) && Digits(text.substr(5, 2), &month) &&
                      Digits(text.substr(8, 2), &day);
  if (!shaped) return Invalid("date: not of the form 2024-11-12");
  const year_month_day ymd{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                           std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok() || year < kInstantYearMin || year > kInstantYearMax) return Invalid("date: no such day");
  return CivilDate{year, static_cast<unsigned>(month), static_cast<unsigned>(day)};
}

std::string ToText(const CivilDate& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

CivilDate AddDays(const CivilDate& date, int days) {
  return DateOf(DaysOf(date) + std::chrono::days{days});
}

CivilDate AddMonths(const CivilDate& date, int months) {
  const auto target = std::chrono::year_month{std::chrono::year{date.year}, std::chrono::month{date.month}} +
                      std::chrono::months{months};
  const year_month_day last{target / std::chrono::last};
  return {static_cast<int>(target.year()), static_cast<unsigned>(target.month()),
          std::min(date.day, static_cast<unsigned>(last.day()))};
}

std::int64_t DaysBetween(const CivilDate& first, const CivilDate& last) {
  return (DaysOf(last) - DaysOf(first)).count();
}

unsigned WeekdayOf(const CivilDate& date) {
  return std::chrono::weekday{DaysOf(date)}.iso_encoding();
}

std::int64_t ParisOffsetNs(Instant at) {
  const int year = DateOf(DaysOf(at)).year;
  const bool summer = ClockChange(year, 3) <= at && at < ClockChange(year, 10);
  return summer ? 2 * kNsPerHour : kNsPerHour;
}

CivilDate ParisDate(Instant at) {
  return DateOf(DaysOf(at + ParisOffsetNs(at)));
}

std::string ParisText(Instant at) {
  const std::int64_t offset_ns = ParisOffsetNs(at);
  const Instant local = at + offset_ns;
  const std::int64_t in_day_s = (local - MidnightUtc(DaysOf(local))) / kNsPerSecond;
  return fmt::format("{} {:02}:{:02}:{:02} +{:02}:00", ToText(DateOf(DaysOf(local))), in_day_s / 3600,
                     in_day_s / 60 % 60, in_day_s % 60, offset_ns / kNsPerHour);
}

Instant ParisMidnight(const CivilDate& date) {
  // A date no Instant can hold is cut to the nearest one that can: an end of time far away stays far away.
  if (date.year > kInstantYearMax) return ParisMidnight({kInstantYearMax, 12, 31});
  if (date.year < kInstantYearMin) return ParisMidnight({kInstantYearMin, 1, 1});
  // The clocks never change between 22:00 and 24:00 UTC, so the offset an hour before midnight is midnight's.
  const Instant midnight_utc = MidnightUtc(DaysOf(date));
  return midnight_utc - ParisOffsetNs(midnight_utc - kNsPerHour);
}

}  // namespace probatio::law
