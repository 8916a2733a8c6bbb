// probatio clock set INSTANT: moves the clock of a demonstration. A real deployment has no such thing.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/deployment.h"
#include "cli/system_clock.h"

namespace probatio::cli {
namespace {

Status SetClock(Session& session, const std::string& text) {
  const Instant to = TRY_IN("INSTANT", Instant::ParseRfc3339(text));
  const std::unique_ptr<Deployment> deployment = TRY(Deployment::Open(session.config));
  if (!deployment->config().demonstration_clock) {
    return Denied("clock: only a deployment made by init --demo has a clock that can be set");
  }
  if (to < deployment->clock().Now()) return Denied("clock: moves forward only");
  TRY(deployment->ledger().Append({"clock_moved", deployment->clock().Now(), {{"to", to.ToRfc3339()}}}));
  TRY(WriteDemonstrationClock(deployment->config().Path("demonstration-clock"), to));
  session.out << "the demonstration clock stands at " << to.ToRfc3339() << "\n";
  return Done{};
}

}  // namespace

void AddClock(CLI::App& app, Session& session) {
  CLI::App* clock = app.add_subcommand("clock", "demonstrations only: the clock");
  clock->require_subcommand(1);
  auto instant = std::make_shared<std::string>();
  CLI::App* set = clock->add_subcommand("set", "move the demonstration clock forward");
  set->add_option("INSTANT", *instant, "such as 2024-11-12T16:00:00Z")->required();
  OnRun(set, session, [&session, instant] { return SetClock(session, *instant); });
}

}  // namespace probatio::cli
