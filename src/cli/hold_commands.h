// The subcommands of `probatio hold` that have a file of their own.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddHoldExtract(CLI::App* hold, Session& session);
void AddHoldShow(CLI::App* hold, Session& session);

}  // namespace probatio::cli
