// What the server gives an approver to carry to the approver's own machine (docs/formats/approval.md): the
// scope that is to be signed, and the transcribed order under it, whose digest the scope holds. Everything
// that an approver is shown from this file is either in the signed bytes or under a digest in them; the two
// exceptions, the instant of writing and the known gaps, are shown as the server's word. Pure; thread-safe.
#pragma once

#include "order/scope.h"

namespace probatio::order {

inline constexpr std::size_t kApprovalGapsMax = 256;
inline constexpr std::size_t kApprovalHeadBytesMax = 65'536;
inline constexpr std::size_t kApprovalRequestBytesMax =
    kApprovalHeadBytesMax + kScopeBytesMax + kOrderBytesMax + 64;

struct ApprovalRequest {
  Instant written_at;
  std::vector<std::string> known_gaps;  // of the plan, in words: nobody signs them
  std::string scope_json;               // canonical
  std::string order_source;             // the exact bytes of the transcription
};

std::string ApprovalRequestToText(const ApprovalRequest& request);
// Refuses what ApprovalRequestToText would not have written, a scope that is not canonical, and an order that
// is not the one under the scope.
Result<ApprovalRequest> ApprovalRequestFromText(std::string_view text);

}  // namespace probatio::order
