// The gates and the rules of a regime, and what makes two rules contradict each other.
#include <fmt/format.h>

#include <algorithm>

#include "law/needs.h"
#include "law/regime_read.h"

namespace probatio::law {
namespace {

constexpr int kPrisonYearsMax = 100;

Status CheckNeeds(const TomlTable& table, const Gate& gate, const Regime& regime) {
  if (gate.needs.empty() && gate.any_gate.empty())
    return table.Wrong("needs", "empty: such a gate would always be open");
  const auto asks = [&](std::string_view need) {
    return std::find(gate.needs.begin(), gate.needs.end(), need) != gate.needs.end();
  };
  for (const std::string& need : gate.needs) {
    if (!IsKnownNeed(need)) return table.Wrong("needs", fmt::format("unknown need '{}'", need));
  }
  if (asks(kNeedIssuer) == gate.issuers.empty())
    return table.Wrong("issuers", "stated exactly where the need 'issuer' is");
  for (const std::string& issuer : gate.issuers) {
    if (regime.FindIssuer(issuer) == nullptr)
      return table.Wrong("issuers", fmt::format("unknown issuer '{}'", issuer));
  }
  if (asks(kNeedPrisonYears) && gate.max_prison_years_min == 0)
    return table.Wrong("max_prison_years_min", "missing for the need 'prison_years'");
  // A gate may only ask gates that stand before it: no gate ever asks itself.
  for (const std::string& other : gate.any_gate) {
    if (regime.gates.count(other) == 0)
      return table.Wrong("any_gate", fmt::format("unknown gate '{}', or one that stands below", other));
  }
  return Done{};
}

Status CheckNames(const TomlTable& table, const DisclosureRule& rule, const Regime& regime) {
  if (rule.categories.empty() == rule.items.empty()) {
    return table.Wrong("categories", "exactly one of categories and items is needed");
  }
  for (const std::string& category : rule.categories) {
    if (!KnowsCategory(regime, category)) {
      return table.Wrong("categories", fmt::format("no item has the category '{}'", category));
    }
  }
  for (const std::string& item : rule.items) {
    if (regime.items.count(item) == 0) return table.Wrong("items", fmt::format("unknown item '{}'", item));
  }
  if (rule.gate && regime.gates.count(*rule.gate) == 0) {
    return table.Wrong("gate", fmt::format("unknown gate '{}'", *rule.gate));
  }
  if (rule.absolute && (rule.gate || rule.verdict != Verdict::kRefuse))
    return table.Wrong("absolute", "only of a rule with verdict = \"refuse\"");
  if (!rule.open.id.empty() && (rule.gate || rule.verdict != Verdict::kHuman))
    return table.Wrong("open_point", "where the law is open the verdict is \"human\"");
  return Done{};
}

bool SameSet(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

// Two rules that speak of the same lines on the same days, neither narrower than the other, and say different
// things: the strictest would win, but one of them is a mistake. A rule of items is narrower than one of
// categories, and one that names profiles or purposes than one that does not.
bool Contradict(const DisclosureRule& a, const DisclosureRule& b) {
  if (a.verdict == b.verdict && a.gate == b.gate) return false;
  return DatesOverlap(a, b) && SameSet(a.instruments, b.instruments) && SameSet(a.profiles, b.profiles) &&
         SameSet(a.purposes, b.purposes) && (Meet(a.categories, b.categories) || Meet(a.items, b.items)) &&
         !a.gate && !b.gate;
}

Status CheckAgainst(const TomlTable& table, const Regime& regime, const DisclosureRule& rule) {
  for (const DisclosureRule& other : regime.rules) {
    // Successive versions of one rule share its id; two of them cannot be in force on one day.
    if (other.id == rule.id && DatesOverlap(other, rule)) {
      return table.Wrong("in_force_from", fmt::format("overlaps with another version of '{}'", rule.id));
    }
    if (Contradict(other, rule)) {
      return table.Wrong("verdict",
                         fmt::format("contradicts '{}', which says {} of the same lines on the same days",
                                     other.id, ToText(other.verdict)));
    }
  }
  return Done{};
}

}  // namespace

bool Meet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& entry) {
    return std::find(b.begin(), b.end(), entry) != b.end();
  });
}

bool KnowsCategory(const Regime& regime, const std::string& category) {
  return std::any_of(regime.items.begin(), regime.items.end(),
                     [&](const auto& entry) { return entry.second.category == category; });
}

Status AddGate(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "needs", "max_prison_years_min", "otherwise", "reference", "any_gate", "issuers",
                      "open_point", "readings", "title_fr", "title_en", "confidence"}));
  Gate gate;
  gate.id = TRY(table.Text("id"));
  gate.needs = TRY(ReadList(table, "needs"));
  gate.max_prison_years_min = TRY(ReadNumber(table, "max_prison_years_min", kPrisonYearsMax));
  gate.otherwise = TRY(ReadVerdict(table, "otherwise"));
  gate.reference = TRY(table.Text("reference"));
  gate.any_gate = TRY(ReadList(table, "any_gate"));
  gate.issuers = TRY(ReadList(table, "issuers"));
  gate.open = TRY(ReadOpenPoint(table));
  TRY(ReadTitlesIfAny(table, gate));
  gate.confidence = TRY(ReadConfidence(table));
  TRY(CheckNeeds(table, gate, regime));
  if (gate.otherwise == Verdict::kRelease) return table.Wrong("otherwise", "a closed gate cannot release");
  if (!gate.open.id.empty() && gate.otherwise != Verdict::kHuman)
    return table.Wrong("open_point", "where the law is open a closed gate ends at \"human\"");
  const std::string id = gate.id;
  if (!regime.gates.emplace(id, std::move(gate)).second) return table.Wrong("id", "given twice");
  return Done{};
}

Status AddRule(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "instruments", "categories", "items", "profiles", "purposes", "gate", "verdict",
                      "reference", "in_force_from", "in_force_to", "absolute", "open_point", "readings",
                      "title_fr", "title_en", "confidence"}));
  DisclosureRule rule;
  rule.id = TRY(table.Text("id"));
  rule.instruments = TRY(InstrumentsNamed(table, regime));
  rule.categories = TRY(ReadList(table, "categories"));
  rule.items = TRY(ReadList(table, "items"));
  rule.profiles = TRY(ReadProfiles(table));
  rule.purposes = TRY(ReadPurposes(table));
  if (table.Has("gate") == table.Has("verdict")) {
    return table.Wrong("verdict", "exactly one of gate and verdict is needed");
  }
  if (table.Has("gate")) {
    rule.gate = TRY(table.Text("gate"));
  } else {
    rule.verdict = TRY(ReadVerdict(table, "verdict"));
  }
  rule.reference = TRY(table.Text("reference"));
  TRY(ReadInForce(table, rule));
  rule.absolute = TRY(table.FlagOr("absolute", false));
  rule.open = TRY(ReadOpenPoint(table));
  TRY(ReadTitlesIfAny(table, rule));
  rule.confidence = TRY(ReadConfidence(table));
  TRY(CheckNames(table, rule, regime));
  TRY(CheckAgainst(table, regime, rule));
  regime.rules.push_back(std::move(rule));
  return Done{};
}

}  // namespace probatio::law
