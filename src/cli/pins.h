// What the holds of a deployment pin now.
#pragma once

#include "cli/deployment.h"
#include "cli/session.h"
#include "keep/hold.h"

namespace probatio::cli {

// Pins everything that the order's lines can touch, each with its ledger entry.
Status PinFor(Deployment& deployment, const order::Order& order);

// Of the holds that are neither released nor lapsed (keep::HasLapsed).
Result<std::vector<keep::Pin>> PinsOf(Deployment& deployment);

// Releases the holds that have lapsed, each with its ledger entry, and says so.
Status ReleaseLapsed(Session& session, Deployment& deployment);

}  // namespace probatio::cli
