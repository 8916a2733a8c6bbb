// The periodic penalty of an order (astreinte; Code of Civil Enforcement Procedures L131-1 to L131-4): what
// it has come to so far, at most. The judge who liquidates it may give less. Pure; thread-safe.
#pragma once

#include <optional>

#include "law/civil_date.h"

namespace probatio::law {

inline constexpr std::int64_t kPenaltyEuroMax = 1'000'000'000;

enum class PenaltyUnit : std::uint8_t { kDay, kWeek, kMonth, kBreach };
std::string_view ToText(PenaltyUnit unit);  // "day", "week", "month", "breach"
Result<PenaltyUnit> ParsePenaltyUnit(std::string_view text);

struct PenaltyRate {
  std::int64_t euro = 0;  // 1 .. kPenaltyEuroMax, for each unit
  PenaltyUnit unit = PenaltyUnit::kDay;
  std::optional<std::int64_t> cap_euro;  // 1 .. kPenaltyEuroMax
};

struct PenaltySoFar {
  std::int64_t units = 0;  // days, weeks or months of delay that have begun
  std::int64_t euro = 0;
  bool capped = false;
};

// From `starts` on, each unit counts in full as soon as it has begun: the most that can be asked. Days are
// those of Paris. Nothing before `starts`, and nothing for breaches, which nobody but the judge counts.
PenaltySoFar PenaltyAt(const PenaltyRate& rate, Instant starts, Instant now);

}  // namespace probatio::law
