// How long a time limit is, before anybody counts: "48 hours", "2 months 15 days", "without delay". Values;
// pure; thread-safe.
#pragma once

#include "law/plain_words.h"

namespace probatio::law {

inline constexpr std::int64_t kTimeLimitAmountMax = 100'000;

enum class LimitUnit : std::uint8_t { kHours, kDays, kMonths };
std::string_view ToText(LimitUnit unit);  // "hours", "days", "months"

// As an order file states it.
struct TimeLimitRule {
  std::int64_t amount = 0;  // 1 .. kTimeLimitAmountMax
  LimitUnit unit = LimitUnit::kHours;
};

// Years and months are counted before days (CPC 641 al. 3). Hours stand alone: no text says how they would be
// added to days.
struct LimitSpan {
  std::int64_t years = 0;
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t hours = 0;
  std::int64_t extension_days = 0;  // days added once to a limit in days (Regulation (EU) 2023/1543, art. 11)
  bool without_delay = false;       // no number at all: as soon as it can be done
  bool operator==(const LimitSpan&) const = default;
};

LimitSpan SpanOf(const TimeLimitRule& rule);
// "48 hours", "10 days", "2 weeks", "1 month", "2 months 15 days", "60 days + 30 days", "without delay";
// French words too: "48 heures", "1 mois", "sans délai". kInvalid says what is wrong.
Result<LimitSpan> ParseSpan(std::string_view text);
Status CheckSpan(const LimitSpan& span);  // kInvalid: empty, mixed, or an amount not 1 to kTimeLimitAmountMax
Words SpanWords(const LimitSpan& span);   // "2 months 15 days", "2 mois 15 jours"

}  // namespace probatio::law
