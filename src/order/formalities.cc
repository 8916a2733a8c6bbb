#include "order/formalities.h"

#include "order/formalities_json.h"

namespace probatio::order {
namespace {

Result<law::LimitUnit> ParseUnit(std::string_view text) {
  for (const law::LimitUnit unit : {law::LimitUnit::kHours, law::LimitUnit::kDays, law::LimitUnit::kMonths}) {
    if (text == law::ToText(unit)) return unit;
  }
  return Invalid("not hours, days or months");
}

}  // namespace

Result<law::TimeLimitRule> ReadTimeLimit(const JsonView& view) {
  TRY(view.OnlyKeys({"amount", "unit"}));
  law::TimeLimitRule rule;
  rule.amount = TRY(view.Integer("amount", 1, law::kTimeLimitAmountMax));
  rule.unit = TRY(view.Parsed("unit", ParseUnit));
  return rule;
}

Result<Formalities> ReadFormalities(const JsonView& view) {
  TRY(view.OnlyKeys({"executory_formula", "final_force", "on_minute", "conditions"}));
  Formalities formalities;
  if (view.Has("executory_formula"))
    formalities.executory_formula = TRY(view.Parsed("executory_formula", law::ParseAnswer));
  if (view.Has("final_force")) formalities.final_force = TRY(view.Parsed("final_force", law::ParseAnswer));
  if (view.Has("on_minute")) formalities.on_minute = TRY(view.Parsed("on_minute", law::ParseAnswer));
  if (!view.Has("conditions")) return formalities;
  const std::vector<JsonView> conditions = TRY(view.Objects("conditions", kProtectiveConditionsMax));
  for (const JsonView& condition : conditions) {
    TRY(condition.OnlyKeys({"words", "met"}));
    ProtectiveCondition read;
    read.words = TRY(condition.Filled("words"));
    read.met = TRY(condition.Parsed("met", law::ParseAnswer));
    formalities.conditions.push_back(std::move(read));
  }
  return formalities;
}

Result<Penalty> ReadPenalty(const JsonView& view) {
  TRY(view.OnlyKeys({"euro", "per", "cap_euro", "grace", "final", "reserved"}));
  Penalty penalty;
  penalty.rate.euro = TRY(view.Integer("euro", 1, law::kPenaltyEuroMax));
  penalty.rate.unit = TRY(view.Parsed("per", law::ParsePenaltyUnit));
  if (view.Has("cap_euro")) penalty.rate.cap_euro = TRY(view.Integer("cap_euro", 1, law::kPenaltyEuroMax));
  if (view.Has("grace")) {
    const JsonView grace = TRY(view.Object("grace"));
    penalty.grace = TRY(ReadTimeLimit(grace));
  }
  if (view.Has("final")) penalty.final = TRY(view.Flag("final"));
  if (view.Has("reserved")) penalty.reserved = TRY(view.Flag("reserved"));
  return penalty;
}

}  // namespace probatio::order
