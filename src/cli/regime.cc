// probatio regime: the rules of law, checked and explained in plain language.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "law/evaluate.h"
#include "law/needs.h"

namespace probatio::cli {
namespace {

using law::Regime;

struct Options {
  std::string file = "regimes/eu-e-evidence.toml";
  std::string instrument;
  std::string item;
  std::string date;
  std::string profile = "ecs_operator";
  std::string purpose = "criminal_proceedings";
  std::string issuer;
  std::string serious = "unknown";
  int years = -1;
  std::vector<std::string> said;  // "online_offence=yes"
};

std::size_t OpenPointsOf(const Regime& regime) {
  std::size_t open = 0;
  for (const law::DisclosureRule& rule : regime.rules) open += rule.open.id.empty() ? 0 : 1;
  for (const auto& [id, gate] : regime.gates) open += gate.open.id.empty() ? 0 : 1;
  return open;
}

// What counsel should look at first: entries whose text was not read.
std::vector<std::string> ToVerify(const Regime& regime) {
  std::vector<std::string> ids;
  for (const law::Injunction& entry : regime.injunctions) {
    if (entry.confidence == law::Confidence::kWeak) ids.push_back("injunction " + entry.id);
  }
  for (const law::DisclosureRule& entry : regime.rules) {
    if (entry.confidence == law::Confidence::kWeak) ids.push_back("rule " + entry.id);
  }
  return ids;
}

Status Check(Session& session, const Options& options) {
  const Regime regime = TRY(ReadRegime(options.file));
  const std::vector<std::string> to_verify = ToVerify(regime);
  if (session.json) {
    const nlohmann::json result = {{"file", options.file},
                                   {"regime", regime.id},
                                   {"as_of", regime.as_of},
                                   {"sha256", regime.digest},
                                   {"items", regime.items.size()},
                                   {"instruments", regime.instruments.size()},
                                   {"rules", regime.rules.size()},
                                   {"gates", regime.gates.size()},
                                   {"open_points", OpenPointsOf(regime)},
                                   {"to_verify", to_verify}};
    session.out << result.dump(2) << "\n";
    return Done{};
  }
  session.out << fmt::format(
      "{}: nothing is wrong with it\n  regime {}, state of the law of {}\n  {} items, {} instruments, {} "
      "rules, {} gates, {} retention rules; {} of them leave a point of law open\n",
      options.file, regime.id, regime.as_of, regime.items.size(), regime.instruments.size(),
      regime.rules.size(), regime.gates.size(), regime.retention.size(), OpenPointsOf(regime));
  for (const std::string& id : to_verify)
    session.out << "  to be verified by counsel before it says anything: " << id << "\n";
  return Done{};
}

Result<law::Facts> FactsOf(const Regime& regime, const Options& options, const law::Instrument& instrument) {
  law::Facts facts;
  facts.instrument = instrument.id;
  facts.purpose = options.purpose;
  facts.profile = options.profile;
  facts.decided = TRY_IN("--date", law::ParseDate(options.date.empty() ? regime.as_of : options.date));
  facts.offence_named = options.years >= 0;
  facts.max_prison_years = std::max(options.years, 0);
  facts.court_found_serious = TRY_IN("--serious", law::ParseAnswer(options.serious));
  facts.issuer = options.issuer.empty() ? instrument.issuers.front() : options.issuer;
  for (const std::string& said : options.said) {
    const std::size_t equals = said.find('=');
    if (equals == std::string::npos) return Invalid("--fact: written NAME=yes, NAME=no or NAME=unknown");
    const std::string name = said.substr(0, equals);
    if (!law::IsKnownNeed(name)) return Invalid("--fact: no such fact: " + name);
    facts.said[name] = TRY_IN("--fact", law::ParseAnswer(said.substr(equals + 1)));
  }
  return facts;
}

std::string RetentionText(const law::RetentionRule* rule) {
  if (rule == nullptr) return "not kept at all on that day";
  const int months = 12 * rule->years + rule->months;
  const std::string_view start = rule->start == law::RetentionStart::kEvent ? "each event"
                                 : rule->start == law::RetentionStart::kContractEnd
                                     ? "the end of the contract"
                                     : "the closing of the account";
  const std::string span = months % 12 == 0 ? fmt::format("{} year{}", months / 12, months == 12 ? "" : "s")
                                            : fmt::format("{} months", months);
  return fmt::format("kept {} from {} ({}; {})", span, start, rule->id, rule->reference);
}

nlohmann::json JsonOf(const Regime& regime, const law::Facts& facts, const law::Item& item) {
  const law::LineVerdict verdict = law::EvaluateItem(regime, facts, item.id);
  nlohmann::json rules = nlohmann::json::array();
  for (const law::DisclosureRule* rule : law::RulesFor(regime, facts, item.id)) {
    rules.push_back({{"rule", rule->id},
                     {"says", rule->gate ? "gate " + *rule->gate : std::string(law::ToText(rule->verdict))},
                     {"reference", rule->reference},
                     {"title_fr", rule->title_fr},
                     {"title_en", rule->title_en},
                     {"confidence", law::ToText(rule->confidence)}});
  }
  const law::RetentionRule* retention =
      law::RetentionFor(regime, item.category, facts.profile, facts.decided);
  return {{"item", item.id},
          {"category", item.category},
          {"also", item.also},
          {"title_fr", item.title_fr},
          {"title_en", item.title_en},
          {"reference", item.reference},
          {"verdict", law::ToText(verdict.verdict)},
          {"rule", verdict.rule},
          {"verdict_reference", verdict.reference},
          {"facts", verdict.facts_used},
          {"missing", verdict.missing},
          {"open_point", verdict.open.id},
          {"readings", verdict.open.readings},
          {"rules", std::move(rules)},
          {"retention", RetentionText(retention)}};
}

void PrintItem(const Regime& regime, const law::Facts& facts, const law::Item& item, std::ostream& out) {
  const law::LineVerdict verdict = law::EvaluateItem(regime, facts, item.id);
  out << fmt::format("{} ({}; {}), category {}{}\n", item.title_en, item.title_fr, item.id, item.category,
                     item.also.empty() ? "" : fmt::format(" and {}", fmt::join(item.also, ", ")));
  if (!item.reference.empty()) out << "  listed in " << item.reference << "\n";
  out << "  " << RetentionText(law::RetentionFor(regime, item.category, facts.profile, facts.decided))
      << "\n";
  for (const law::DisclosureRule* rule : law::RulesFor(regime, facts, item.id)) {
    out << fmt::format(
        "  rule {}: {} ({})\n", rule->id,
        rule->gate ? "what the gate '" + *rule->gate + "' says" : std::string(law::ToText(rule->verdict)),
        rule->reference);
    if (!rule->gate) continue;
    const law::Gate& gate = regime.gates.at(*rule->gate);
    out << fmt::format("    the gate needs: {}", fmt::join(gate.needs, ", "));
    if (!gate.any_gate.empty())
      out << fmt::format("{}one of the gates {}", gate.needs.empty() ? "" : "; and ",
                         fmt::join(gate.any_gate, ", "));
    if (gate.max_prison_years_min > 0)
      out << fmt::format("; from {} years of prison", gate.max_prison_years_min);
    out << fmt::format("; closed, it says {} ({})\n", law::ToText(gate.otherwise), gate.reference);
  }
  out << fmt::format("  so: {}{}\n", law::ToText(verdict.verdict),
                     verdict.rule.empty() ? "" : ", by the strictest: " + verdict.rule);
  if (!verdict.facts_used.empty())
    out << fmt::format("    rests on: {}\n", fmt::join(verdict.facts_used, ", "));
  if (!verdict.missing.empty()) out << "    missing: " << verdict.missing << "\n";
  for (const std::string& reading : verdict.open.readings)
    out << fmt::format("    open point {}: {}\n", verdict.open.id, reading);
}

void PrintInstrument(const law::Instrument& instrument, std::ostream& out) {
  out << fmt::format("{} ({}; {})\n  {}; in force from {}\n  issued by: {}\n", instrument.title_en,
                     instrument.title_fr, instrument.id, instrument.reference,
                     law::ToText(instrument.in_force_from), fmt::join(instrument.issuers, ", "));
  if (instrument.effect == law::Effect::kPreserve) out << "  preserves only: nothing is given out\n";
  if (instrument.decision) out << "  a decision: obeyed, attacked or put to its judge again, never edited\n";
}

Status ListInstruments(Session& session, const Regime& regime) {
  nlohmann::json list = nlohmann::json::array();
  for (const law::Instrument& instrument : regime.instruments) {
    list.push_back({{"instrument", instrument.id},
                    {"aliases", instrument.aliases},
                    {"title_fr", instrument.title_fr},
                    {"title_en", instrument.title_en},
                    {"effect", law::ToText(instrument.effect)},
                    {"issuers", instrument.issuers},
                    {"reference", instrument.reference},
                    {"in_force_from", law::ToText(instrument.in_force_from)}});
    if (!session.json) session.out << fmt::format("{:32} {}\n", instrument.id, instrument.title_en);
  }
  if (session.json) session.out << list.dump(2) << "\n";
  return Done{};
}

Status Explain(Session& session, const Options& options) {
  const Regime regime = TRY(ReadRegime(options.file));
  if (options.instrument.empty()) return ListInstruments(session, regime);
  const law::Instrument* instrument = regime.FindInstrument(options.instrument);
  if (instrument == nullptr)
    return Error(ErrorCode::kNotFound, "--instrument: the regime has no '" + options.instrument + "'");
  const law::Facts facts = TRY(FactsOf(regime, options, *instrument));
  std::vector<const law::Item*> items;
  for (const auto& [id, item] : regime.items) {
    if (options.item.empty() || options.item == id) items.push_back(&item);
  }
  if (items.empty()) return Error(ErrorCode::kNotFound, "--item: the regime has no '" + options.item + "'");
  if (session.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const law::Item* item : items) list.push_back(JsonOf(regime, facts, *item));
    const nlohmann::json result = {{"instrument", instrument->id}, {"date", law::ToText(facts.decided)},
                                   {"profile", facts.profile},     {"purpose", facts.purpose},
                                   {"issuer", facts.issuer},       {"items", std::move(list)}};
    session.out << result.dump(2) << "\n";
    return Done{};
  }
  PrintInstrument(*instrument, session.out);
  session.out << fmt::format(
      "asked of: a decision of {}, purpose {}, provider {}, issued by {}\n\n", law::ToText(facts.decided),
      facts.purpose.empty() ? "none stated" : facts.purpose, facts.profile, facts.issuer);
  for (const law::Item* item : items) PrintItem(regime, facts, *item, session.out);
  return Done{};
}

}  // namespace

