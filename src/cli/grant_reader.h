// The reader over a deployment's sealed store for one order's grant, and the way to its custodians: for
// commands that execute a grant.
#pragma once

#include "cli/deployment.h"
#include "cli/held.h"
#include "cli/session.h"
#include "cli/station_folder.h"
#include "custody/held_reader.h"

namespace probatio::cli {

// Reads the windows as retention stands for this very order, and its hold's file for what they no longer
// give.
class GrantReader : public resolve::RecordReader {
 public:
  // `deployment`, `journals` and `custodians` outlive the reader.
  static Result<std::unique_ptr<GrantReader>> Open(Deployment& deployment,
                                                   const seal::JournalArchive& journals,
                                                   custody::Custodians& custodians, const OrderId& order);
  Result<resolve::Found> Read(const order::Grant& grant,
                              const std::vector<resolve::LookUp>& look_ups) override {
    return reader_.Read(grant, look_ups);
  }

 private:
  GrantReader(Deployment& deployment, const seal::JournalArchive& journals, custody::Custodians& custodians,
              Holding holding, custody::HeldReader::ReadFile read_file);
  keep::OwnRetention retention_;
  custody::HeldReader reader_;
};

// The folder from which requests are carried, or, demonstrations only, a station on this machine.
Result<std::unique_ptr<custody::Custodians>> CustodiansFor(Session& session, Deployment& deployment,
                                                           const std::string& station, int wait_seconds);

}  // namespace probatio::cli
