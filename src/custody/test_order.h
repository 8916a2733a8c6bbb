// An invented order with its scope, approvals and Grant, for the tests of this folder. Only Authorize makes a
// Grant, so the whole way is walked.
#pragma once

#include "custody/test_people.h"
#include "order/grant.h"

namespace probatio::custody::test {

inline Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}
inline const Instant kNow = At("2024-11-13T10:00:00Z");
inline constexpr char kProvider[] = "example provider";

struct Approver {
  PersonId person;
  CustodianKey key;
};
inline Approver MakeApprover(const std::string& name) {
  return {PersonId::Parse(name).value(), MakeKeyHolder(name, crypto::CertificateUse::kPerson)};
}
inline order::Approval Sign(const Approver& approver, const std::string& scope_json) {
  const Buffer message = order::ApprovalMessage(scope_json, approver.person, kNow);
  return {approver.person, approver.key.certificate, approver.key.key.Sign(message).value(), kNow};
}

inline order::Line LineOf(std::string id, order::Subject subject, std::vector<std::string> items) {
  order::Line line;
  line.id = std::move(id);
  line.subject = std::move(subject);
  line.items = std::move(items);
  line.period = {At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};
  return line;
}

// L1: who sent message m-900. L2: who had 203.0.113.7:51234. L3: the account u-77 by name.
inline std::vector<order::Line> ExampleLines() {
  const order::Tuple tuple{IpAddress::Parse("203.0.113.7").value(), 51'234, 6, At("2024-10-21T08:14:03Z"), 0};
  const std::vector<std::string> all{"source_ip",       "source_port", "connection_time",
                                     "identifier_used", "surname",     "email"};
  return {LineOf("L1", {order::SubjectKind::kMessage, "m-900", std::nullopt}, all),
          LineOf("L2", {order::SubjectKind::kTuple, "", tuple}, {"surname"}),
          LineOf("L3", {order::SubjectKind::kAccount, "u-77", std::nullopt}, all)};
}

struct ApprovedOrder {
  order::Order order;
  order::Life life;
  order::Assessment assessment;
  order::Scope scope;
  order::SignedScope signed_scope;
  std::vector<crypto::Certificate> pinned;

  order::Grant Grant() const {
    return order::Authorize(order, life, assessment, signed_scope, pinned, kNow).value();
  }
};

inline order::Assessment EverythingReleased(const order::Order& order) {
  order::Assessment assessment;
  for (const order::Line& line : order.lines) {
    for (const std::string& item : line.items) {
      order::ItemAssessment verdict;
      verdict.line = line.id;
      verdict.item = item;
      verdict.law.verdict = law::Verdict::kRelease;
      verdict.law.rule = "example.rule";
      verdict.law.reference = "example text";
      verdict.kept = line.period;
      assessment.items.push_back(std::move(verdict));
    }
  }
  return assessment;
}

inline ApprovedOrder MakeApprovedOrder(const std::vector<Approver>& approvers) {
  ApprovedOrder made;
  made.order.id = OrderId::Parse("example-1").value();
  made.order.court = "TJ Paris";
  made.order.register_number = "24/00001";
  made.order.provisionally_enforceable = true;
  made.order.service.at = kNow - kNsPerDay;
  made.order.lines = ExampleLines();
  made.order.recipients = {{"applicant", approvers[0].key.certificate.ToPem()}};
  made.life.state = order::State::kApproved;
  made.assessment = EverythingReleased(made.order);
  made.scope = order::BuildScope(made.order, made.life, made.assessment, order::GrantKind::kDisclose,
                                 kProvider, "fr 2026-03-31", kNow + kNsPerDay)
                   .value();
  made.signed_scope.scope_json = order::ScopeToJson(made.scope);
  for (const Approver& approver : approvers) {
    made.signed_scope.approvals.push_back(Sign(approver, made.signed_scope.scope_json));
    made.pinned.push_back(approver.key.certificate);
  }
  return made;
}

}  // namespace probatio::custody::test
