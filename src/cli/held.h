// The sealed files of a deployment's holds: where they lie, and how one ends.
#pragma once

#include "cli/deployment.h"
#include "cli/session.h"
#include "keep/hold_extraction.h"
#include "keep/own_hold.h"

namespace probatio::cli {

Result<keep::HeldFolder> HeldFolderOf(const Deployment& deployment);  // made when it is not there

// What an order's own hold keeps for it.
struct Holding {
  std::vector<keep::OwnPin> pins;  // not released: the windows that they hold may be read
  std::optional<keep::Extraction> extraction;
  std::vector<keep::OwnPin> until_extracted;  // released when its file had taken their place
};
Result<Holding> HoldingOf(Deployment& deployment, const OrderId& order);
Result<order::OwnHold> OwnHoldOf(Deployment& deployment, const order::Order& order);

// Destroys the order's sealed file, where there is one, and says so.
Status DestroyHeldOf(Session& session, Deployment& deployment, const OrderId& order);

}  // namespace probatio::cli
