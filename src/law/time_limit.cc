#include "law/time_limit.h"

#include <fmt/format.h>

namespace probatio::law {
namespace {

// The last year whose days an Instant holds whole, less one so that a roll-over still fits.
constexpr int kYearMax = 2260;

CivilDate NextWorkingDay(CivilDate date) {
  while (!IsWorkingDay(date)) date = AddDays(date, 1);
  return date;
}

Instant EndOf(const CivilDate& day) {
  return ParisMidnight(AddDays(day, 1));
}

// The code has no rule for hours. Practice counts them hour to hour, on real elapsed time; whether article
// 642 carries an end on a closed day forward is open, so that reading comes second and never binds.
std::vector<Reading> HourReadings(Instant served, std::int64_t hours) {
  const Instant expires = served + hours * kNsPerHour;
  std::vector<Reading> readings{
      {expires, fmt::format("{} hours from service, hour to hour", hours), "practice"}};
  const CivilDate day = ParisDate(expires);
  if (!IsWorkingDay(day)) {
    const CivilDate open = NextWorkingDay(day);
    readings.push_back(
        {EndOf(open),
         fmt::format("{} hours from service; {} is not a working day, so to the end of {}, if the "
                     "roll-over applies to hours",
                     hours, ToText(day), ToText(open)),
         "CPC 642"});
  }
  return readings;
}

Reading DayReading(const CivilDate& last, const std::string& counted, const std::string& reference) {
  const CivilDate open = NextWorkingDay(last);
  if (open == last)
    return {EndOf(last), fmt::format("{}, to the end of {}", counted, ToText(last)), reference};
  return {
      EndOf(open),
      fmt::format("{}; {} is not a working day, so to the end of {}", counted, ToText(last), ToText(open)),
      reference};
}

}  // namespace

std::string_view ToText(LimitUnit unit) {
  switch (unit) {
    case LimitUnit::kHours:
      return "hours";
    case LimitUnit::kDays:
      return "days";
    case LimitUnit::kMonths:
      return "months";
  }
  return "unknown";
}

Result<TimeLimit> ComputeTimeLimit(Instant served, const TimeLimitRule& rule) {
  if (rule.amount < 1 || rule.amount > kTimeLimitAmountMax) {
    return Invalid(fmt::format("time limit: amount {} is not 1 to {}", rule.amount, kTimeLimitAmountMax));
  }
  const auto amount = static_cast<int>(rule.amount);
  const CivilDate service_day = ParisDate(served);
  const CivilDate last = rule.unit == LimitUnit::kHours  ? AddDays(service_day, amount / 24 + 1)
                         : rule.unit == LimitUnit::kDays ? AddDays(service_day, amount)
                                                         : AddMonths(service_day, amount);
  if (last.year > kYearMax) return Invalid(fmt::format("time limit: expires after the year {}", kYearMax));

  TimeLimit limit{served, {}};
  switch (rule.unit) {
    case LimitUnit::kHours:
      limit.readings = HourReadings(served, rule.amount);
      break;
    case LimitUnit::kDays:
      limit.readings = {DayReading(last, fmt::format("{} days, the day of service not counted", amount),
                                   "CPC 641 al. 1, 642")};
      break;
    case LimitUnit::kMonths:
      limit.readings = {
          DayReading(last, fmt::format("{} months from the day of service", amount), "CPC 641 al. 2, 642")};
      break;
  }
  return limit;
}

}  // namespace probatio::law
