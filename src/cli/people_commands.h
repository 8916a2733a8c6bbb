// Subcommands of `probatio people` in files of their own.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddContacts(CLI::App* people, Session& session);

}  // namespace probatio::cli