void AddRegime(CLI::App& app, Session& session) {
  CLI::App* regime = app.add_subcommand("regime", "the rules of law: check a file, or explain what it says");
  regime->require_subcommand(1);
  auto options = std::make_shared<Options>();

  CLI::App* check = regime->add_subcommand("check", "read a regime and say where it is wrong");
  check->add_option("FILE", options->file, "the regime (docs/formats/regime.md)")->required();
  check->add_flag("--json", session.json, "results as JSON");
  OnRun(check, session, [&session, options] { return Check(session, *options); });

  CLI::App* explain = regime->add_subcommand(
      "explain",
      "what the rules say of an instrument and an item, and why; without an instrument, lists them");
  explain->add_option("--regime", options->file, "the regime")->capture_default_str();
  explain->add_option("--instrument", options->instrument, "id or alias");
  explain->add_option("--item", options->item, "one item; else all");
  explain->add_option("--date", options->date, "of the decision; else the regime's own");
  explain->add_option("--profile", options->profile, "of the provider")->capture_default_str();
  explain->add_option("--purpose", options->purpose, "stated in the order")->capture_default_str();
  explain->add_option("--issuer", options->issuer, "kind of issuer; else the instrument's first");
  explain->add_option("--years", options->years, "highest maximum penalty of an offence named; else none is");
  explain->add_option("--serious", options->serious, "the court's finding: yes, no, unknown")
      ->capture_default_str();
  explain->add_option("--fact", options->said, "NAME=yes, a fact of docs/formats/order.md; may be repeated");
  explain->add_flag("--json", session.json, "results as JSON");
  OnRun(explain, session, [&session, options] { return Explain(session, *options); });
}

}  // namespace probatio::cli
