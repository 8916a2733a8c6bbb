// What is said to people, in the two languages that it is said in. Values; thread-safe.
#pragma once

#include <string>

#include "law/civil_date.h"

namespace probatio::law {

enum class Language : std::uint8_t { kEnglish, kFrench };
Result<Language> ParseLanguage(std::string_view text);  // "en", "fr"

struct Words {
  std::string en;
  std::string fr;
  const std::string& In(Language language) const { return language == Language::kFrench ? fr : en; }
  bool operator==(const Words&) const = default;
};

Words DayWords(const CivilDate& date);  // "Friday 8 November 2024", "vendredi 8 novembre 2024"
// In Paris: "14 November 2024 at 15:37:20", "le 14 novembre 2024 à 15 h 37 min 20 s", each with its weekday.
Words InstantWords(Instant at);
// The last instant that is still in time, when `end` is the first that is too late: "Monday 3 November 2025
// at 24:00".
Words EndWords(Instant end);

}  // namespace probatio::law
