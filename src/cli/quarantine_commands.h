// The larger part of `probatio quarantine`; quarantine.cc puts it together.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddQuarantineRetry(CLI::App* quarantine, Session& session);

}  // namespace probatio::cli
