#include "cli/input_options.h"

#include <CLI/CLI.hpp>

namespace probatio::cli {

void AddInputOptions(CLI::App* command, InputOptions* options) {
  InputKind& kind = options->kind;
  command->add_option("--format", kind.format, InputFormats())->required();
  command->add_option("--exporter", kind.exporter, "name of the exporter of raw messages");
  command->add_option("--radius-secrets", kind.radius_secrets,
                      "secrets shared with RADIUS clients, to check the packets of a capture");
  command->add_option("--mapping", kind.mapping, "which column is which field, of csv and jsonl");
  AddSourceClockOptions(command, &options->clock);
}

Result<InputKind> ReadInputOptions(const InputOptions& options) {
  InputKind kind = options.kind;
  kind.clock = TRY(ReadSourceClock(options.clock));
  return kind;
}

}  // namespace probatio::cli
