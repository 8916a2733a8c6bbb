#include "law/penalty.h"

#include <gtest/gtest.h>

namespace probatio::law {
namespace {

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

TEST(Penalty, EachDayOfDelayCountsOnceItHasBegun) {
  const PenaltyRate rate{500, PenaltyUnit::kDay, std::nullopt};
  const Instant starts = At("2024-11-14T17:00:00+01:00");
  EXPECT_EQ(PenaltyAt(rate, starts, At("2024-11-14T16:59:59+01:00")).euro, 0);
  EXPECT_EQ(PenaltyAt(rate, starts, starts).euro, 500);
  EXPECT_EQ(PenaltyAt(rate, starts, At("2024-11-14T23:59:59+01:00")).euro, 500);
  EXPECT_EQ(PenaltyAt(rate, starts, At("2024-11-15T00:00:00+01:00")).euro, 1000);
  EXPECT_EQ(PenaltyAt(rate, starts, At("2024-11-24T12:00:00+01:00")).units, 11);
}

TEST(Penalty, DaysAreThoseOfParisAcrossAChangeOfTheClocks) {
  const PenaltyRate rate{100, PenaltyUnit::kDay, std::nullopt};
  EXPECT_EQ(PenaltyAt(rate, At("2025-03-29T22:59:59Z"), At("2025-03-30T22:00:00Z")).units, 3);
}

TEST(Penalty, StopsAtItsCap) {
  const PenaltyRate rate{500, PenaltyUnit::kDay, 1200};
  const Instant starts = At("2024-11-14T00:00:00+01:00");
  EXPECT_FALSE(PenaltyAt(rate, starts, At("2024-11-15T12:00:00+01:00")).capped);
  const PenaltySoFar so_far = PenaltyAt(rate, starts, At("2024-11-16T12:00:00+01:00"));
  EXPECT_EQ(so_far.euro, 1200);
  EXPECT_TRUE(so_far.capped);
}

TEST(Penalty, WeeksAndMonthsCountOnceBegunAndBreachesNotAtAll) {
  const Instant starts = At("2025-01-31T00:00:00+01:00");
  const auto units = [&](PenaltyUnit unit, std::string_view now) {
    return PenaltyAt({100, unit, std::nullopt}, starts, At(now)).units;
  };
  EXPECT_EQ(units(PenaltyUnit::kWeek, "2025-02-06T12:00:00+01:00"), 1);
  EXPECT_EQ(units(PenaltyUnit::kWeek, "2025-02-07T12:00:00+01:00"), 2);
  EXPECT_EQ(units(PenaltyUnit::kMonth, "2025-02-27T12:00:00+01:00"), 1);
  EXPECT_EQ(units(PenaltyUnit::kMonth, "2025-02-28T12:00:00+01:00"), 2);
  EXPECT_EQ(units(PenaltyUnit::kBreach, "2025-02-28T12:00:00+01:00"), 0);
  EXPECT_EQ(ParsePenaltyUnit("month").value(), PenaltyUnit::kMonth);
  EXPECT_FALSE(ParsePenaltyUnit("fortnight").ok());
}

}  // namespace
}  // namespace probatio::law
