// Was exactly this approved, by two people, for this order, and is every line answered? Thread-safe.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "evidence/verify_parts.h"

namespace probatio::evidence {
namespace {

// A certificate that somebody issued must lead to an anchor. One that the approver's own device made leads
// nowhere: that it belongs to him is declared by the provider, who pinned it, and the verification says so.
void CheckChain(const order::Approval& approval, std::span<const crypto::Certificate> anchors,
                std::size_t index, Findings* findings) {
  if (IsSelfMade(approval.certificate)) return;
  const Status chained =
      approval.certificate.VerifyChain({}, anchors, approval.at, crypto::CertificateUse::kPerson);
  if (!chained.ok()) {
    findings->push_back(fmt::format("scope.json: approvals[{}]: {}", index, chained.error().what()));
  }
}

void CheckLines(const ReadDisclosure& disclosure, const order::Scope& scope, Findings* findings) {
  const auto same = [](const ReadAnswer& answer, const order::ScopeLine& line) {
    return answer.line == line.id;
  };
  if (!std::equal(disclosure.answers.begin(), disclosure.answers.end(), scope.lines.begin(),
                  scope.lines.end(), same)) {
    findings->push_back("disclosure.json: answers: not one for each line of the scope, in its order");
  }
}

}  // namespace

bool IsSelfMade(const crypto::Certificate& certificate) {
  return certificate.Issuer() == certificate.CommonName();
}

void CheckApprovers(const PackageFiles& files, const Trust& trust, Findings* findings) {
  if (!files.signed_scope.has_value()) return;
  const order::SignedScope& signed_scope = *files.signed_scope;
  std::vector<crypto::Certificate>
      own;  // whom to trust is the anchors' business; here, that two people signed this
  for (const order::Approval& approval : signed_scope.approvals) own.push_back(approval.certificate);
  const Status approved = order::CheckApprovals(signed_scope, own);
  if (!approved.ok()) findings->push_back("scope.json: " + approved.error().what());
  std::set<Buffer> signatures;  // one approval shown twice would read like one more person
  for (const order::Approval& approval : signed_scope.approvals) {
    if (!signatures.insert(approval.signature).second)
      findings->push_back("scope.json: one approval stands twice");
  }
  if (trust.anchors.empty()) return;
  for (std::size_t i = 0; i < signed_scope.approvals.size(); ++i) {
    CheckChain(signed_scope.approvals[i], trust.anchors, i, findings);
  }
}

void CheckScope(const PackageFiles& files, const LedgerView& ledger, Findings* findings) {
  if (!files.scope.has_value() || !files.disclosure.has_value()) return;
  const order::Scope& scope = *files.scope;
  const ReadDisclosure& disclosure = *files.disclosure;
  if (scope.kind != order::GrantKind::kDisclose) findings->push_back("scope.json: allows no disclosure");
  if (scope.order.text() != disclosure.order)
    findings->push_back("scope.json: is the scope of another order");
  if (scope.provider != disclosure.provider) findings->push_back("scope.json: names another provider");
  if (scope.left_out != disclosure.left_out) {
    findings->push_back("disclosure.json: left_out is not what the scope left out");
  }
  CheckLines(disclosure, scope, findings);
  if (ledger.executed.has_value()) {
    const Instant executed = ledger.executed->at;
    if (executed >= scope.valid_until) findings->push_back("scope.json: had expired when it was executed");
    if (executed != disclosure.made_at)
      findings->push_back("disclosure.json: made_at is not when the ledger entered it");
    for (const order::Approval& approval : files.signed_scope->approvals) {
      if (approval.at > executed) findings->push_back("scope.json: was signed after it was executed");
    }
  }
}

}  // namespace probatio::evidence
