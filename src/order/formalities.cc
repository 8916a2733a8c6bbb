#include "order/formalities.h"

#include <algorithm>
#include <array>

#include "order/formalities_json.h"

namespace probatio::order {
namespace {

constexpr std::array<MandatoryMention, 10> kMentions{{{"court", "CPC 454"},
                                                      {"judges", "CPC 454"},
                                                      {"date", "CPC 454"},
                                                      {"registrar", "CPC 454"},
                                                      {"parties", "CPC 454"},
                                                      {"lawyers", "CPC 454"},
                                                      {"reasons", "CPC 455 al. 1"},
                                                      {"operative_part", "CPC 455 al. 2"},
                                                      {"president_signature", "CPC 456"},
                                                      {"registrar_signature", "CPC 456"}}};

Result<law::LimitUnit> ParseUnit(std::string_view text) {
  for (const law::LimitUnit unit : {law::LimitUnit::kHours, law::LimitUnit::kDays, law::LimitUnit::kMonths}) {
    if (text == law::ToText(unit)) return unit;
  }
  return Invalid("not hours, days or months");
}

Status ReadMentions(const JsonView& view, Formalities* formalities) {
  if (!view.Has("mentions")) return Done{};
  formalities->mentions_read = true;
  const std::vector<std::string> found = TRY(view.Texts("mentions", kMentions.size()));
  for (const std::string& mention : found) {
    const bool known = std::any_of(kMentions.begin(), kMentions.end(),
                                   [&](const MandatoryMention& one) { return one.id == mention; });
    if (!known) return view.WrongAt("mentions", "no such mention: '" + mention + "'");
    formalities->mentions.insert(mention);
  }
  return Done{};
}

}  // namespace

std::span<const MandatoryMention> MandatoryMentions() {
  return kMentions;
}

Result<law::TimeLimitRule> ReadTimeLimit(const JsonView& view) {
  TRY(view.OnlyKeys({"amount", "unit"}));
  law::TimeLimitRule rule;
  rule.amount = TRY(view.Integer("amount", 1, law::kTimeLimitAmountMax));
  rule.unit = TRY(view.Parsed("unit", ParseUnit));
  return rule;
}

Result<Formalities> ReadFormalities(const JsonView& view) {
  TRY(view.OnlyKeys({"mentions", "executory_formula", "final_force", "on_minute", "conditions"}));
  Formalities formalities;
  TRY(ReadMentions(view, &formalities));
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
