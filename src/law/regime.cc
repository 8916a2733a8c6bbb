// Reads regimes/*.toml (docs/formats/regime.md). The only file that sees toml++; its errors are values here.
#include "law/regime.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "base/toml_screen.h"
#include "law/gate.h"

namespace probatio::law {
namespace {

constexpr std::string_view kSchema = "probatio-regime/1";
constexpr int kRetentionYearsMax = 100;
constexpr int kRetentionMonthsMax = 1200;
constexpr int kPrisonYearsMax = 100;

// One table with its place, so that every error names file, line and key.
class Table {
 public:
  Table(const toml::table& table, std::string file, std::string where)
      : table_(table), file_(std::move(file)), where_(std::move(where)) {}

  Error Wrong(std::string_view key, std::string_view reason) const {
    const toml::node* node = table_.get(key);
    const auto line = node == nullptr ? table_.source().begin.line : node->source().begin.line;
    return Invalid(fmt::format("{}:{}: {}{}: {}", file_, line, where_, key, reason));
  }

  Status OnlyKeys(std::initializer_list<std::string_view> known) const {
    for (const auto& [key, node] : table_) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        return Wrong(key.str(), "unknown key");
    }
    return Done{};
  }

  bool Has(std::string_view key) const { return table_.contains(key); }

  Result<std::string> Text(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return Wrong(key, "missing");
    const auto* text = node->as_string();
    if (text == nullptr || text->get().empty()) return Wrong(key, "not a text, or empty");
    if (text->get().size() > kRegimeTextBytesMax) {
      return Wrong(key, fmt::format("longer than {} bytes", kRegimeTextBytesMax));
    }
    return text->get();
  }

  Result<std::vector<std::string>> Texts(std::string_view key) const {
    std::vector<std::string> texts;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return texts;
    const toml::array* array = node->as_array();
    if (array == nullptr) return Wrong(key, "not a list of texts");
    for (const toml::node& element : *array) {
      const auto* text = element.as_string();
      if (text == nullptr || text->get().empty()) return Wrong(key, "not a list of texts");
      texts.push_back(text->get());
    }
    return texts;
  }

  Result<int> Integer(std::string_view key, int max) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return 0;
    const auto* number = node->as_integer();
    if (number == nullptr || number->get() < 0 || number->get() > max) {
      return Wrong(key, fmt::format("not a whole number from 0 to {}", max));
    }
    return static_cast<int>(number->get());
  }

  Result<bool> Flag(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return false;
    const auto* flag = node->as_boolean();
    if (flag == nullptr) return Wrong(key, "not true or false");
    return flag->get();
  }

  Result<CivilDate> Date(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return Wrong(key, "missing");
    const auto* date = node->as_date();
    if (date == nullptr) return Wrong(key, "not a date such as 2021-10-21, without quotes");
    const toml::date day = date->get();
    const auto checked = ParseDate(fmt::format("{:04}-{:02}-{:02}", +day.year, +day.month, +day.day));
    if (!checked.ok()) return Wrong(key, checked.error().what());
    return checked.value();
  }

  Result<Verdict> VerdictOf(std::string_view key) const {
    const std::string text = TRY(Text(key));
    const auto verdict = ParseVerdict(text);
    if (!verdict.ok()) return Wrong(key, verdict.error().what());
    return verdict.value();
  }

  // The tables of [[key]].
  Result<std::vector<Table>> Tables(std::string_view key) const {
    std::vector<Table> tables;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return tables;
    const toml::array* array = node->as_array();
    if (array == nullptr) return Wrong(key, fmt::format("not written as [[{}]]", key));
    if (array->size() > kRegimeEntriesMax) return Wrong(key, fmt::format("more than {}", kRegimeEntriesMax));
    for (const toml::node& element : *array) {
      const toml::table* table = element.as_table();
      if (table == nullptr) return Wrong(key, fmt::format("not written as [[{}]]", key));
      tables.emplace_back(*table, file_, fmt::format("{}{}[{}].", where_, key, tables.size()));
    }
    return tables;
  }

 private:
  const toml::table& table_;
  std::string file_;
  std::string where_;
};

template <class Rule>
bool DatesOverlap(const Rule& a, const Rule& b) {
  const bool a_before_b = a.in_force_to && *a.in_force_to < b.in_force_from;
  const bool b_before_a = b.in_force_to && *b.in_force_to < a.in_force_from;
  return !a_before_b && !b_before_a;
}

// Empty means every profile.
bool ProfilesMeet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.empty() || b.empty() || std::any_of(a.begin(), a.end(), [&](const std::string& profile) {
           return std::find(b.begin(), b.end(), profile) != b.end();
         });
}

