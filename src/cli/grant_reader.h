// The reader over a deployment's sealed store, and the way to its custodians: for commands that execute a
// grant.
#pragma once

#include "cli/deployment.h"
#include "cli/session.h"
#include "cli/station_folder.h"
#include "custody/sealed_reader.h"

namespace probatio::cli {

// `deployment`, `journals` and `custodians` outlive the reader.
custody::SealedReader ReaderOf(Deployment& deployment, const seal::JournalArchive& journals,
                               custody::Custodians& custodians);

// The folder from which requests are carried, or, demonstrations only, a station on this machine.
Result<std::unique_ptr<custody::Custodians>> CustodiansFor(Session& session, Deployment& deployment,
                                                           const std::string& station, int wait_seconds);

}  // namespace probatio::cli
