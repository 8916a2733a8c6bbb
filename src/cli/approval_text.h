// What an approver reads before signing, in French or English. Everything is taken from the bytes that will
// be signed, or from the order under the digest in them; the server's own words stand apart at the end, as
// such.
#pragma once

#include <ostream>

#include "order/approval_request.h"
#include "report/words.h"

namespace probatio::cli {

// kInvalid when the order cannot be read, or its recipients are not those of the scope.
Status PrintApprovalRequest(const order::ApprovalRequest& request, report::Language language,
                            std::ostream& out);

}  // namespace probatio::cli
