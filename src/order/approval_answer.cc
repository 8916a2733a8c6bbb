#include "order/approval_answer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "order/json_view.h"

namespace probatio::order {
namespace {

constexpr std::string_view kSchema = "probatio-approval-answer/1";

Result<crypto::Digest> ParseDigest(std::string_view text) {
  const Buffer bytes = TRY(FromHex(text));
  crypto::Digest digest{};
  if (bytes.size() != digest.size()) return Invalid("not 64 hexadecimal digits");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

Status CheckDated(const ApprovalAnswer& answer, const UnderApproval& asked, Instant now) {
  const Instant at = answer.approval.at;
  if (at < asked.requested_at - kApprovalClockSkewMaxNs) {
    return Denied(
        fmt::format("approval: dated {}, before it was asked for at {}: an older approval, or a clock "
                    "that is slow",
                    at.ToRfc3339(), asked.requested_at.ToRfc3339()));
  }
  if (now + kApprovalClockSkewMaxNs < at) {
    return Denied(
        fmt::format("approval: dated {}, and it is {} here: set the clock of the machine that signed",
                    at.ToRfc3339(), now.ToRfc3339()));
  }
  return Done{};
}

}  // namespace

std::string ApprovalAnswerToJson(const ApprovalAnswer& answer) {
  const nlohmann::json value = {{"schema", kSchema},
                                {"order", answer.order.text()},
                                {"scope", ToHex(answer.scope_digest)},
                                {"person", answer.approval.person.text()},
                                {"at", answer.approval.at.ToRfc3339()},
                                {"certificate", answer.approval.certificate.ToPem()},
                                {"signature", ToBase64(answer.approval.signature)}};
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<ApprovalAnswer> ApprovalAnswerFromJson(std::string_view answer_json) {
  const JsonValue value = TRY(ParseJson(answer_json, "approval", kApprovalAnswerBytesMax));
  const JsonView root(value, "approval");
  TRY(root.OnlyKeys({"schema", "order", "scope", "person", "at", "certificate", "signature"}));
  const std::string schema = TRY(root.Text("schema"));
  if (schema != kSchema) return root.WrongAt("schema", fmt::format("not '{}'", kSchema));
  OrderId order = TRY(root.Parsed("order", OrderId::Parse));
  const crypto::Digest scope = TRY(root.Parsed("scope", ParseDigest));
  PersonId person = TRY(root.Parsed("person", PersonId::Parse));
  const Instant at = TRY(root.Parsed("at", Instant::ParseRfc3339));
  crypto::Certificate certificate = TRY(root.Parsed("certificate", crypto::Certificate::FromPem));
  Buffer signature = TRY(root.Parsed("signature", FromBase64));
  ApprovalAnswer answer{
      std::move(order), scope, {std::move(person), std::move(certificate), std::move(signature), at}};
  if (ApprovalAnswerToJson(answer) != answer_json) return root.Wrong("not in canonical form");
  return answer;
}

Result<ApprovalAnswer> SignScope(const std::string& scope_json, const PersonId& person,
                                 const crypto::PrivateKey& key, const crypto::Certificate& certificate,
                                 Instant now) {
  const Scope scope = TRY(ScopeFromJson(scope_json));
  if (now >= scope.valid_until) return Denied("approve: the scope has expired");
  if (!certificate.Validity().Contains(now)) return Denied("approve: the certificate is not valid now");
  Buffer signature = TRY(key.Sign(ApprovalMessage(scope_json, person, now)));
  return ApprovalAnswer{
      scope.order, crypto::Sha256(AsBytes(scope_json)), {person, certificate, std::move(signature), now}};
}

Status CheckAnswer(const ApprovalAnswer& answer, const UnderApproval& asked,
                   const crypto::Certificate& registered, Instant now) {
  const Approval& approval = answer.approval;
  if (answer.order != asked.order) return Denied("approval: is of another order");
  if (answer.scope_digest != crypto::Sha256(AsBytes(asked.scope_json))) {
    return Denied(
        "approval: is over another scope than the one that is to be approved now: it was drawn up anew, or "
        "what was signed is not what we asked for");
  }
  const Scope scope = TRY(ScopeFromJson(asked.scope_json));
  if (now >= scope.valid_until) return Denied("approval: the scope has expired");
  if (approval.certificate.Fingerprint() != registered.Fingerprint()) {
    return Denied("approval: the key is not the one registered for " + approval.person.text());
  }
  TRY(CheckDated(answer, asked, now));
  if (!approval.certificate.Validity().Contains(approval.at)) {
    return Denied("approval: the certificate was not valid at the instant of signing");
  }
  const Buffer message = ApprovalMessage(asked.scope_json, approval.person, approval.at);
  if (!registered.Public().Verify(message, approval.signature).ok()) {
    return Denied("approval: the signature is not over this scope");
  }
  return Done{};
}

}  // namespace probatio::order
