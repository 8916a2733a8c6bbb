// probatio demo: the founding case on invented people, end to end.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/demo/play.h"
#include "cli/demo/world.h"

namespace probatio::cli {

void AddDemo(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("demo", "play the founding case on invented people, end to end");
  auto options = std::make_shared<demo::PlayOptions>();
  command->add_option("--out", options->out, "folder to play in")->capture_default_str();
  command->add_option("--case", options->case_folder, "folder with the case's orders")->capture_default_str();
  command->add_option("--regime", options->regime, "the rules of law")->capture_default_str();
  command->add_option("--scale", options->scale, "how many times the invented world")
      ->check(CLI::Range(1, demo::kScaleMax))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "the invented world follows from it")->capture_default_str();
  OnRun(command, session, [&session, options] { return demo::Play(session, *options); });
}

}  // namespace probatio::cli
