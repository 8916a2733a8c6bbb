// Any bytes as what is carried to an approver and what is carried back: refused, or written back byte for
// byte.
#include <cstddef>
#include <cstdint>

#include "order/approval_answer.h"
#include "order/approval_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const std::string_view text = AsText({data, size});
  const auto request = order::ApprovalRequestFromText(text);
  if (request.ok()) CHECK(order::ApprovalRequestToText(request.value()) == text);
  const auto answer = order::ApprovalAnswerFromJson(text);
  if (answer.ok()) CHECK(order::ApprovalAnswerToJson(answer.value()) == text);
  return 0;
}
