// An invented order with its two approvals, as far as a Grant for the tests of this folder needs it. Only
// Authorize makes Grants, so the whole way is walked: order, assessment, scope, signatures.
#pragma once

#include "order/grant.h"

namespace probatio::resolve {

inline Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}
inline IpAddress Ip(std::string_view text) {
  return IpAddress::Parse(text).value();
}

// Repeatable bytes; the keys of an example need no more.
class ExampleRandom : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) {
      state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
      byte = static_cast<std::uint8_t>(state_ >> 56U);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

inline order::Line LineOf(std::string id, order::Subject subject, std::vector<std::string> items,
                          std::vector<std::string> events = {}) {
  order::Line line;
  line.id = std::move(id);
  line.subject = std::move(subject);
  line.items = std::move(items);
  line.events = std::move(events);
  line.period = {At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};
  return line;
}

inline order::Subject MessageSubject() {
  return {order::SubjectKind::kMessage, "m-1", std::nullopt};
}
inline order::Subject AccountSubject() {
  return {order::SubjectKind::kAccount, "u-48213", std::nullopt};
}
inline order::Subject SubscriberSubject() {
  return {order::SubjectKind::kSubscriber, "L-000123", std::nullopt};
}

// 203.0.113.7:51234, TCP, on 21 October 2024 at 08:14:03 UTC.
inline order::Tuple ExampleTuple(std::int64_t error_ns = 0) {
  return {Ip("203.0.113.7"), 51'234, 6, At("2024-10-21T08:14:03Z"), error_ns};
}
inline order::Subject TupleSubject(std::int64_t error_ns = 0) {
  return {order::SubjectKind::kTuple, "", ExampleTuple(error_ns)};
}

struct Approver {
  PersonId person;
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

inline Approver MakeApprover(const std::string& name, Random& random) {
  crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
  crypto::Certificate::Request request;
  request.common_name = name;
  request.use = crypto::CertificateUse::kPerson;
  request.validity = {At("2024-01-01T00:00:00Z"), At("2030-01-01T00:00:00Z")};
  crypto::Certificate certificate =
      crypto::Certificate::Issue(request, key.Public(), key, nullptr, random).value();
  return {PersonId::Parse(name).value(), std::move(key), std::move(certificate)};
}

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

inline order::Grant GrantFor(std::vector<order::Line> lines) {
  ExampleRandom random;
  const Instant now = At("2024-11-13T10:00:00Z");
  const std::vector<Approver> approvers{MakeApprover("counsel-1", random), MakeApprover("counsel-2", random)};
  order::Order order;
  order.id = OrderId::Parse("example-1").value();
  order.court = "TJ Paris";
  order.register_number = "24/00001";
  order.provisionally_enforceable = true;
  order.service.at = now - kNsPerDay;
  order.lines = std::move(lines);
  order.recipients = {{"applicant", approvers[0].certificate.ToPem()}};
  order::Life life;
  life.state = order::State::kApproved;
  const order::Assessment assessment = EverythingReleased(order);
  const order::Scope scope = order::BuildScope(order, life, assessment, order::GrantKind::kDisclose,
                                               "example provider", "fr 2026-03-31", now + kNsPerDay)
                                 .value();
  order::SignedScope signed_scope{order::ScopeToJson(scope), {}};
  std::vector<crypto::Certificate> pinned;
  for (const Approver& approver : approvers) {
    const Buffer message = order::ApprovalMessage(signed_scope.scope_json, approver.person, now);
    signed_scope.approvals.push_back(
        {approver.person, approver.certificate, approver.key.Sign(message).value(), now});
    pinned.push_back(approver.certificate);
  }
  return order::Authorize(order, life, assessment, std::move(signed_scope), pinned, now).value();
}

}  // namespace probatio::resolve
