// An order file alone, without a deployment: what the law says of it at an instant.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/deployment.h"

namespace probatio::cli {

struct BareOptions {
  std::string file;
  std::string regime = "regimes/eu-e-evidence.toml";  // builds on regimes/fr.toml
  std::string profile;                                // else the order's own, else ecs_operator
  std::string at;                                     // else its service, else its date
};

struct BareOrder {
  order::Order order;
  order::Assessment assessment;
};

void AddBareOptions(CLI::App* command, BareOptions& options);
Result<BareOrder> AssessBare(const BareOptions& options);

}  // namespace probatio::cli
