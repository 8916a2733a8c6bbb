// Public holidays of France, computed for any year (Labour Code L3133-1; in Alsace-Moselle also L3134-13).
// The overseas commemoration days (L3422-2) belong to courts that sit overseas and are not computed. Pure;
// thread-safe.
#pragma once

#include <optional>

#include "law/plain_words.h"

namespace probatio::law {

enum class Calendar : std::uint8_t {
  kMetropolitan,
  // Adds Good Friday and 26 December. Good Friday is a holiday only where the commune has a Protestant or a
  // mixed church: who counts by this calendar knows the commune of the court.
  kAlsaceMoselle,
};

CivilDate EasterSunday(int year);

// Its name, or nothing on a day that is no holiday.
std::optional<Words> HolidayOn(const CivilDate& date, Calendar calendar = Calendar::kMetropolitan);
bool IsHoliday(const CivilDate& date, Calendar calendar = Calendar::kMetropolitan);

// Not Saturday, Sunday or a holiday (CPC 642).
bool IsWorkingDay(const CivilDate& date, Calendar calendar = Calendar::kMetropolitan);
CivilDate WorkingDayFrom(CivilDate date, Calendar calendar);  // the date itself, or the next working day
// Why a day is not a working one: "a Saturday", or the holiday's name.
Words WhyClosed(const CivilDate& date, Calendar calendar);

}  // namespace probatio::law