bool KnowsCategory(const Regime& regime, const std::string& category) {
  return std::any_of(regime.items.begin(), regime.items.end(),
                     [&](const auto& entry) { return entry.second.category == category; });
}

template <class Rule>
Status ReadInForce(const Table& table, Rule& rule) {
  rule.in_force_from = TRY(table.Date("in_force_from"));
  if (!table.Has("in_force_to")) return Done{};
  rule.in_force_to = TRY(table.Date("in_force_to"));
  if (*rule.in_force_to < rule.in_force_from) return table.Wrong("in_force_to", "before in_force_from");
  return Done{};
}

Status AddItem(const Table& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "category", "title_fr", "title_en", "express_only"}));
  Item item;
  item.id = TRY(table.Text("id"));
  item.category = TRY(table.Text("category"));
  item.title_fr = TRY(table.Text("title_fr"));
  item.title_en = TRY(table.Text("title_en"));
  item.express_only = TRY(table.Flag("express_only"));
  const std::string id = item.id;
  if (!regime.items.emplace(id, std::move(item)).second) return table.Wrong("id", "given twice");
  return Done{};
}

Result<RetentionStart> StartOf(const Table& table) {
  const std::string text = TRY(table.Text("start"));
  if (text == "event") return RetentionStart::kEvent;
  if (text == "contract_end") return RetentionStart::kContractEnd;
  if (text == "account_closed") return RetentionStart::kAccountClosed;
  return table.Wrong("start", "one of event, contract_end, account_closed");
}

Status AddRetention(const Table& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "category", "profiles", "start", "years", "months", "needs_injunction",
                      "reference", "in_force_from", "in_force_to"}));
  RetentionRule rule;
  rule.id = TRY(table.Text("id"));
  rule.category = TRY(table.Text("category"));
  rule.profiles = TRY(table.Texts("profiles"));
  rule.start = TRY(StartOf(table));
  rule.years = TRY(table.Integer("years", kRetentionYearsMax));
  rule.months = TRY(table.Integer("months", kRetentionMonthsMax));
  rule.needs_injunction = TRY(table.Flag("needs_injunction"));
  rule.reference = TRY(table.Text("reference"));
  TRY(ReadInForce(table, rule));
  if (rule.needs_injunction && rule.start != RetentionStart::kEvent)
    return table.Wrong("needs_injunction",
                       "only for what is kept from an event: it is the event's date that counts");
  if (!KnowsCategory(regime, rule.category)) return table.Wrong("category", "no item has this category");
  if (rule.years == 0 && rule.months == 0) return table.Wrong("years", "no duration");
  for (const RetentionRule& other : regime.retention) {
    if (other.category == rule.category && ProfilesMeet(other.profiles, rule.profiles) &&
        DatesOverlap(other, rule)) {
      return table.Wrong("in_force_from", fmt::format("overlaps with '{}' for the same category", other.id));
    }
  }
  regime.retention.push_back(std::move(rule));
  return Done{};
}

Status AddInjunction(const Table& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "categories", "reference", "in_force_from", "in_force_to"}));
  Injunction injunction;
  injunction.id = TRY(table.Text("id"));
  injunction.categories = TRY(table.Texts("categories"));
  injunction.reference = TRY(table.Text("reference"));
  injunction.in_force_from = TRY(table.Date("in_force_from"));
  injunction.in_force_to = TRY(table.Date("in_force_to"));
  if (injunction.in_force_to < injunction.in_force_from)
    return table.Wrong("in_force_to", "before in_force_from");
  if (AddMonths(injunction.in_force_from, kInjunctionMonthsMax) <= injunction.in_force_to)
    return table.Wrong("in_force_to", "more than a year after in_force_from");
  if (injunction.categories.empty()) return table.Wrong("categories", "missing");
  for (const std::string& category : injunction.categories) {
    const bool needed = std::any_of(regime.retention.begin(), regime.retention.end(), [&](const auto& rule) {
      return rule.category == category && rule.needs_injunction;
    });
    if (!needed)
      return table.Wrong("categories", fmt::format("no retention of '{}' needs an injunction", category));
  }
  for (const Injunction& other : regime.injunctions) {
    if (other.id == injunction.id) return table.Wrong("id", "given twice");
  }
  regime.injunctions.push_back(std::move(injunction));
  return Done{};
}

