#include "law/civil_date.h"

#include <gtest/gtest.h>

namespace probatio::law {
namespace {

CivilDate Day(std::string_view text) {
  return ParseDate(text).value();
}
Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

TEST(CivilDate, ReadsADayThatExistsAndNothingElse) {
  EXPECT_EQ(ToText(Day("2024-02-29")), "2024-02-29");
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-1-01", "12/11/2024", "2024-11-12 ", "",
                           "2024-00-10", "1677-01-01", "2262-01-01", "+024-01-01"}) {
    EXPECT_FALSE(ParseDate(text).ok()) << text;
  }
}

TEST(CivilDate, AMonthLaterIsTheSameDayNumberOrTheLastDayOfAShorterMonth) {
  EXPECT_EQ(AddMonths(Day("2025-01-31"), 1), Day("2025-02-28"));
  EXPECT_EQ(AddMonths(Day("2024-01-31"), 1), Day("2024-02-29"));
  EXPECT_EQ(AddMonths(Day("2024-02-29"), 12), Day("2025-02-28"));
  EXPECT_EQ(AddMonths(Day("2024-11-12"), 2), Day("2025-01-12"));
  EXPECT_EQ(AddMonths(Day("2025-03-31"), -1), Day("2025-02-28"));
  EXPECT_EQ(AddDays(Day("2024-12-31"), 1), Day("2025-01-01"));
}

TEST(Paris, ClocksChangeOnTheLastSundaysOfMarchAndOctoberAtOneUtc) {
  EXPECT_EQ(ParisOffsetNs(At("2024-03-31T00:59:59Z")), kNsPerHour);
  EXPECT_EQ(ParisOffsetNs(At("2024-03-31T01:00:00Z")), 2 * kNsPerHour);
  EXPECT_EQ(ParisOffsetNs(At("2024-10-27T00:59:59Z")), 2 * kNsPerHour);
  EXPECT_EQ(ParisOffsetNs(At("2024-10-27T01:00:00Z")), kNsPerHour);
  EXPECT_EQ(ParisText(At("2024-11-12T16:00:00Z")), "2024-11-12 17:00:00 +01:00");
  EXPECT_EQ(ParisText(At("2024-07-14T22:30:00Z")), "2024-07-15 00:30:00 +02:00");
  EXPECT_EQ(ParisDate(At("2024-12-31T23:00:00Z")), Day("2025-01-01"));
}

TEST(Paris, MidnightIsTheFirstInstantOfItsDayEvenWhenTheClocksChange) {
  for (CivilDate day = Day("2024-01-01"); day < Day("2026-01-01"); day = AddDays(day, 1)) {
    const Instant midnight = ParisMidnight(day);
    EXPECT_EQ(ParisDate(midnight), day);
    EXPECT_EQ(ParisDate(midnight - 1), AddDays(day, -1));
  }
}

TEST(Paris, ADateBeyondEveryInstantIsCutNotWrapped) {
  EXPECT_EQ(ParisMidnight({2400, 1, 1}), ParisMidnight({2261, 12, 31}));
  EXPECT_EQ(ParisMidnight({1500, 1, 1}), ParisMidnight({1678, 1, 1}));
}

}  // namespace
}  // namespace probatio::law
