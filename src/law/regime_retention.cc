// How long a category is kept, and the dated orders to keep more.
#include <fmt/format.h>

#include <algorithm>

#include "law/regime_read.h"

namespace probatio::law {
namespace {

constexpr int kRetentionYearsMax = 100;
constexpr int kRetentionMonthsMax = 1200;

Result<RetentionStart> StartOf(const TomlTable& table) {
  const std::string text = TRY(table.Text("start"));
  if (text == "event") return RetentionStart::kEvent;
  if (text == "contract_end") return RetentionStart::kContractEnd;
  if (text == "account_closed") return RetentionStart::kAccountClosed;
  return table.Wrong("start", "one of event, contract_end, account_closed");
}

}  // namespace

Status AddRetention(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "category", "profiles", "start", "years", "months", "needs_injunction",
                      "reference", "in_force_from", "in_force_to", "title_fr", "title_en", "confidence",
                      "kept_for"}));
  RetentionRule rule;
  rule.id = TRY(table.Text("id"));
  rule.category = TRY(table.Text("category"));
  rule.profiles = TRY(ReadProfiles(table));
  rule.start = TRY(StartOf(table));
  rule.years = TRY(ReadNumber(table, "years", kRetentionYearsMax));
  rule.months = TRY(ReadNumber(table, "months", kRetentionMonthsMax));
  rule.needs_injunction = TRY(table.FlagOr("needs_injunction", false));
  rule.reference = TRY(table.Text("reference"));
  TRY(ReadInForce(table, rule));
  TRY(ReadTitlesIfAny(table, rule));
  rule.confidence = TRY(ReadConfidence(table));
  rule.kept_for = TRY(ReadList(table, "kept_for"));
  if (rule.needs_injunction && rule.start != RetentionStart::kEvent)
    return table.Wrong("needs_injunction",
                       "only for what is kept from an event: it is the event's date that counts");
  if (!KnowsCategory(regime, rule.category)) return table.Wrong("category", "no item has this category");
  if (rule.years == 0 && rule.months == 0) return table.Wrong("years", "no duration");
  for (const RetentionRule& other : regime.retention) {
    if (other.category == rule.category && MeetOrAll(other.profiles, rule.profiles) &&
        DatesOverlap(other, rule)) {
      return table.Wrong("in_force_from", fmt::format("overlaps with '{}' for the same category", other.id));
    }
    // Successive versions of one rule share its id.
    if (other.id == rule.id && DatesOverlap(other, rule)) return table.Wrong("id", "given twice");
  }
  regime.retention.push_back(std::move(rule));
  return Done{};
}

Status AddInjunction(const TomlTable& table, Regime& regime) {
  TRY(table.OnlyKeys({"id", "categories", "reference", "in_force_from", "in_force_to", "title_fr", "title_en",
                      "confidence"}));
  Injunction injunction;
  injunction.id = TRY(table.Text("id"));
  injunction.categories = TRY(ReadList(table, "categories"));
  injunction.reference = TRY(table.Text("reference"));
  injunction.in_force_from = TRY(ReadDate(table, "in_force_from"));
  injunction.in_force_to = TRY(ReadDate(table, "in_force_to"));
  TRY(ReadTitlesIfAny(table, injunction));
  injunction.confidence = TRY(ReadConfidence(table));
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

}  // namespace probatio::law
