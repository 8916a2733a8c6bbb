#include "law/limit_span.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace probatio::law {
namespace {

constexpr std::size_t kSpanTextBytesMax = 100;

struct UnitWord {
  std::string_view word;
  std::int64_t LimitSpan::*part;
  std::int64_t of;  // how many of the part one of these is
};
constexpr std::array<UnitWord, 18> kUnits{{{"hour", &LimitSpan::hours, 1},
                                           {"hours", &LimitSpan::hours, 1},
                                           {"heure", &LimitSpan::hours, 1},
                                           {"heures", &LimitSpan::hours, 1},
                                           {"day", &LimitSpan::days, 1},
                                           {"days", &LimitSpan::days, 1},
                                           {"jour", &LimitSpan::days, 1},
                                           {"jours", &LimitSpan::days, 1},
                                           {"week", &LimitSpan::days, 7},
                                           {"weeks", &LimitSpan::days, 7},
                                           {"semaine", &LimitSpan::days, 7},
                                           {"semaines", &LimitSpan::days, 7},
                                           {"month", &LimitSpan::months, 1},
                                           {"months", &LimitSpan::months, 1},
                                           {"mois", &LimitSpan::months, 1},
                                           {"year", &LimitSpan::years, 1},
                                           {"years", &LimitSpan::years, 1},
                                           {"an", &LimitSpan::years, 1}}};

const UnitWord* FindUnit(std::string_view word) {
  if (word == "ans") word = "an";
  for (const UnitWord& unit : kUnits) {
    if (unit.word == word) return &unit;
  }
  return nullptr;
}

std::string_view NextWord(std::string_view* text) {
  while (!text->empty() && text->front() == ' ') text->remove_prefix(1);
  const std::size_t end = std::min(text->find(' '), text->size());
  const std::string_view word = text->substr(0, end);
  text->remove_prefix(end);
  return word;
}

Result<std::int64_t> ParseAmount(std::string_view digits) {
  std::int64_t amount = 0;
  if (digits.empty() || digits.size() > 6) return Invalid("time limit: not of the form '48 hours'");
  for (const char c : digits) {
    if (c < '0' || c > '9') return Invalid("time limit: not of the form '48 hours'");
    amount = amount * 10 + (c - '0');
  }
  return amount;
}

// One "2 months" after the other.
Result<LimitSpan> ParseParts(std::string_view text) {
  LimitSpan span;
  for (std::string_view word = NextWord(&text); !word.empty(); word = NextWord(&text)) {
    const std::int64_t amount = TRY(ParseAmount(word));
    const UnitWord* unit = FindUnit(NextWord(&text));
    if (unit == nullptr)
      return Invalid("time limit: a number is followed by hours, days, weeks, months or years");
    if (span.*unit->part != 0) return Invalid("time limit: a unit is given twice");
    if (amount == 0) return Invalid("time limit: nothing is no amount");
    span.*unit->part = amount * unit->of;
  }
  return span;
}

void Add(std::int64_t amount, const Words& one, const Words& many, Words* words) {
  if (amount == 0) return;
  const std::string space = words->en.empty() ? "" : " ";
  words->en += fmt::format("{}{} {}", space, amount, amount == 1 ? one.en : many.en);
  words->fr += fmt::format("{}{} {}", space, amount, amount == 1 ? one.fr : many.fr);
}

}  // namespace

std::string_view ToText(LimitUnit unit) {
  switch (unit) {
    case LimitUnit::kHours:
      return "hours";
    case LimitUnit::kDays:
      return "days";
    case LimitUnit::kMonths:
      return "months";
  }
  return "unknown";
}

LimitSpan SpanOf(const TimeLimitRule& rule) {
  LimitSpan span;
  switch (rule.unit) {
    case LimitUnit::kHours:
      span.hours = rule.amount;
      break;
    case LimitUnit::kDays:
      span.days = rule.amount;
      break;
    case LimitUnit::kMonths:
      span.months = rule.amount;
      break;
  }
  return span;
}

Result<LimitSpan> ParseSpan(std::string_view text) {
  if (text.size() > kSpanTextBytesMax) return Invalid("time limit: too long a text");
  LimitSpan span;
  if (text == "without delay" || text == "sans délai") {
    span.without_delay = true;
    return span;
  }
  const std::size_t plus = text.find('+');
  span = TRY(ParseParts(text.substr(0, plus)));
  if (plus != std::string_view::npos) {
    const LimitSpan more = TRY(ParseParts(text.substr(plus + 1)));
    if (more.days == 0 || more.hours + more.months + more.years != 0)
      return Invalid("time limit: an extension is given in days, such as '60 days + 30 days'");
    span.extension_days = more.days;
  }
  TRY(CheckSpan(span));
  return span;
}

Status CheckSpan(const LimitSpan& span) {
  for (const std::int64_t amount : {span.years, span.months, span.days, span.hours, span.extension_days}) {
    if (amount < 0 || amount > kTimeLimitAmountMax)
      return Invalid(fmt::format("time limit: amount {} is not 1 to {}", amount, kTimeLimitAmountMax));
  }
  const bool in_days = span.years + span.months + span.days > 0;
  const bool in_hours = span.hours > 0;
  if (static_cast<int>(in_days) + static_cast<int>(in_hours) + static_cast<int>(span.without_delay) > 1)
    return Invalid("time limit: hours are not mixed with days, months or years");
  if (!in_days && !in_hours && !span.without_delay)
    return Invalid(fmt::format("time limit: amount 0 is not 1 to {}", kTimeLimitAmountMax));
  if (span.extension_days != 0 && (span.days == 0 || span.months + span.years != 0))
    return Invalid("time limit: only a limit in days is extended by days");
  return Done{};
}

Words SpanWords(const LimitSpan& span) {
  if (span.without_delay) return {"without delay", "sans délai"};
  Words words;
  Add(span.years, {"year", "an"}, {"years", "ans"}, &words);
  Add(span.months, {"month", "mois"}, {"months", "mois"}, &words);
  Add(span.days, {"day", "jour"}, {"days", "jours"}, &words);
  Add(span.hours, {"hour", "heure"}, {"hours", "heures"}, &words);
  if (span.extension_days != 0) {
    words.en += fmt::format(" extended by {} days", span.extension_days);
    words.fr += fmt::format(" prolongés de {} jours", span.extension_days);
  }
  return words;
}

}  // namespace probatio::law
