// What an approver carries back (docs/formats/approval.md): one signature over one scope, made on the
// approver's own machine; and the check that the server makes of it before it counts. Pure; thread-safe.
#pragma once

#include "order/scope.h"

namespace probatio::order {

inline constexpr std::size_t kApprovalAnswerBytesMax = 32'768;
// An approver's clock and the server's may differ by so much. An approval that is dated otherwise is refused:
// one from before the request was written was not given to it, and one from the future could not expire.
inline constexpr std::int64_t kApprovalClockSkewMaxNs = 10 * kNsPerMinute;

struct ApprovalAnswer {
  OrderId order;
  crypto::Digest scope_digest{};  // of the scope's canonical bytes
  Approval approval;
};

std::string ApprovalAnswerToJson(const ApprovalAnswer& answer);               // canonical
Result<ApprovalAnswer> ApprovalAnswerFromJson(std::string_view answer_json);  // refuses any other form

// Signs. kDenied when the scope has expired or the certificate is not valid at `now`.
Result<ApprovalAnswer> SignScope(const std::string& scope_json, const PersonId& person,
                                 const crypto::PrivateKey& key, const crypto::Certificate& certificate,
                                 Instant now);

// The scope that approvals are asked for now, and who asked when.
struct UnderApproval {
  OrderId order;
  std::string scope_json;
  Instant requested_at;
};

// kDenied says in words what is wrong: another order, another scope, expired, another certificate than the
// one registered for the person, dated out of bounds, a signature over something else.
Status CheckAnswer(const ApprovalAnswer& answer, const UnderApproval& asked,
                   const crypto::Certificate& registered, Instant now);

}  // namespace probatio::order
