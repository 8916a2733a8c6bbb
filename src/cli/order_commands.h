// The subcommands of `probatio order` that have a file of their own.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddOrderAssess(CLI::App* order, Session& session);
void AddOrderPlan(CLI::App* order, Session& session);

}  // namespace probatio::cli
