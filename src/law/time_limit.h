// Time limits of an order (Code of Civil Procedure, articles 640 to 647-1). Where the law is open both
// readings are given and the earlier one binds us. Pure; thread-safe.
#pragma once

#include <vector>

#include "law/civil_date.h"

namespace probatio::law {

enum class LimitUnit : std::uint8_t { kHours, kDays, kMonths };
std::string_view ToText(LimitUnit unit);  // "hours", "days", "months"

struct TimeLimitRule {
  std::int64_t amount = 0;  // 1 .. kTimeLimitAmountMax
  LimitUnit unit = LimitUnit::kHours;
};
inline constexpr std::int64_t kTimeLimitAmountMax = 100'000;

struct Reading {
  Instant expires;        // the first instant that is too late
  std::string rule;       // "48 hours from service, hour to hour", ...
  std::string reference;  // "CPC 642", or "practice" where the code is silent
};

struct TimeLimit {
  Instant served;
  std::vector<Reading> readings;  // earliest first; the first binds
  Instant binding() const { return readings.front().expires; }
};

// Hours run hour to hour on UTC from the service. Days: the day of service is not counted, the last day ends
// at 24:00 in Paris, and rolls to the next working day (641, 642). Months: 641 al. 2. kInvalid for an amount
// out of range.
Result<TimeLimit> ComputeTimeLimit(Instant served, const TimeLimitRule& rule);

}  // namespace probatio::law
