// custodians.pem and the ledger: the set that the last ceremony or rotation entered is the one that keys are
// wrapped for, and no other. Whoever slips a certificate of his own into the file is refused.
#pragma once

#include "cli/config.h"
#include "custody/roster.h"
#include "ledger/ledger.h"

namespace probatio::cli {

// The set in force. kDenied when the file is not the one that the ledger names. A rotation that was
// interrupted between its ledger entry and the file is finished first.
Result<custody::Roster> ReadRoster(const Config& config, const ledger::Ledger& ledger);

// Takes effect for keys wrapped from now on. The new file is safe on disk beside the old one, then the entry
// is made, then it is renamed into place.
Status ChangeRoster(const Config& config, ledger::Ledger& ledger, const custody::Roster& before,
                    const custody::Roster& after, Instant now);

}  // namespace probatio::cli
