#include "order/holding.h"

#include <algorithm>

namespace probatio::order {
namespace {

bool Covers(const law::RetentionRule& rule, const std::string& category, const std::string& profile) {
  return rule.category == category &&
         (rule.profiles.empty() ||
          std::find(rule.profiles.begin(), rule.profiles.end(), profile) != rule.profiles.end());
}

// The first day whose events this rule still keeps today: the day from which its duration reaches today.
law::CivilDate FirstDayKept(const law::RetentionRule& rule, const law::CivilDate& today) {
  const int months = 12 * rule.years + rule.months;
  law::CivilDate day = law::AddMonths(today, -months);
  // Months of unequal length: 28 February 2025 is one year after both 28 and 29 February 2024.
  while (law::AddMonths(day, months) < today) day = law::AddDays(day, 1);
  while (law::AddMonths(law::AddDays(day, -1), months) >= today) day = law::AddDays(day, -1);
  return day;
}

// The part of the period that one rule, of events in its own in-force dates, still keeps.
std::optional<Period> KeptBy(const law::RetentionRule& rule, const Period& period,
                             const law::CivilDate& today) {
  Period kept = period;
  const law::CivilDate first = std::max(rule.in_force_from, FirstDayKept(rule, today));
  kept.begin = std::max(kept.begin, law::ParisMidnight(first));
  if (rule.in_force_to) {
    kept.end = std::min(kept.end, law::ParisMidnight(law::AddDays(*rule.in_force_to, 1)));
  }
  if (kept.end <= kept.begin) return std::nullopt;
  return kept;
}

Period DaysOf(const law::Injunction& injunction) {
  return {law::ParisMidnight(injunction.in_force_from),
          law::ParisMidnight(law::AddDays(injunction.in_force_to, 1))};
}

// Data that may be kept under an injunction only is there for the days of one: the part of what the rule
// keeps that the first and the last of them span. Days between two injunctions are not told apart here; the
// rows are, one by one, at every read.
std::optional<Period> Enjoined(const law::Regime& regime, const std::string& category, const Period& kept) {
  std::optional<Period> span;
  for (const law::Injunction& injunction : regime.injunctions) {
    if (injunction.confidence == law::Confidence::kWeak) continue;
    const auto& categories = injunction.categories;
    if (std::find(categories.begin(), categories.end(), category) == categories.end()) continue;
    const Period days = DaysOf(injunction);
    const Period both{std::max(kept.begin, days.begin), std::min(kept.end, days.end)};
    if (both.end <= both.begin) continue;
    span = span ? Period{std::min(span->begin, both.begin), std::max(span->end, both.end)} : both;
  }
  return span;
}

// The records that hold a category's items; none for those that nobody keeps.
std::optional<record::RecordClass> ClassOf(const Line& line, const std::string& category) {
  if (category == "ID") return record::RecordClass::kIdentity;
  if (category == "ACC" || category == "PAY") return record::RecordClass::kAccount;
  if (category != "CON") return std::nullopt;
  return line.subject.tuple ? record::RecordClass::kNetwork : record::RecordClass::kActivity;
}

}  // namespace

Held HeldAt(const law::Regime& regime, const std::string& category, const std::string& profile,
            const Period& period, Instant now) {
  const law::CivilDate today = law::ParisDate(now);
  Held held;
  if (regime.described_from && today < *regime.described_from) {
    held.holding = Holding::kNotDescribed;
    return held;
  }
  for (const law::RetentionRule& rule : regime.retention) {
    if (!Covers(rule, category, profile)) continue;
    if (rule.start != law::RetentionStart::kEvent) {
      const law::RetentionRule* current = law::RetentionFor(regime, category, profile, today);
      if (current != &rule) continue;
      return {Holding::kRetained, period, rule.reference};
    }
    std::optional<Period> kept = KeptBy(rule, period, today);
    if (kept && rule.needs_injunction) kept = Enjoined(regime, category, *kept);
    held.reference = rule.reference;
    if (!kept) continue;
    if (!held.kept) {
      held.kept = kept;
    } else {
      held.kept = Period{std::min(held.kept->begin, kept->begin), std::max(held.kept->end, kept->end)};
    }
  }
  if (held.kept) held.holding = *held.kept == period ? Holding::kRetained : Holding::kPartly;
  return held;
}

std::optional<Instant> HeldSince(const OwnHold& hold, const Line& line, const std::string& category) {
  const std::optional<record::RecordClass> record_class = ClassOf(line, category);
  if (!record_class) return std::nullopt;
  const auto found = hold.find({line.id, *record_class});
  if (found == hold.end()) return std::nullopt;
  return found->second;
}

}  // namespace probatio::order
