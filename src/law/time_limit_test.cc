#include "law/time_limit.h"

#include <gtest/gtest.h>

namespace probatio::law {
namespace {

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

std::string Expires(std::string_view served, std::int64_t amount, LimitUnit unit) {
  return ParisText(ComputeTimeLimit(At(served), {amount, unit}).value().binding());
}

// The worked examples of the practice notes; "24:00" of a day is 00:00 of the next.
TEST(TimeLimit, FifteenDaysDoNotCountTheDayOfService) {
  EXPECT_EQ(Expires("2024-11-12T10:00:00+01:00", 15, LimitUnit::kDays), "2024-11-28 00:00:00 +01:00");
  EXPECT_EQ(Expires("2025-01-12T10:00:00+01:00", 15, LimitUnit::kDays), "2025-01-28 00:00:00 +01:00");
  EXPECT_EQ(Expires("2017-03-12T10:00:00+01:00", 15, LimitUnit::kDays), "2017-03-28 00:00:00 +02:00");
}

TEST(TimeLimit, ADayLimitThatEndsOnAClosedDayEndsOnTheNextWorkingDay) {
  // 1 November 2025 is a Saturday and a holiday; Monday the 3rd is the next working day.
  EXPECT_EQ(Expires("2025-10-17T10:00:00+02:00", 15, LimitUnit::kDays), "2025-11-04 00:00:00 +01:00");
}

TEST(TimeLimit, MonthsKeepTheDayNumberOrTakeTheLastDay) {
  EXPECT_EQ(Expires("2025-01-31T10:00:00+01:00", 1, LimitUnit::kMonths), "2025-03-01 00:00:00 +01:00");
  EXPECT_EQ(Expires("2024-01-31T10:00:00+01:00", 1, LimitUnit::kMonths), "2024-03-01 00:00:00 +01:00");
  EXPECT_EQ(Expires("2024-02-29T10:00:00+01:00", 12, LimitUnit::kMonths), "2025-03-01 00:00:00 +01:00");
  // 12 January 2025 is a Sunday.
  EXPECT_EQ(Expires("2024-11-12T10:00:00+01:00", 2, LimitUnit::kMonths), "2025-01-14 00:00:00 +01:00");
}

TEST(TimeLimit, FortyEightHoursRunHourToHourFromService) {
  const TimeLimit limit = ComputeTimeLimit(At("2024-11-12T15:37:20+01:00"), {48, LimitUnit::kHours}).value();
  ASSERT_EQ(limit.readings.size(), 1U);
  EXPECT_EQ(ParisText(limit.binding()), "2024-11-14 15:37:20 +01:00");
  EXPECT_EQ(limit.readings[0].reference, "practice");
}

TEST(TimeLimit, HoursAreElapsedHoursAcrossAChangeOfTheClocks) {
  EXPECT_EQ(Expires("2024-10-25T12:00:00+02:00", 48, LimitUnit::kHours), "2024-10-27 11:00:00 +01:00");
  EXPECT_EQ(Expires("2024-03-29T12:00:00+01:00", 48, LimitUnit::kHours), "2024-03-31 13:00:00 +02:00");
}

TEST(TimeLimit, WhereTheRollOverOfHoursIsOpenTheEarlierReadingBindsAndTheLaterIsPrinted) {
  // Served on Friday 8 November 2024 at 17:00: 48 hours end on Sunday; Monday is the 11th, a holiday.
  const TimeLimit limit = ComputeTimeLimit(At("2024-11-08T17:00:00+01:00"), {48, LimitUnit::kHours}).value();
  ASSERT_EQ(limit.readings.size(), 2U);
  EXPECT_EQ(ParisText(limit.binding()), "2024-11-10 17:00:00 +01:00");
  EXPECT_EQ(ParisText(limit.readings[1].expires), "2024-11-13 00:00:00 +01:00");
  EXPECT_EQ(limit.readings[1].reference, "CPC 642");
  EXPECT_LT(limit.readings[0].expires, limit.readings[1].expires);
}

TEST(TimeLimit, HasALimitOfItsOwn) {
  const Instant served = At("2024-11-12T15:37:20+01:00");
  EXPECT_TRUE(ComputeTimeLimit(served, {kTimeLimitAmountMax, LimitUnit::kHours}).ok());
  EXPECT_EQ(ComputeTimeLimit(served, {kTimeLimitAmountMax + 1, LimitUnit::kHours}).error().code(),
            ErrorCode::kInvalid);
  EXPECT_FALSE(ComputeTimeLimit(served, {0, LimitUnit::kDays}).ok());
  EXPECT_FALSE(ComputeTimeLimit(served, {-1, LimitUnit::kDays}).ok());
  EXPECT_EQ(ComputeTimeLimit(served, {kTimeLimitAmountMax, LimitUnit::kMonths}).error().what(),
            "time limit: expires after the year 2260");
}

}  // namespace
}  // namespace probatio::law
