#include "law/penalty.h"

#include <algorithm>
#include <array>

namespace probatio::law {
namespace {

constexpr std::array<PenaltyUnit, 4> kUnits{PenaltyUnit::kDay, PenaltyUnit::kWeek, PenaltyUnit::kMonth,
                                            PenaltyUnit::kBreach};
constexpr std::int64_t kDaysOfWeek = 7;

std::int64_t MonthsBegun(const CivilDate& first, const CivilDate& today) {
  std::int64_t months = 0;
  while (AddMonths(first, static_cast<int>(months)) <= today) ++months;
  return months;
}

}  // namespace

std::string_view ToText(PenaltyUnit unit) {
  switch (unit) {
    case PenaltyUnit::kDay:
      return "day";
    case PenaltyUnit::kWeek:
      return "week";
    case PenaltyUnit::kMonth:
      return "month";
    case PenaltyUnit::kBreach:
      return "breach";
  }
  return "unknown";
}

Result<PenaltyUnit> ParsePenaltyUnit(std::string_view text) {
  for (const PenaltyUnit unit : kUnits) {
    if (text == ToText(unit)) return unit;
  }
  return Invalid("not day, week, month or breach");
}

PenaltySoFar PenaltyAt(const PenaltyRate& rate, Instant starts, Instant now) {
  PenaltySoFar so_far;
  if (now < starts || rate.unit == PenaltyUnit::kBreach) return so_far;
  const CivilDate first = ParisDate(starts);
  const CivilDate today = ParisDate(now);
  const std::int64_t days = DaysBetween(first, today) + 1;
  so_far.units = rate.unit == PenaltyUnit::kDay    ? days
                 : rate.unit == PenaltyUnit::kWeek ? (days + kDaysOfWeek - 1) / kDaysOfWeek
                                                   : MonthsBegun(first, today);
  so_far.euro = so_far.units * rate.euro;
  if (rate.cap_euro && so_far.euro >= *rate.cap_euro) {
    so_far.euro = *rate.cap_euro;
    so_far.capped = true;
  }
  return so_far;
}

}  // namespace probatio::law
