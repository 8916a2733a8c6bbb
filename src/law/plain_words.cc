#include "law/plain_words.h"

#include <fmt/format.h>

#include <array>

namespace probatio::law {
namespace {

constexpr std::array<const char*, 7> kWeekdaysEn{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                 "Friday", "Saturday", "Sunday"};
constexpr std::array<const char*, 7> kWeekdaysFr{"lundi",    "mardi",  "mercredi", "jeudi",
                                                 "vendredi", "samedi", "dimanche"};
constexpr std::array<const char*, 12> kMonthsEn{"January",   "February", "March",    "April",
                                                "May",       "June",     "July",     "August",
                                                "September", "October",  "November", "December"};
constexpr std::array<const char*, 12> kMonthsFr{"janvier",   "février", "mars",     "avril",
                                                "mai",       "juin",    "juillet",  "août",
                                                "septembre", "octobre", "novembre", "décembre"};

}  // namespace

Result<Language> ParseLanguage(std::string_view text) {
  if (text == "en") return Language::kEnglish;
  if (text == "fr") return Language::kFrench;
  return Invalid("language: en or fr");
}

Words DayWords(const CivilDate& date) {
  const unsigned weekday = WeekdayOf(date) - 1;
  const unsigned month = date.month - 1;
  const std::string first_fr = date.day == 1 ? "1er" : fmt::format("{}", date.day);
  return {fmt::format("{} {} {} {}", kWeekdaysEn.at(weekday), date.day, kMonthsEn.at(month), date.year),
          fmt::format("{} {} {} {}", kWeekdaysFr.at(weekday), first_fr, kMonthsFr.at(month), date.year)};
}

Words InstantWords(Instant at) {
  const Words day = DayWords(ParisDate(at));
  const std::string clock = ParisText(at).substr(11);  // "15:37:20 +01:00"
  return {fmt::format("{} at {}", day.en, clock), fmt::format("{} à {}", day.fr, clock)};
}

Words EndWords(Instant end) {
  const CivilDate day = ParisDate(end);
  if (ParisMidnight(day) != end) return InstantWords(end);
  const Words last = DayWords(AddDays(day, -1));
  return {last.en + " at 24:00", last.fr + " à 24:00"};
}

}  // namespace probatio::law
