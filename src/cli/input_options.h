// The options that `decode` and `import` share: what a person says about the files they read.
#pragma once

#include "cli/input.h"
#include "cli/source_clock_options.h"

namespace probatio::cli {

struct InputOptions {
  InputKind kind;  // but for its clock
  SourceClockOptions clock;
};

void AddInputOptions(CLI::App* command, InputOptions* options);

// The kind, with its clock. Errors as ReadSourceClock.
Result<InputKind> ReadInputOptions(const InputOptions& options);

}  // namespace probatio::cli
