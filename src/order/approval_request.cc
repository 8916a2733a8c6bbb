#include "order/approval_request.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "order/json_view.h"

namespace probatio::order {
namespace {

constexpr std::string_view kSchema = "probatio-approval-request/1";

Result<std::string_view> TakeLine(std::string_view& text, std::string_view what) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return Invalid(fmt::format("approval request: {}: the line does not end", what));
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::string HeadToJson(const ApprovalRequest& request) {
  const nlohmann::json head = {{"schema", kSchema},
                               {"written_at", request.written_at.ToRfc3339()},
                               {"known_gaps", request.known_gaps}};
  return head.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Status ReadHead(std::string_view line, ApprovalRequest& request) {
  const JsonValue value = TRY(ParseJson(line, "approval request", kApprovalHeadBytesMax));
  const JsonView root(value, "approval request");
  TRY(root.OnlyKeys({"schema", "written_at", "known_gaps"}));
  const std::string schema = TRY(root.Text("schema"));
  if (schema != kSchema) return root.WrongAt("schema", fmt::format("not '{}'", kSchema));
  request.written_at = TRY(root.Parsed("written_at", Instant::ParseRfc3339));
  request.known_gaps = TRY(root.Texts("known_gaps", kApprovalGapsMax));
  if (HeadToJson(request) != line) return root.Wrong("not in canonical form");
  return Done{};
}

}  // namespace

std::string ApprovalRequestToText(const ApprovalRequest& request) {
  return HeadToJson(request) + "\n" + request.scope_json + "\n" + request.order_source;
}

Result<ApprovalRequest> ApprovalRequestFromText(std::string_view text) {
  if (text.size() > kApprovalRequestBytesMax) {
    return Invalid(fmt::format("approval request: larger than {} bytes", kApprovalRequestBytesMax));
  }
  ApprovalRequest request;
  const std::string_view head = TRY(TakeLine(text, "head"));
  TRY(ReadHead(head, request));
  const std::string_view scope_json = TRY(TakeLine(text, "scope"));
  const Scope scope = TRY_IN("approval request", ScopeFromJson(scope_json));
  if (text.size() > kOrderBytesMax) {
    return Invalid(fmt::format("approval request: order: larger than {} bytes", kOrderBytesMax));
  }
  if (crypto::Sha256(AsBytes(text)) != scope.order_digest) {
    return Invalid("approval request: the order in the file is not the one that the scope names");
  }
  request.scope_json = scope_json;
  request.order_source = text;
  return request;
}

}  // namespace probatio::order
