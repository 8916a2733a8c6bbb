// Instants and rules of retention, for the tests of this folder.
#pragma once

#include <string_view>

#include "law/regime.h"

namespace probatio::keep {

inline Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

// In force since the decree of 2021, for no time at all yet.
inline law::RetentionRule RuleFrom(const char* category, law::RetentionStart start) {
  law::RetentionRule rule;
  rule.category = category;
  rule.start = start;
  rule.in_force_from = {2021, 10, 21};
  return rule;
}
inline law::RetentionRule RuleOfYears(const char* category, law::RetentionStart start, int years) {
  law::RetentionRule rule = RuleFrom(category, start);
  rule.years = years;
  return rule;
}
inline law::RetentionRule RuleOfMonths(const char* category, law::RetentionStart start, int months) {
  law::RetentionRule rule = RuleFrom(category, start);
  rule.months = months;
  return rule;
}

}  // namespace probatio::keep
