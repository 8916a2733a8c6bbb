#include "law/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/gate.h"

namespace probatio::law {
namespace {

bool Names(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool EmptyOrNames(const std::vector<std::string>& list, const std::string& word) {
  return list.empty() || Names(list, word);
}

template <class Rule>
bool InForce(const Rule& rule, const CivilDate& date) {
  return rule.in_force_from <= date && (!rule.in_force_to || date <= *rule.in_force_to);
}

bool NamesItem(const DisclosureRule& rule, const Item& item) {
  return Names(rule.items, item.id) || Names(rule.categories, item.category) ||
         std::any_of(item.also.begin(), item.also.end(),
                     [&](const std::string& category) { return Names(rule.categories, category); });
}

bool Speaks(const DisclosureRule& rule, const Facts& facts, const Item& item) {
  return InForce(rule, facts.decided) && Names(rule.instruments, facts.instrument) && NamesItem(rule, item) &&
         EmptyOrNames(rule.profiles, facts.profile) && EmptyOrNames(rule.purposes, facts.purpose);
}

LineVerdict Ask(const Regime& regime, const DisclosureRule& rule, const Facts& facts) {
  LineVerdict result;
  if (rule.gate) {
    result = EvaluateGate(regime.gates.at(*rule.gate), regime, facts);
    result.reference = rule.reference + "; " + result.reference;
  } else {
    result.verdict = rule.verdict;
    result.reference = rule.reference;
    if (rule.verdict == Verdict::kHuman) result.missing = "a person's decision: the law is open here";
  }
  result.rule = rule.id;
  result.absolute = rule.absolute;
  if (!rule.open.id.empty()) result.open = rule.open;
  result.confidence = rule.confidence;
  if (result.verdict == Verdict::kRelease && rule.confidence == Confidence::kWeak) {
    result.verdict = Verdict::kHuman;
    result.missing = "a check of the text: the regime marks this rule as not verified";
  }
  if (!rule.profiles.empty()) result.facts_used.push_back("profile=" + facts.profile);
  if (!rule.purposes.empty()) result.facts_used.push_back("purpose=" + facts.purpose);
  return result;
}

int Strictness(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRelease:
      return 0;
    case Verdict::kHuman:
      return 1;
    case Verdict::kRefuse:
      return 2;
  }
  return 2;
}

// A refusal that no decision lifts stands above one that a decision may.
bool Outweighs(const LineVerdict& a, const LineVerdict& b) {
  if (a.verdict != b.verdict) return Strictness(a.verdict) > Strictness(b.verdict);
  return a.absolute && !b.absolute;
}

}  // namespace

std::string_view ToText(Answer answer) {
  switch (answer) {
    case Answer::kYes:
      return "yes";
    case Answer::kNo:
      return "no";
    case Answer::kUnknown:
      return "unknown";
  }
  return "unknown";
}

Result<Answer> ParseAnswer(std::string_view text) {
  for (const Answer answer : {Answer::kYes, Answer::kNo, Answer::kUnknown}) {
    if (text == ToText(answer)) return answer;
  }
  return Invalid("answer: one of yes, no, unknown");
}

LineVerdict EvaluateItem(const Regime& regime, const Facts& facts, const std::string& item) {
  LineVerdict strictest;
  const auto known = regime.items.find(item);
  if (known == regime.items.end()) {
    strictest.missing = fmt::format("the item '{}' in the regime {}", item, regime.id);
    return strictest;
  }
  strictest.missing = NotDescribed(regime, facts);
  if (!strictest.missing.empty()) return strictest;
  bool spoken = false;
  for (const DisclosureRule* rule : RulesFor(regime, facts, item)) {
    LineVerdict verdict = Ask(regime, *rule, facts);
    // Every rule that matches speaks and the strictest one decides: no order of rules in a file can widen a
    // release.
    if (!spoken || Outweighs(verdict, strictest)) strictest = std::move(verdict);
    spoken = true;
  }
  if (!spoken) {
    strictest.missing = fmt::format("a rule in force on {} for the instrument '{}' and the item '{}'",
                                    ToText(facts.decided), facts.instrument, item);
  }
  return strictest;
}

std::string NotDescribed(const Regime& regime, const Facts& facts) {
  if (regime.described_from && facts.decided < *regime.described_from) {
    return fmt::format("the texts in force on {}: the regime {} describes the law from {} on only",
                       ToText(facts.decided), regime.id, ToText(*regime.described_from));
  }
  const Instrument* instrument = regime.FindInstrument(facts.instrument);
  if (instrument == nullptr || InForce(*instrument, facts.decided)) return {};
  return fmt::format("an instrument in force on {}: '{}' is not", ToText(facts.decided), instrument->id);
}

std::vector<const DisclosureRule*> RulesFor(const Regime& regime, const Facts& facts,
                                            const std::string& item) {
  std::vector<const DisclosureRule*> rules;
  const auto known = regime.items.find(item);
  if (known == regime.items.end()) return rules;
  for (const DisclosureRule& rule : regime.rules) {
    if (Speaks(rule, facts, known->second)) rules.push_back(&rule);
  }
  return rules;
}

bool IsEnjoined(const Regime& regime, const std::string& category, const CivilDate& event) {
  return std::any_of(regime.injunctions.begin(), regime.injunctions.end(), [&](const Injunction& injunction) {
    return injunction.confidence != Confidence::kWeak && Names(injunction.categories, category) &&
           injunction.in_force_from <= event && event <= injunction.in_force_to;
  });
}

const RetentionRule* RetentionFor(const Regime& regime, const std::string& category,
                                  const std::string& profile, const CivilDate& event) {
  for (const RetentionRule& rule : regime.retention) {
    if (rule.category != category || !EmptyOrNames(rule.profiles, profile) || !InForce(rule, event)) continue;
    if (rule.needs_injunction && !IsEnjoined(regime, category, event)) continue;
    return &rule;
  }
  return nullptr;
}

Instant RetentionEnd(const RetentionRule& rule, Instant start) {
  const CivilDate last = AddMonths(ParisDate(start), 12 * rule.years + rule.months);
  return ParisMidnight(AddDays(last, 1));
}

}  // namespace probatio::law
