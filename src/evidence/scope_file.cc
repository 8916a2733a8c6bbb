// scope.json: the scope's exact text with the signatures of the people who approved it. Pure; thread-safe.
#include <nlohmann/json.hpp>

#include "evidence/disclosure_document.h"
#include "evidence/strict_json.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "probatio-scope-file/1";

Result<order::Approval> ReadApproval(JsonObject in) {
  const std::string name = TRY(in.Text("person"));
  const Result<PersonId> person = PersonId::Parse(name);
  if (!person.ok()) return in.Wrong("person", "not an id");
  const Instant at = TRY(in.At("at"));
  const std::string pem = TRY(in.Text("certificate"));
  Result<crypto::Certificate> certificate = crypto::Certificate::FromPem(pem);
  if (!certificate.ok()) return in.Wrong("certificate", certificate.error().what());
  Buffer signature = TRY(in.Base64("signature"));
  TRY(in.End());
  return order::Approval{person.value(), std::move(certificate).value(), std::move(signature), at};
}

}  // namespace

std::string ScopeFileJson(const order::SignedScope& signed_scope) {
  json approvals = json::array();
  for (const order::Approval& approval : signed_scope.approvals) {
    approvals.push_back({{"person", approval.person.text()},
                         {"at", approval.at.ToRfc3339()},
                         {"certificate", approval.certificate.ToPem()},
                         {"signature", ToBase64(approval.signature)}});
  }
  const json out{
      {"schema", kSchema}, {"scope", signed_scope.scope_json}, {"approvals", std::move(approvals)}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<order::SignedScope> ParseScopeFile(std::string_view text) {
  JsonObject in = TRY(JsonObject::Parse(text, "scope file", kScopeFileBytesMax));
  const std::string schema = TRY(in.Text("schema"));
  if (schema != kSchema) return in.Wrong("schema", "not " + std::string(kSchema));
  order::SignedScope signed_scope;
  signed_scope.scope_json = TRY(in.Text("scope"));
  const std::vector<JsonObject> approvals = TRY(in.Objects("approvals", order::kApprovalsMax));
  for (const JsonObject& each : approvals) {
    order::Approval approval = TRY(ReadApproval(each));
    signed_scope.approvals.push_back(std::move(approval));
  }
  TRY(in.End());
  // A certificate can be spelt in many ways in PEM; only ours is taken, so that nothing stands around it.
  if (ScopeFileJson(signed_scope) != text) return Invalid("scope file: not in canonical form");
  return signed_scope;
}

}  // namespace probatio::evidence
