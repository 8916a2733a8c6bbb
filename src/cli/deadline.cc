// probatio deadline: the time limit of an order, with each rule applied (docs/operate/deadlines.md).
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "law/known_limit.h"
#include "law/service.h"

namespace probatio::cli {
namespace {

using law::Words;

struct Options {
  std::string instrument = "fr.cpc145.refere";
  std::string served;
  std::string limit;
  std::int64_t hours = 0;
  std::int64_t days = 0;
  std::int64_t months = 0;
  std::string mode;
  std::string language = "en";
  bool abroad = false;
  bool overseas = false;
  bool court_overseas = false;
  bool remedy = false;
  bool near_court = false;
  bool excluded = false;
  bool alsace_moselle = false;
};

// What was asked and what came of it, before anybody prints it.
struct Answer {
  law::LimitQuestion question;
  law::TimeLimit limit;
  law::ServiceMode mode = law::ServiceMode::kUnstated;
  const law::KnownLimit* known = nullptr;
  std::optional<law::Step> warning;
  std::vector<Words> notes;
};

Result<std::optional<law::LimitSpan>> GivenSpan(const Options& options) {
  const int given =
      (options.hours != 0) + (options.days != 0) + (options.months != 0) + (options.limit.empty() ? 0 : 1);
  if (given > 1) return Error(ErrorCode::kUsage, "deadline: give one of --limit, --hours, --days, --months");
  if (given == 0) return std::optional<law::LimitSpan>();
  if (!options.limit.empty()) {
    const law::LimitSpan span = TRY_IN("--limit", law::ParseSpan(options.limit));
    return std::optional(span);
  }
  law::LimitSpan span;
  span.hours = options.hours;
  span.days = options.days;
  span.months = options.months;
  return std::optional(span);
}

// What is not computed is said, so that nobody believes that it was.
std::vector<Words> NotesFor(const Options& options) {
  std::vector<Words> notes;
  if (options.alsace_moselle) {
    notes.push_back(
        {"Good Friday is a holiday only in communes with a Protestant or a mixed church (Labour Code "
         "L3134-13)",
         "le Vendredi saint n'est férié que dans les communes ayant un temple protestant ou une église mixte "
         "(code du travail, L. 3134-13)"});
  }
  if (options.overseas || options.court_overseas) {
    notes.push_back(
        {"overseas commemoration days (Labour Code L3422-2) and clocks are not computed: dates are those of "
         "Paris",
         "les jours de commémoration outre-mer (code du travail, L. 3422-2) et les fuseaux locaux ne sont "
         "pas "
         "calculés : les dates sont celles de Paris"});
  }
  return notes;
}

Result<Answer> Count(const Options& options) {
  Answer answer;
  answer.known = law::FindKnownLimit(options.instrument);
  const std::optional<law::LimitSpan> given = TRY(GivenSpan(options));
  if (!options.instrument.starts_with("fr.") && !options.instrument.starts_with("eu.")) {
    return Invalid("deadline: instrument '" + options.instrument +
                   "' is not known; instruments begin with 'fr.' or 'eu.'");
  }
  law::LimitQuestion& question = answer.question;
  question.served = TRY_IN("--served", Instant::ParseRfc3339(options.served));
  question.counting = law::CountingOf(options.instrument);
  if (answer.known != nullptr) {
    question.span = TRY(law::ParseSpan(answer.known->span));
    question.matter = answer.known->matter;
    question.duty = answer.known->duty;
  } else if (!given) {
    return Error(ErrorCode::kUsage, "deadline: no text attaches a limit to '" + options.instrument +
                                        "': the order sets it; give --limit, such as '48 hours'");
  }
  if (given) question.span = *given;
  if (options.remedy) question.matter = law::Matter::kRemedy;
  if (options.overseas) question.distance = law::Distance::kOverseas;
  if (options.abroad) question.distance = law::Distance::kAbroad;
  question.court_overseas = options.court_overseas;
  question.served_near_court = options.near_court;
  question.extension_excluded = options.excluded;
  if (options.alsace_moselle) question.calendar = law::Calendar::kAlsaceMoselle;
  answer.mode = TRY_IN("--mode", law::ParseServiceMode(options.mode));
  answer.limit = TRY(law::CountTimeLimit(question));
  answer.warning = law::CheckServiceHours(question.served, answer.mode, question.calendar);
  answer.notes = NotesFor(options);
  return answer;
}

// The few words among article numbers, for a French reader.
std::string ReferenceIn(law::Language language, std::string reference) {
  if (language == law::Language::kEnglish) return reference;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kFrench{
      {{"practice", "pratique"},
       {"the text itself", "le texte même"},
       {"Regulation (EU)", "règlement (UE)"},
       {"Regulation 1182/71", "règlement 1182/71"}}};
  for (const auto& [english, french] : kFrench) {
    const std::size_t at = reference.find(english);
    if (at != std::string::npos) reference.replace(at, english.size(), french);
  }
  return reference;
}

nlohmann::json StepJson(const law::Step& step, law::Language language) {
  return {{"what", step.what.In(language)}, {"reference", step.reference}};
}

void PrintJson(const Answer& answer, law::Language language, std::ostream& out) {
  using nlohmann::json;
  const law::TimeLimit& limit = answer.limit;
  json readings = json::array();
  for (const law::Reading& reading : limit.readings) {
    readings.push_back({{"expires", reading.expires.ToRfc3339()},
                        {"expires_paris", law::ParisText(reading.expires)},
                        {"rule", language == law::Language::kFrench ? reading.rule_fr : reading.rule},
                        {"reference", reading.reference}});
  }
  json steps = json::array();
  for (const law::Step& step : limit.steps) steps.push_back(StepJson(step, language));
  json notes = json::array();
  for (const Words& note : answer.notes) notes.push_back(note.In(language));
  json result = {{"served", limit.served.ToRfc3339()},
                 {"limit", law::SpanWords(answer.question.span).In(language)},
                 {"binding", limit.binding().ToRfc3339()},
                 {"readings", std::move(readings)},
                 {"steps", std::move(steps)},
                 {"notes", std::move(notes)},
                 {"warning", answer.warning ? StepJson(*answer.warning, language) : json(nullptr)}};
  if (answer.known != nullptr) result["limit_reference"] = answer.known->reference;
  if (answer.mode != law::ServiceMode::kUnstated) {
    const law::ServiceRules rules = law::RulesOf(answer.mode);
    result["service"] = {{"mode", law::ToText(answer.mode)},
                         {"counts", rules.counts.In(language)},
                         {"reference", rules.reference},
                         {"proof", rules.proof.In(language)},
                         {"proof_reference", rules.proof_reference}};
  }
  out << result.dump(2) << "\n";
}

void PrintService(const Answer& answer, law::Language language, std::ostream& out) {
  if (answer.mode == law::ServiceMode::kUnstated) return;
  const Words head{"service:", "notification :"};
  const law::ServiceRules rules = law::RulesOf(answer.mode);
  out << head.In(language) << " " << rules.counts.In(language) << " ["
      << ReferenceIn(language, rules.reference) << "]\n    "
      << Words{"proved by ", "prouvée par "}.In(language) << rules.proof.In(language) << " ["
      << ReferenceIn(language, rules.proof_reference) << "]\n";
  if (answer.warning) {
    out << "    " << Words{"warning: ", "attention : "}.In(language) << answer.warning->what.In(language)
        << " [" << answer.warning->reference << "]\n";
  }
}

void PrintText(const Answer& answer, law::Language language, std::ostream& out) {
  const law::TimeLimit& limit = answer.limit;
  out << Words{"served   ", "notifié  "}.In(language) << law::ParisText(limit.served) << " (Paris), "
      << limit.served.ToRfc3339() << "\n";
  out << Words{"limit    ", "délai    "}.In(language) << law::SpanWords(answer.question.span).In(language);
  if (answer.known != nullptr) {
    out << " [" << ReferenceIn(language, std::string(answer.known->reference)) << "] "
        << Words{answer.known->note_en, answer.known->note_fr}.In(language);
  }
  out << "\n\n";
  PrintService(answer, language, out);
  int number = 0;
  for (const law::Step& step : limit.steps)
    out << fmt::format("{:2}. {} [{}]\n", ++number, step.what.In(language),
                       ReferenceIn(language, step.reference));
  out << "\n";
  for (const law::Reading& reading : limit.readings) {
    const bool binds = &reading == &limit.binding_reading();
    const bool earlier = reading.expires < limit.binding();
    const Words head = binds     ? Words{"binding  ", "retenu   "}
                       : earlier ? Words{"earlier  ", "plus tôt "}
                                 : Words{"later    ", "plus tard"};
    const std::string& rule = language == law::Language::kFrench ? reading.rule_fr : reading.rule;
    out << fmt::format("{} {} (Paris), {}\n          {} [{}]\n", head.In(language),
                       law::ParisText(reading.expires), reading.expires.ToRfc3339(), rule,
                       ReferenceIn(language, reading.reference));
  }
  for (const Words& note : answer.notes) out << note.In(language) << "\n";
}

Status Deadline(Session& session, const Options& options) {
  const law::Language language = TRY_IN("--lang", law::ParseLanguage(options.language));
  const Answer answer = TRY(Count(options));
  if (session.json) {
    PrintJson(answer, language, session.out);
  } else {
    PrintText(answer, language, session.out);
  }
  return Done{};
}

void AddPlaces(CLI::App* command, const std::shared_ptr<Options>& options) {
  CLI::Option* abroad =
      command->add_flag("--abroad", options->abroad, "the addressee lives abroad (CPC 643, 644)");
  command->add_flag("--overseas", options->overseas, "the addressee lives overseas, seen from the court")
      ->excludes(abroad);
  command->add_flag("--court-overseas", options->court_overseas, "the court sits overseas (CPC 644)");
  command->add_flag("--near-court", options->near_court,
                    "served in person where nobody has an extension (CPC 647)");
  command->add_flag("--no-extension", options->excluded, "a text excludes the extension (CPC 645)");
  command->add_flag("--alsace-moselle", options->alsace_moselle,
                    "count Good Friday and 26 December as holidays");
}

}  // namespace

void AddDeadline(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("deadline", "the time limit of an order, with each rule that was applied");
  auto options = std::make_shared<Options>();
  command
      ->add_option("--instrument", options->instrument,
                   "the instrument, such as fr.cpc145.refere, eu.epoc, eu.epoc-pr.extended")
      ->capture_default_str();
  command
      ->add_option("--served", options->served,
                   "when the order was served, or received, such as 2024-11-12T17:00:00+01:00")
      ->required();
  command->add_option("--limit", options->limit,
                      "what the order says: '48 hours', '10 days', '1 month', '2 months 15 days'");
  command->add_option("--hours", options->hours, "a limit in hours")->check(CLI::PositiveNumber);
  command->add_option("--days", options->days, "a limit in days")->check(CLI::PositiveNumber);
  command->add_option("--months", options->months, "a limit in months")->check(CLI::PositiveNumber);
  command->add_option(
      "--mode", options->mode,
      "how it was served: bailiff, electronic, registry, in_person, abroad, eu, decentralised");
  command->add_flag("--remedy", options->remedy,
                    "the limit is for an appeal or another remedy, not to comply");
  AddPlaces(command, options);
  command->add_option("--lang", options->language, "en or fr")->capture_default_str();
  OnRun(command, session, [&session, options] { return Deadline(session, *options); });
}

}  // namespace probatio::cli
