// Asking the custodians: a one-time key, one request for all questions of a read, its entry in the ledger,
// then the exchange. Used by the readers of this folder only.
#pragma once

#include "custody/read_plan.h"

namespace probatio::custody {

// The keys opened, for the plan's questions by number. The ledger holds the request's digest before anything
// is sent. kInvalid when the request would be over a limit; nothing is entered or sent then.
Result<std::vector<Opened>> AskCustodians(const SealedReader::Parts& parts, const order::Grant& grant,
                                          const ReadPlan& plan);

// Does the order's life still bear the grant? Asked before the custodians are, and again when their answer is
// there, because people may have taken hours.
Status CheckGrant(const SealedReader::Parts& parts, const order::Grant& grant);

}  // namespace probatio::custody
