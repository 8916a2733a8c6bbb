// What a station was told at its ceremony, as a file of its own. Thread-safe.
#include <nlohmann/json.hpp>

#include "custody/station.h"
#include "evidence/strict_json.h"

namespace probatio::custody {
namespace {

constexpr std::string_view kSchema = "probatio-anchors/1";

}  // namespace

std::string AnchorsToJson(const Anchors& anchors) {
  nlohmann::json approvers = nlohmann::json::array();
  for (const crypto::Certificate& approver : anchors.approvers) approvers.push_back(approver.ToPem());
  const nlohmann::json out{{"schema", kSchema},
                           {"approvers", std::move(approvers)},
                           {"ledger_key", anchors.ledger_key},
                           {"provider", anchors.provider}};
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Anchors> AnchorsFromJson(std::string_view json) {
  evidence::JsonObject in = TRY(evidence::JsonObject::Parse(json, "anchors", kAnchorsBytesMax));
  const std::string schema = TRY(in.Text("schema"));
  if (schema != kSchema) return in.Wrong("schema", "not probatio-anchors/1");
  Anchors anchors;
  const std::vector<std::string> approvers = TRY(in.Texts("approvers", kApproversMax));
  for (const std::string& pem : approvers) {
    Result<crypto::Certificate> approver = crypto::Certificate::FromPem(pem);
    if (!approver.ok()) return in.Wrong("approvers", approver.error().what());
    anchors.approvers.push_back(std::move(approver).value());
  }
  anchors.ledger_key = TRY(in.Text("ledger_key"));
  anchors.provider = TRY(in.Text("provider"));
  TRY(in.End());
  if (anchors.ledger_key.empty()) return in.Wrong("ledger_key", "empty");
  if (anchors.provider.empty()) return in.Wrong("provider", "empty");
  return anchors;
}

}  // namespace probatio::custody
