#include "law/holidays.h"

#include <array>

namespace probatio::law {
namespace {

struct FixedHoliday {
  unsigned month;
  unsigned day;
  const char* en;
  const char* fr;
};
constexpr std::array<FixedHoliday, 8> kFixed{{{1, 1, "New Year's Day", "le jour de l'An"},
                                              {5, 1, "Labour Day", "la fête du Travail"},
                                              {5, 8, "Victory Day", "la fête de la Victoire"},
                                              {7, 14, "the national day", "la fête nationale"},
                                              {8, 15, "Assumption", "l'Assomption"},
                                              {11, 1, "All Saints' Day", "la Toussaint"},
                                              {11, 11, "Armistice Day", "le 11 novembre"},
                                              {12, 25, "Christmas Day", "le jour de Noël"}}};

struct MovableHoliday {
  int days_after_easter;
  const char* en;
  const char* fr;
};
constexpr std::array<MovableHoliday, 3> kMovable{{{1, "Easter Monday", "le lundi de Pâques"},
                                                  {39, "Ascension Day", "l'Ascension"},
                                                  {50, "Whit Monday", "le lundi de Pentecôte"}}};

constexpr unsigned kSaturday = 6;
constexpr unsigned kSunday = 7;

}  // namespace

// The Gregorian calendar's "anonymous" computus (Nature, 20 April 1876).
CivilDate EasterSunday(int year) {
  const int golden = year % 19;
  const int century = year / 100;
  const int in_century = year % 100;
  const int correction = (century - (century + 8) / 25 + 1) / 3;
  const int epact = (19 * golden + century - century / 4 - correction + 15) % 30;
  const int weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
  const int late = (golden + 11 * epact + 22 * weekday) / 451;
  const int month_and_day = epact + weekday - 7 * late + 114;
  return {year, static_cast<unsigned>(month_and_day / 31), static_cast<unsigned>(month_and_day % 31 + 1)};
}

std::optional<Words> HolidayOn(const CivilDate& date, Calendar calendar) {
  for (const FixedHoliday& fixed : kFixed) {
    if (date.month == fixed.month && date.day == fixed.day) return Words{fixed.en, fixed.fr};
  }
  const CivilDate easter = EasterSunday(date.year);
  for (const MovableHoliday& movable : kMovable) {
    if (date == AddDays(easter, movable.days_after_easter)) return Words{movable.en, movable.fr};
  }
  if (calendar != Calendar::kAlsaceMoselle) return std::nullopt;
  if (date == AddDays(easter, -2))
    return Words{"Good Friday (Alsace-Moselle)", "le Vendredi saint (Alsace-Moselle)"};
  if (date.month == 12 && date.day == 26)
    return Words{"Saint Stephen's Day (Alsace-Moselle)", "la Saint-Étienne (Alsace-Moselle)"};
  return std::nullopt;
}

bool IsHoliday(const CivilDate& date, Calendar calendar) {
  return HolidayOn(date, calendar).has_value();
}

bool IsWorkingDay(const CivilDate& date, Calendar calendar) {
  return WeekdayOf(date) < kSaturday && !IsHoliday(date, calendar);
}

CivilDate WorkingDayFrom(CivilDate date, Calendar calendar) {
  while (!IsWorkingDay(date, calendar)) date = AddDays(date, 1);
  return date;
}

Words WhyClosed(const CivilDate& date, Calendar calendar) {
  if (const std::optional<Words> holiday = HolidayOn(date, calendar)) return *holiday;
  const unsigned weekday = WeekdayOf(date);
  CHECK(weekday == kSaturday || weekday == kSunday);
  return weekday == kSaturday ? Words{"a Saturday", "un samedi"} : Words{"a Sunday", "un dimanche"};
}

}  // namespace probatio::law
