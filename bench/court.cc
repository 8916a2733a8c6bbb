#include "court.h"

#include <fmt/format.h>

namespace probatio::bench {
namespace {

constexpr char kItem[] = "surname";

order::Order OrderOver(std::span<const Question> questions, const crypto::Certificate& recipient) {
  order::Order order;
  order.id = OrderId::Parse("example-1").value();
  order.court = "TJ Paris";
  order.register_number = "24/00001";
  order.provisionally_enforceable = true;
  order.service.at = Instant::FromUnixSeconds(0);  // long before any clock of a benchmark
  order.recipients = {{"applicant", recipient.ToPem()}};
  for (const Question& question : questions) {
    order::Line line;
    line.id = Court::LineOf(question);
    line.subject = {order::SubjectKind::kTuple, "", Court::TupleOf(question)};
    line.items = {kItem};
    line.period = {line.subject.tuple->at - kNsPerDay, line.subject.tuple->at + kNsPerDay};
    order.lines.push_back(std::move(line));
  }
  return order;
}

order::Assessment Released(const order::Order& order) {
  order::Assessment assessment;
  for (const order::Line& line : order.lines) {
    order::ItemAssessment verdict;
    verdict.line = line.id;
    verdict.item = kItem;
    verdict.law.verdict = law::Verdict::kRelease;
    verdict.law.rule = "example.rule";
    verdict.law.reference = "example text";
    verdict.kept = line.period;
    assessment.items.push_back(std::move(verdict));
  }
  return assessment;
}

}  // namespace

Court::Court(const Clock& clock) : clock_(clock), keys_(custody::test::MakeCustodians(3)) {
  for (const custody::CustodianKey& key : keys_) set_.custodians.push_back(key.certificate);
  for (const char* name : {"counsel-1", "counsel-2"}) {
    approvers_.push_back(custody::test::MakeKeyHolder(name, crypto::CertificateUse::kPerson));
    anchors_.approvers.push_back(approvers_.back().certificate);
  }
  anchors_.provider = kProvider;
  life_.state = order::State::kApproved;
}

void Court::Pin(const std::string& ledger_verifier_key) {
  anchors_.ledger_key = ledger_verifier_key;
}

std::string Court::LineOf(const Question& question) {
  return fmt::format("L{}", question.number);
}

order::Tuple Court::TupleOf(const Question& question) {
  const std::uint8_t proto = question.proto == 0 ? 6 : question.proto;  // a block serves all protocols
  return {IpAddress::V4(question.public_ip), question.port, proto,
          Instant::FromUnixNs(question.at_ms * kNsPerMs), 0};
}

Result<order::Grant> Court::GrantFor(std::span<const Question> questions) {
  const Instant now = clock_.Now();
  const order::Order order = OrderOver(questions, approvers_[0].certificate);
  const order::Assessment assessment = Released(order);
  const order::Scope scope = TRY(order::BuildScope(order, life_, assessment, order::GrantKind::kDisclose,
                                                   kProvider, "fr 2026-03-31", now + kNsPerDay));
  order::SignedScope signed_scope;
  signed_scope.scope_json = order::ScopeToJson(scope);
  for (std::size_t i = 0; i < approvers_.size(); ++i) {
    const PersonId person = PersonId::Parse(fmt::format("counsel-{}", i + 1)).value();
    Buffer signature =
        TRY(approvers_[i].key.Sign(order::ApprovalMessage(signed_scope.scope_json, person, now)));
    signed_scope.approvals.push_back({person, approvers_[i].certificate, std::move(signature), now});
  }
  return order::Authorize(order, life_, assessment, std::move(signed_scope), anchors_.approvers, now);
}

Result<Buffer> Court::Exchange(std::string_view sent_request_json, const std::string&) {
  return custody::AnswerRequest(sent_request_json, anchors_, std::span(keys_).first(set_.needed),
                                clock_.Now(), random_);
}

}  // namespace probatio::bench
