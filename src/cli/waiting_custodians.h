// Custodians who are waited for without the deployment's lock: people may take hours, and imports go on
// meanwhile. What the caller read before may have changed when Exchange returns: the readers ask the grant
// again, and whether the segments of their plan still stand. For one thread.
#pragma once

#include "cli/deployment.h"
#include "custody/custodians.h"

namespace probatio::cli {

class WaitingCustodians : public custody::Custodians {
 public:
  // Both outlive this.
  WaitingCustodians(Deployment& deployment, custody::Custodians& custodians)
      : deployment_(deployment), custodians_(custodians) {}

  Result<Buffer> Exchange(std::string_view sent_request_json, const std::string& request_id) override {
    deployment_.GiveBack();
    Result<Buffer> answer = custodians_.Exchange(sent_request_json, request_id);
    TRY(deployment_.TakeAgain());
    return answer;
  }

 private:
  Deployment& deployment_;
  custody::Custodians& custodians_;
};

}  // namespace probatio::cli
