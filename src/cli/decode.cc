// probatio decode: any input as one JSON object for each record, then counts on standard error.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/input_options.h"
#include "cli/mapped_input.h"
#include "record/json.h"

namespace probatio::cli {
namespace {

struct Options {
  InputOptions input;
  int dry_run = 0;
  std::vector<std::string> files;
};

Status Decode(Session& session, const Options& options) {
  const InputKind kind = TRY(ReadInputOptions(options.input));
  std::optional<Error> first_error;
  for (const std::string& path : options.files) {
    if (options.dry_run != 0) {
      TRY(ShowFirstRows(session, kind, path, options.dry_run));
      continue;
    }
    const auto print = [&](std::span<const record::Record> records, const InputPlace&) -> Status {
      for (const record::Record& record : records) session.out << record::ToShownJson(record) << "\n";
      return Done{};
    };
    const Input input = TRY(ReadInput(kind, path, {print, {}}));
    PrintCounts(input, session.err);
    if (!input.errors.empty() && !first_error) first_error = input.errors.front();
  }
  if (first_error) return Invalid("some of the input could not be read; what could be read stands above");
  return Done{};
}

}  // namespace

void AddDecode(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("decode", "read logs and print normalised records, one JSON object a line");
  auto options = std::make_shared<Options>();
  AddInputOptions(command, &options->input);
  command->add_option("--dry-run", options->dry_run, "show how so many rows would be read, column by column");
  command->add_option("FILE", options->files, "the input")->required();
  OnRun(command, session, [&session, options] { return Decode(session, *options); });
}

}  // namespace probatio::cli
