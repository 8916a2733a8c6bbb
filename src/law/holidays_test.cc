#include "law/holidays.h"

#include <gtest/gtest.h>

namespace probatio::law {
namespace {

CivilDate Day(std::string_view text) {
  return ParseDate(text).value();
}

TEST(Holidays, FollowEaster) {
  // Easter Sunday: 31 March 2024, 20 April 2025, 5 April 2026; the earliest (2285 is out of reach) and latest
  // cases too.
  EXPECT_TRUE(IsHoliday(Day("2024-04-01")));
  EXPECT_TRUE(IsHoliday(Day("2024-05-09")));  // Ascension
  EXPECT_TRUE(IsHoliday(Day("2024-05-20")));  // Whit Monday
  EXPECT_TRUE(IsHoliday(Day("2025-04-21")));
  EXPECT_TRUE(IsHoliday(Day("2026-04-06")));
  EXPECT_TRUE(IsHoliday(Day("1818-03-23")));
  EXPECT_TRUE(IsHoliday(Day("2038-04-26")));
  EXPECT_TRUE(IsHoliday(Day("1954-04-19")));  // the computus' exceptional year
}

TEST(Holidays, AreElevenInAYearAndThirteenInAlsaceMoselle) {
  int holidays = 0;
  int alsatian = 0;
  for (CivilDate day = Day("2024-01-01"); day < Day("2025-01-01"); day = AddDays(day, 1)) {
    holidays += IsHoliday(day) ? 1 : 0;
    alsatian += IsHoliday(day, Calendar::kAlsaceMoselle) ? 1 : 0;
  }
  EXPECT_EQ(holidays, 11);
  EXPECT_EQ(alsatian, 13);
}

TEST(Holidays, GoodFridayAndSaintStephenAreHolidaysInAlsaceMoselleOnly) {
  for (const char* text : {"2024-03-29", "2025-04-18", "2026-04-03", "2024-12-26"}) {
    EXPECT_FALSE(IsHoliday(Day(text))) << text;
    EXPECT_TRUE(IsHoliday(Day(text), Calendar::kAlsaceMoselle)) << text;
  }
}

TEST(Holidays, AreNamedInBothLanguages) {
  EXPECT_EQ(HolidayOn(Day("2024-11-11")).value(), (Words{"Armistice Day", "le 11 novembre"}));
  EXPECT_EQ(HolidayOn(Day("2025-04-21")).value().fr, "le lundi de Pâques");
  EXPECT_FALSE(HolidayOn(Day("2024-11-12")).has_value());
  EXPECT_EQ(WhyClosed(Day("2024-11-09"), Calendar::kMetropolitan).en, "a Saturday");
  EXPECT_EQ(WhyClosed(Day("2024-11-10"), Calendar::kMetropolitan).fr, "un dimanche");
}

TEST(WorkingDay, IsNoSaturdayNoSundayAndNoHoliday) {
  EXPECT_EQ(WeekdayOf(Day("2024-11-12")), 2U);
  EXPECT_TRUE(IsWorkingDay(Day("2024-11-12")));
  EXPECT_FALSE(IsWorkingDay(Day("2024-11-11")));
  EXPECT_FALSE(IsWorkingDay(Day("2024-11-09")));
  EXPECT_FALSE(IsWorkingDay(Day("2024-11-10")));
  EXPECT_EQ(WorkingDayFrom(Day("2024-11-09"), Calendar::kMetropolitan), Day("2024-11-12"));
  EXPECT_EQ(WorkingDayFrom(Day("2024-11-12"), Calendar::kMetropolitan), Day("2024-11-12"));
  // Good Friday to Easter Monday: four closed days in Strasbourg.
  EXPECT_EQ(WorkingDayFrom(Day("2025-04-18"), Calendar::kAlsaceMoselle), Day("2025-04-22"));
}

TEST(Words, SayDaysAndEndsAsPeopleDo) {
  EXPECT_EQ(DayWords(Day("2024-11-01")), (Words{"Friday 1 November 2024", "vendredi 1er novembre 2024"}));
  EXPECT_EQ(EndWords(ParisMidnight(Day("2024-11-28"))).en, "Wednesday 27 November 2024 at 24:00");
  EXPECT_EQ(EndWords(ParisMidnight(Day("2024-11-28"))).fr, "mercredi 27 novembre 2024 à 24:00");
  EXPECT_EQ(EndWords(Instant::ParseRfc3339("2024-11-14T14:37:20Z").value()).en,
            "Thursday 14 November 2024 at 15:37:20 +01:00");
}

}  // namespace
}  // namespace probatio::law
