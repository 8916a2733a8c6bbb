// What a station was told at its ceremony, as a file of its own. Thread-safe.
#include <nlohmann/json.hpp>

#include "custody/station.h"
#include "evidence/strict_json.h"

namespace probatio::custody {
namespace {

constexpr std::string_view kSchema = "probatio-anchors/2";

Result<std::vector<crypto::Certificate>> ReadCertificates(evidence::JsonObject* in, const std::string& key,
                                                          std::size_t max) {
  std::vector<crypto::Certificate> certificates;
  const std::vector<std::string> pems = TRY(in->Texts(key, max));
  for (const std::string& pem : pems) {
    Result<crypto::Certificate> certificate = crypto::Certificate::FromPem(pem);
    if (!certificate.ok()) return in->Wrong(key, certificate.error().what());
    certificates.push_back(std::move(certificate).value());
  }
  return certificates;
}

}  // namespace

std::string AnchorsToJson(const Anchors& anchors) {
  nlohmann::json approvers = nlohmann::json::array();
  for (const crypto::Certificate& approver : anchors.approvers) approvers.push_back(approver.ToPem());
  nlohmann::json custodians = nlohmann::json::array();
  for (const crypto::Certificate& custodian : anchors.custodians) custodians.push_back(custodian.ToPem());
  const nlohmann::json out{{"schema", kSchema},
                           {"approvers", std::move(approvers)},
                           {"custodians", std::move(custodians)},
                           {"ledger_key", anchors.ledger_key},
                           {"provider", anchors.provider}};
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Anchors> AnchorsFromJson(std::string_view json) {
  evidence::JsonObject in = TRY(evidence::JsonObject::Parse(json, "anchors", kAnchorsBytesMax));
  const std::string schema = TRY(in.Text("schema"));
  if (schema != kSchema) return in.Wrong("schema", "not probatio-anchors/2");
  Anchors anchors;
  anchors.approvers = TRY(ReadCertificates(&in, "approvers", kApproversMax));
  anchors.custodians = TRY(ReadCertificates(&in, "custodians", kPinnedCustodiansMax));
  anchors.ledger_key = TRY(in.Text("ledger_key"));
  anchors.provider = TRY(in.Text("provider"));
  TRY(in.End());
  if (anchors.ledger_key.empty()) return in.Wrong("ledger_key", "empty");
  if (anchors.provider.empty()) return in.Wrong("provider", "empty");
  return anchors;
}

}  // namespace probatio::custody
