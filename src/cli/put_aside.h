// Input that could not be read and the deployment's quarantine (keep/quarantine.h).
#pragma once

#include "cli/deployment.h"
#include "cli/input.h"
#include "cli/session.h"
#include "keep/quarantine.h"

namespace probatio::cli {

// DIR/quarantine; the deployment outlives them.
keep::QuarantineParts QuarantineOf(Deployment& deployment);

keep::QuarantineItem ItemOf(const InputKind& kind, const std::string& path,
                            const decode::BrokenPiece& broken);

// Makes what was put aside durable, enters the counts in the ledger, and says what became of what could not
// be read. Nothing was put aside: nothing is done.
Status FinishPutAside(Session& session, Deployment& deployment, keep::Quarantine& quarantine);

}  // namespace probatio::cli
