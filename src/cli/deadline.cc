// probatio deadline: the time limit of an order, with each rule applied.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "law/time_limit.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string instrument = "fr.cpc145.refere";
  std::string served;
  std::int64_t hours = 0;
  std::int64_t days = 0;
  std::int64_t months = 0;
};

Result<law::TimeLimitRule> RuleOf(const Options& options) {
  const int given = (options.hours != 0) + (options.days != 0) + (options.months != 0);
  if (given > 1) return Error(ErrorCode::kUsage, "deadline: give one of --hours, --days, --months");
  if (options.days != 0) return law::TimeLimitRule{options.days, law::LimitUnit::kDays};
  if (options.months != 0) return law::TimeLimitRule{options.months, law::LimitUnit::kMonths};
  if (options.hours != 0) return law::TimeLimitRule{options.hours, law::LimitUnit::kHours};
  return Error(ErrorCode::kUsage, "deadline: an order sets its own limit; give --hours, --days or --months");
}

Status Deadline(Session& session, const Options& options) {
  if (!options.instrument.starts_with("fr.")) {
    return Invalid("deadline: instrument '" + options.instrument +
                   "' is not known; French instruments begin with 'fr.'");
  }
  const law::TimeLimitRule rule = TRY(RuleOf(options));
  const Instant served = TRY_IN("--served", Instant::ParseRfc3339(options.served));
  const law::TimeLimit limit = TRY(law::ComputeTimeLimit(served, rule));
  if (session.json) {
    nlohmann::json readings = nlohmann::json::array();
    for (const law::Reading& reading : limit.readings) {
      readings.push_back({{"expires", reading.expires.ToRfc3339()},
                          {"expires_paris", law::ParisText(reading.expires)},
                          {"rule", reading.rule},
                          {"reference", reading.reference}});
    }
    const nlohmann::json result = {
        {"served", served.ToRfc3339()}, {"binding", limit.binding().ToRfc3339()}, {"readings", readings}};
    session.out << result.dump(2) << "\n";
    return Done{};
  }
  session.out << "served   " << law::ParisText(served) << " (Paris), " << served.ToRfc3339() << "\n";
  for (const law::Reading& reading : limit.readings) {
    session.out << (&reading == &limit.readings.front() ? "binding  " : "later    ")
                << law::ParisText(reading.expires) << " (Paris), " << reading.expires.ToRfc3339()
                << "\n         " << reading.rule << " [" << reading.reference << "]\n";
  }
  return Done{};
}

}  // namespace

void AddDeadline(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("deadline", "the time limit of an order, with each rule that was applied");
  auto options = std::make_shared<Options>();
  command->add_option("--instrument", options->instrument, "the instrument")->capture_default_str();
  command
      ->add_option("--served", options->served,
                   "when the order was served, such as 2024-11-12T17:00:00+01:00")
      ->required();
  command->add_option("--hours", options->hours, "a limit in hours")->check(CLI::PositiveNumber);
  command->add_option("--days", options->days, "a limit in days")->check(CLI::PositiveNumber);
  command->add_option("--months", options->months, "a limit in months")->check(CLI::PositiveNumber);
  OnRun(command, session, [&session, options] { return Deadline(session, *options); });
}

}  // namespace probatio::cli
