// The sealed files of a deployment's holds: where they lie, and how one ends.
#pragma once

#include "cli/deployment.h"
#include "cli/session.h"
#include "keep/hold_extraction.h"

namespace probatio::cli {

Result<keep::HeldFolder> HeldFolderOf(const Deployment& deployment);  // made when it is not there

// Destroys the order's sealed file, where there is one, and says so.
Status DestroyHeldOf(Session& session, Deployment& deployment, const OrderId& order);

}  // namespace probatio::cli
