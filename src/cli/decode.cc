// probatio decode: any input as one JSON object for each record, then counts on standard error.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/mapped_input.h"
#include "cli/source_clock_options.h"
#include "record/json.h"

namespace probatio::cli {
namespace {

struct Options {
  std::string format;
  std::string exporter;
  std::string radius_secrets;
  std::string mapping;
  int dry_run = 0;
  std::vector<std::string> files;
  SourceClockOptions clock;
};

Status Decode(Session& session, const Options& options) {
  const decode::SourceClock clock = TRY(ReadSourceClock(options.clock));
  std::optional<Error> first_error;
  const bool mapped = IsMapped(options.format, options.mapping);
  for (const std::string& path : options.files) {
    if (options.dry_run != 0) {
      TRY(ShowFirstRows(session, options.format, path, options.mapping, clock, options.dry_run));
      continue;
    }
    const Input input =
        TRY(mapped ? ReadMappedInput(options.format, path, options.mapping, clock)
                   : ReadInput(options.format, path, options.exporter, clock, options.radius_secrets));
    for (const record::Record& record : input.records) session.out << record::ToShownJson(record) << "\n";
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
  command->add_option("--format", options->format, InputFormats() + ", csv")->required();
  command->add_option("--exporter", options->exporter, "name of the exporter of raw messages");
  command->add_option("--radius-secrets", options->radius_secrets,
                      "secrets shared with RADIUS clients, to check the packets of a capture");
  command->add_option("--mapping", options->mapping, "which column is which field, of csv and jsonl");
  command->add_option("--dry-run", options->dry_run, "show how so many rows would be read, column by column");
  AddSourceClockOptions(command, &options->clock);
  command->add_option("FILE", options->files, "the input")->required();
  OnRun(command, session, [&session, options] { return Decode(session, *options); });
}

}  // namespace probatio::cli
