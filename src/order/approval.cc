// Approvals: signatures of two different people, made on their own devices, over exactly one scope.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "order/scope.h"

namespace probatio::order {
namespace {

constexpr std::string_view kApprovalTag = "probatio-approval/1\n";
constexpr std::size_t kApprovalsMin = 2;

bool IsPinned(const crypto::Certificate& certificate, std::span<const crypto::Certificate> pinned) {
  return std::any_of(pinned.begin(), pinned.end(), [&](const crypto::Certificate& known) {
    return known.Fingerprint() == certificate.Fingerprint();
  });
}

Status CheckOne(const SignedScope& signed_scope, const Approval& approval,
                std::span<const crypto::Certificate> pinned_approvers) {
  if (approval.person.empty()) return Denied("no person is named");
  if (!IsPinned(approval.certificate, pinned_approvers)) return Denied("the certificate is not pinned");
  if (!approval.certificate.Validity().Contains(approval.at)) {
    return Denied("the certificate was not valid at the instant of signing");
  }
  const Buffer message = ApprovalMessage(signed_scope.scope_json, approval.person, approval.at);
  const Status verified = approval.certificate.Public().Verify(message, approval.signature);
  if (!verified.ok()) return Denied("the signature is not over this scope");
  return Done{};
}

}  // namespace

Buffer ApprovalMessage(std::string_view scope_json, const PersonId& person, Instant at) {
  std::string message(kApprovalTag);
  message.append(scope_json).append("\n").append(person.text()).append("\n").append(at.ToRfc3339());
  return ToBuffer(AsBytes(message));
}

Status CheckApprovals(const SignedScope& signed_scope,
                      std::span<const crypto::Certificate> pinned_approvers) {
  if (signed_scope.approvals.size() > kApprovalsMax) {
    return Denied(fmt::format("approvals: more than {}", kApprovalsMax));
  }
  std::set<PersonId> people;
  std::set<crypto::Digest> certificates;
  std::set<Buffer> keys;
  for (std::size_t i = 0; i < signed_scope.approvals.size(); ++i) {
    const Approval& approval = signed_scope.approvals[i];
    TRY_IN(fmt::format("approvals[{}]", i), CheckOne(signed_scope, approval, pinned_approvers));
    people.insert(approval.person);
    certificates.insert(approval.certificate.Fingerprint());
    keys.insert(approval.certificate.Public().ToDer());
  }
  if (people.size() < kApprovalsMin) {
    return Denied(people.empty() ? "approvals: nobody signed; two people are needed"
                                 : "approvals: one person signed; two are needed");
  }
  // Two certificates over one key are one key holder, whatever the names say.
  if (certificates.size() < kApprovalsMin || keys.size() < kApprovalsMin) {
    return Denied("approvals: one certificate or key signed twice; two are needed");
  }
  return Done{};
}

}  // namespace probatio::order
