#include "order/fate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace probatio::order {
namespace {

Fate LeftOut(const ItemAssessment& item, const std::string& why) {
  return {std::nullopt, fmt::format("{} {}: {}", item.line, item.item, why), ""};
}

Fate ByPerson(const ItemAssessment& item, const Event& decision) {
  const std::string who_why = fmt::format("{}: {}", decision.person.text(), decision.reason);
  if (*decision.choice != Choice::kComply) {
    return LeftOut(item, fmt::format("{} by {}", ToText(*decision.choice), who_why));
  }
  return {ScopeItem{item.item, "person " + who_why, item.law.reference}, "", ""};
}

std::string NotHeld(Holding holding) {
  switch (holding) {
    case Holding::kNoData:
      return "no data held: nothing is filed under such a selector";
    case Holding::kNotDescribed:
      return "the regime does not describe what was kept in those days";
    case Holding::kRetained:
    case Holding::kPartly:
    case Holding::kOutside:
      break;
  }
  return "outside retention";
}

// An instrument that only preserves refuses every disclosure; whether it may hold is what the rules said.
law::Verdict VerdictFor(const ItemAssessment& item, GrantKind kind) {
  const bool holds = kind == GrantKind::kPreserve && item.effect == law::Effect::kPreserve;
  return holds && item.granted != law::Answer::kNo ? item.by_rule : item.law.verdict;
}

}  // namespace

Fate FateOf(const ItemAssessment& item, const Life& life, GrantKind kind) {
  if (!item.kept) return LeftOut(item, NotHeld(item.holding));
  const law::Verdict verdict = VerdictFor(item, kind);
  if (verdict == law::Verdict::kRefuse) {
    if (item.effect == law::Effect::kPreserve && kind == GrantKind::kDisclose)
      return LeftOut(item, fmt::format("only preserved ({})", item.law.reference));
    if (item.granted == law::Answer::kNo) return LeftOut(item, "not granted by the operative part");
    return LeftOut(item, fmt::format("refused by rule {} ({})", item.law.rule, item.law.reference));
  }
  const Event* decision = life.DecisionOn(item.line, item.item);
  if (decision != nullptr && decision->choice) return ByPerson(item, *decision);
  if (verdict == law::Verdict::kHuman) return {std::nullopt, "", item.law.missing};
  return Fate{ScopeItem{item.item, "rule " + item.law.rule, item.law.reference}, "", ""};
}

Status CheckChoice(const Assessment& assessment, const Event& decided) {
  CHECK(decided.choice.has_value());
  const std::string what = decided.line + " " + decided.item;
  const auto item = std::find_if(
      assessment.items.begin(), assessment.items.end(),
      [&](const ItemAssessment& one) { return one.line == decided.line && one.item == decided.item; });
  if (item == assessment.items.end()) return NotFound("decide: the order asks no " + what);
  if (item->choices.empty()) {
    // A rule decided it: a person may still keep it back, never add to it.
    if (*decided.choice != Choice::kComply) return Done{};
    return Denied(fmt::format("decide: {}: a rule decides it ({})", what, law::ToText(item->law.verdict)));
  }
  const std::string word(ToText(*decided.choice));
  if (std::find(item->choices.begin(), item->choices.end(), word) != item->choices.end()) return Done{};
  return Denied(
      fmt::format("decide: {}: {} is not offered; one of {}", what, word, fmt::join(item->choices, ", ")));
}

std::string CutText(const std::string& line, const Period& kept) {
  return fmt::format("{}: outside retention before {} or from {}", line, kept.begin.ToRfc3339(),
                     kept.end.ToRfc3339());
}

}  // namespace probatio::order
