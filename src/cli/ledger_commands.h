// The parts of `probatio ledger`, a file each.
#pragma once

#include "cli/session.h"

namespace probatio::cli {

void AddLedgerPublish(CLI::App* ledger, Session& session);  // publish, restore
void AddLedgerAudit(CLI::App* ledger,
                    Session& session);  // audit: of a published folder, without a deployment
void AddLedgerWitness(CLI::App* ledger, Session& session);  // continuation, cosign, cosigned

}  // namespace probatio::cli