Status AddGate(const Table& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "needs", "max_prison_years_min", "otherwise", "reference"}));
  Gate gate;
  gate.id = TRY(table.Text("id"));
  gate.needs = TRY(table.Texts("needs"));
  gate.max_prison_years_min = TRY(table.Integer("max_prison_years_min", kPrisonYearsMax));
  gate.otherwise = TRY(table.VerdictOf("otherwise"));
  gate.reference = TRY(table.Text("reference"));
  if (gate.needs.empty()) return table.Wrong("needs", "empty: such a gate would always be open");
  for (const std::string& need : gate.needs) {
    if (!IsKnownNeed(need)) return table.Wrong("needs", fmt::format("unknown need '{}'", need));
  }
  if (gate.otherwise == Verdict::kRelease) return table.Wrong("otherwise", "a closed gate cannot release");
  const std::string id = gate.id;
  if (!regime.gates.emplace(id, std::move(gate)).second) return table.Wrong("id", "given twice");
  return Done{};
}

Status CheckNames(const Table& table, const DisclosureRule& rule, const Regime& regime) {
  if (rule.instruments.empty()) return table.Wrong("instruments", "missing");
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
  return Done{};
}

Status AddRule(const Table& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "instruments", "categories", "items", "profiles", "purposes", "gate", "verdict",
                      "reference", "in_force_from", "in_force_to"}));
  DisclosureRule rule;
  rule.id = TRY(table.Text("id"));
  rule.instruments = TRY(table.Texts("instruments"));
  rule.categories = TRY(table.Texts("categories"));
  rule.items = TRY(table.Texts("items"));
  rule.profiles = TRY(table.Texts("profiles"));
  rule.purposes = TRY(table.Texts("purposes"));
  if (table.Has("gate") == table.Has("verdict")) {
    return table.Wrong("verdict", "exactly one of gate and verdict is needed");
  }
  if (table.Has("gate")) {
    rule.gate = TRY(table.Text("gate"));
  } else {
    rule.verdict = TRY(table.VerdictOf("verdict"));
  }
  rule.reference = TRY(table.Text("reference"));
  TRY(ReadInForce(table, rule));
  TRY(CheckNames(table, rule, regime));
  // Successive versions of one rule share its id; two of them cannot be in force on one day.
  for (const DisclosureRule& other : regime.rules) {
    if (other.id == rule.id && DatesOverlap(other, rule)) {
      return table.Wrong("in_force_from", fmt::format("overlaps with another version of '{}'", rule.id));
    }
  }
  regime.rules.push_back(std::move(rule));
  return Done{};
}

Status AddAll(const Table& root, std::string_view key, Status (*add)(const Table&, Regime&), Regime& regime) {
  const std::vector<Table> tables = TRY(root.Tables(key));
  for (const Table& table : tables) TRY(add(table, regime));
  return Done{};
}

Result<Regime> ReadRegime(const Table& root) {
  TRY(root.OnlyKeys(
      {"schema", "id", "title", "as_of", "verified_by", "item", "retention", "injunction", "gate", "rule"}));
  const std::string schema = TRY(root.Text("schema"));
  if (schema != kSchema) return root.Wrong("schema", fmt::format("not '{}'", kSchema));
  Regime regime;
  regime.id = TRY(root.Text("id"));
  regime.title = TRY(root.Text("title"));
  const CivilDate as_of = TRY(root.Date("as_of"));
  regime.as_of = ToText(as_of);
  TRY(AddAll(root, "item", AddItem, regime));
  TRY(AddAll(root, "retention", AddRetention, regime));
  TRY(AddAll(root, "injunction", AddInjunction, regime));
  TRY(AddAll(root, "gate", AddGate, regime));
  TRY(AddAll(root, "rule", AddRule, regime));
  if (regime.items.empty()) return root.Wrong("item", "missing: a regime without items judges nothing");
  return regime;
}

}  // namespace

std::string_view ToText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRelease:
      return "release";
    case Verdict::kRefuse:
      return "refuse";
    case Verdict::kHuman:
      return "human";
  }
  return "unknown";
}

Result<Verdict> ParseVerdict(std::string_view text) {
  for (const Verdict verdict : {Verdict::kRelease, Verdict::kRefuse, Verdict::kHuman}) {
    if (text == ToText(verdict)) return verdict;
  }
  return Invalid("verdict: one of release, refuse, human");
}

Result<Regime> ParseRegime(std::string_view toml, const std::string& file_name) {
  if (toml.size() > kRegimeBytesMax) {
    return Invalid(fmt::format("{}:1: larger than {} bytes", file_name, kRegimeBytesMax));
  }
  TRY(ScreenToml(toml, file_name));
  toml::table root;
  try {
    root = toml::parse(toml, file_name);
  } catch (const toml::parse_error& error) {
    return Invalid(fmt::format("{}:{}: {}", file_name, error.source().begin.line, error.description()));
  }
  return ReadRegime(Table(root, file_name, ""));
}

}  // namespace probatio::law
