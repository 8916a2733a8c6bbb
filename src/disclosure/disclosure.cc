#include "disclosure/disclosure.h"

#include <fmt/format.h>

#include <algorithm>

#include "disclosure/sources.h"

namespace probatio::disclosure {
namespace {

// The certificates of the order's recipients, which must be the ones that two people signed for.
Result<std::vector<crypto::Certificate>> RecipientsOf(const order::Order& order, const order::Scope& scope) {
  std::vector<crypto::Certificate> recipients;
  for (const order::Recipient& recipient : order.recipients) {
    crypto::Certificate certificate =
        TRY_IN("recipient", crypto::Certificate::FromPem(recipient.certificate_pem));
    const std::string fingerprint = ToHex(certificate.Fingerprint());
    if (std::find(scope.recipients.begin(), scope.recipients.end(), fingerprint) == scope.recipients.end()) {
      return Denied("disclose: a recipient's certificate is not in the signed scope");
    }
    recipients.push_back(std::move(certificate));
  }
  if (recipients.empty() || recipients.size() != scope.recipients.size()) {
    return Denied("disclose: the order's recipients are not those of the signed scope");
  }
  return recipients;
}

Result<std::uint64_t> IndexOfReception(const ledger::Ledger& ledger, const OrderId& order) {
  const std::vector<ledger::Entry>& entries = ledger.entries();
  for (std::uint64_t index = 0; index < entries.size(); ++index) {
    const auto field = entries[index].fields.find("order");
    if (entries[index].type == "order_received" && field != entries[index].fields.end() &&
        field->second == order.text()) {
      return index;
    }
  }
  return StorageError("ledger: holds no reception of order " + order.text());
}

// What was sealed anew after the order stands as early as the old segments did: their entries go along.
Status AddOldSegments(const seal::SegmentInfo& info, std::uint64_t received,
                      const seal::SegmentDirectory& directory, std::map<SegmentId, std::uint64_t>* indices) {
  if (info.closed_index < received) return Done{};
  for (const SegmentId& source : info.sources) {
    const std::optional<seal::SegmentInfo> old = directory.Get(source);
    if (!old) return StorageError("ledger: no closing entry for segment " + source.text());
    (*indices)[source] = old->closed_index;
  }
  return Done{};
}

// Every segment that a disclosed row lies in, with the ledger index of the entry that closed it.
Result<std::map<SegmentId, std::uint64_t>> ClosingEntries(const std::vector<resolve::LineAnswer>& answers,
                                                          std::uint64_t received,
                                                          const seal::SegmentDirectory& directory) {
  std::map<SegmentId, std::uint64_t> indices;
  for (const resolve::LineAnswer& answer : answers) {
    for (const resolve::Candidate& candidate : answer.candidates) {
      for (const resolve::Support& support : candidate.supports) {
        const std::optional<seal::SegmentInfo> info = directory.Get(support.row.segment);
        if (!info || info->state == seal::SegmentState::kOpen) {
          return StorageError("ledger: no closing entry for segment " + support.row.segment.text());
        }
        indices[support.row.segment] = info->closed_index;
        TRY(AddOldSegments(*info, received, directory, &indices));
      }
    }
  }
  return indices;
}

// Enters the disclosure in the ledger, then proves every entry it rests on against one checkpoint that covers
// them all.
Result<crypto::Digest> EnterAndProve(const Parts& parts, const Case& a_case,
                                     evidence::Disclosure* disclosure) {
  const std::uint64_t received = TRY(IndexOfReception(parts.ledger, a_case.order.id));
  const std::map<SegmentId, std::uint64_t> closing =
      TRY(ClosingEntries(disclosure->answers, received, parts.directory));
  // The grade of a row is read from these two proofs, so they are needed before the digest can be taken.
  disclosure->order_received = TRY(parts.ledger.Prove(received));
  for (const auto& [segment, index] : closing) {
    ledger::EntryProof proof = TRY(parts.ledger.Prove(index));
    disclosure->segments[segment] = std::move(proof);
  }

  const std::string json = evidence::DisclosureJson(*disclosure);
  const crypto::Digest digest = evidence::DisclosureDigest(json, disclosure->signed_scope.scope_json);
  ledger::Entry entry;
  entry.type = "disclosure_executed";
  entry.at = disclosure->made_at;
  entry.fields = {{"order", a_case.order.id.text()},
                  {"digest", ToHex(digest)},
                  {"scope", ToHex(crypto::Sha256(AsBytes(disclosure->signed_scope.scope_json)))},
                  {"rows", std::to_string(evidence::RowsOf(*disclosure).size())}};
  if (!disclosure->supersedes.empty()) entry.fields["supersedes"] = disclosure->supersedes;
  const std::uint64_t executed = TRY(parts.ledger.Append(entry));

  disclosure->executed = TRY(parts.ledger.Prove(executed));
  disclosure->order_received = TRY(parts.ledger.Prove(received));
  for (auto& [segment, proof] : disclosure->segments) {
    proof = TRY(parts.ledger.Prove(closing.at(segment)));
  }
  return digest;
}

Result<Buffer> Pack(const Parts& parts, const Case& a_case, const evidence::Disclosure& disclosure) {
  const std::string json = evidence::DisclosureJson(disclosure);
  const std::string csv = TRY(evidence::DisclosureCsv(json));
  const std::string scope = evidence::ScopeFileJson(disclosure.signed_scope);
  const std::vector<std::pair<std::string, crypto::Digest>> files = {
      {"disclosure.json", crypto::Sha256(AsBytes(json))},
      {"disclosure.csv", crypto::Sha256(AsBytes(csv))},
      {"scope.json", crypto::Sha256(AsBytes(scope))},
  };
  const Buffer report = TRY(parts.make_report(a_case, disclosure, files));
  return evidence::BuildPackage(disclosure, report, parts.signer, disclosure.made_at);
}

}  // namespace

Status CheckStillApproved(const Case& after, const order::Grant& grant, Instant now) {
  TRY(order::StillHolds(grant, after.life, now));
  if (after.life.state != order::State::kApproved) {
    return Denied(
        fmt::format("grant: the order was {} by somebody else meanwhile", order::ToText(after.life.state)));
  }
  if (after.signed_scope.scope_json == grant.signed_scope().scope_json) return Done{};
  return Denied("grant: its approvals have ended, and another scope was signed since");
}

Result<Package> Execute(const Parts& parts, const OrderId& order, const PersonId& by) {
  const Case a_case = TRY(parts.cases.Load(order));
  const order::Grant grant =
      TRY(order::Authorize(a_case.order, a_case.life, a_case.assessment, a_case.signed_scope,
                           parts.pinned_approvers, parts.clock.Now()));
  if (grant.kind() != order::GrantKind::kDisclose) return Denied("disclose: the grant is only to preserve");
  std::vector<crypto::Certificate> recipients = TRY(RecipientsOf(a_case.order, grant.scope()));

  resolve::Resolver resolver(parts.reader, parts.limits);
  std::vector<resolve::LineAnswer> answers = TRY(resolver.Resolve(grant));

  const Case after = TRY(parts.cases.Load(order));  // a stay that arrived meanwhile ends the grant
  TRY(CheckStillApproved(after, grant, parts.clock.Now()));

  evidence::Disclosure disclosure;
  disclosure.provider = parts.provider;
  disclosure.made_at = parts.clock.Now();
  disclosure.demonstration_clock = parts.demonstration_clock;
  disclosure.signed_scope = grant.signed_scope();
  disclosure.scope = grant.scope();
  disclosure.answers = std::move(answers);
  disclosure.ledger_key = parts.ledger.verifier_key();
  if (a_case.life.recalled) disclosure.supersedes = a_case.life.package;
  const crypto::Digest digest = TRY(EnterAndProve(parts, a_case, &disclosure));
  order::Event executed;
  executed.kind = order::EventKind::kExecuted;
  executed.person = by;
  executed.package = ToHex(digest);
  executed.sources = SourcesOf(disclosure, parts.directory);

  Package package;
  package.asice = TRY(Pack(parts, a_case, disclosure));
  package.recipients = std::move(recipients);
  package.answers = std::move(disclosure.answers);
  TRY(parts.hand_over(package));
  executed.at = parts.clock.Now();
  TRY(parts.cases.Record(order, executed));
  return package;
}

}  // namespace probatio::disclosure
