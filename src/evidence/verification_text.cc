// A verification in words and as JSON. Thread-safe.
#include <nlohmann/json.hpp>

#include "evidence/verify.h"
#include "record/record.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

void AddList(const std::string& title, const std::vector<std::string>& lines, std::string* text) {
  if (lines.empty()) return;
  *text += "\n" + title + "\n";
  for (const std::string& line : lines) *text += "  - " + line + "\n";
}

std::string Headline(const Verification& verification) {
  if (!verification.valid) return "NOT VALID\n";
  return verification.ours ? "VALID\n" : "VALID as a signed container, not a package of ours\n";
}

json TupleJson(const VerifiedTuple& verified) {
  const order::Tuple& tuple = verified.tuple;
  return {{"row", verified.row},        {"ip", tuple.ip.ToText()},
          {"port", tuple.port},         {"proto", record::ProtocolName(tuple.proto)},
          {"at", tuple.at.ToRfc3339()}, {"error_ns", tuple.error_ns}};
}

}  // namespace

std::string VerificationText(const Verification& verification) {
  std::string text = Headline(verification);
  if (!verification.provider.empty()) text += "provider: " + verification.provider + "\n";
  if (!verification.order.empty()) text += "order: " + verification.order + "\n";
  AddList("Failed", verification.failures, &text);
  AddList("Proved", verification.proved, &text);
  AddList("Proved only with a witness", verification.with_witness, &text);
  AddList("Declared", verification.declared, &text);
  AddList("Rows", verification.rows, &text);
  return text;
}

std::string VerificationJson(const Verification& verification) {
  json tuples = json::array();
  for (const VerifiedTuple& tuple : verification.tuples) tuples.push_back(TupleJson(tuple));
  const json out{{"ours", verification.ours},
                 {"valid", verification.valid},
                 {"failures", verification.failures},
                 {"proved", verification.proved},
                 {"with_witness", verification.with_witness},
                 {"declared", verification.declared},
                 {"order", verification.order},
                 {"provider", verification.provider},
                 {"rows", verification.rows},
                 {"tuples", std::move(tuples)}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace probatio::evidence
