// The three lists, worded with care: "proved" is what the bytes show to somebody who trusts neither the
// provider nor us. Thread-safe.
#include <fmt/format.h>

#include "evidence/verify_parts.h"

namespace probatio::evidence {
namespace {

using Lines = std::vector<std::string>;

bool IsLocal(const crypto::TimestampToken& token) {
  return token.policy == crypto::kLocalTimestampPolicy;
}

std::size_t CountOf(const ReadDisclosure& disclosure, Grade grade) {
  std::size_t count = 0;
  for (const ReadRow& row : disclosure.rows) count += row.grade == ToText(grade) ? 1U : 0U;
  return count;
}

std::size_t CountJournalRows(const PackageFiles& files) {
  std::size_t count = 0;
  for (const auto& [id, row] : files.proofs->rows) count += row.proof.has_value() ? 0U : 1U;
  return count;
}

// With a proof whose root is younger than the order, and old segments that are older.
std::size_t CountResealedRows(const ReadDisclosure& disclosure, const PackageFiles& files) {
  std::size_t count = 0;
  for (const ReadRow& row : disclosure.rows) {
    const auto proven = files.proofs->rows.find(row.id);
    const bool proved = proven != files.proofs->rows.end() && proven->second.proof.has_value();
    count += proved && row.grade == ToText(Grade::kJournalBefore) ? 1U : 0U;
  }
  return count;
}

// An instant is proved by an authority whom the reader trusts, and by nobody else.
std::string InstantOf(const crypto::TimestampToken& token, const Trust& trust) {
  if (IsLocal(token) || trust.anchors.empty())
    return "an instant that is only declared, " + token.at.ToRfc3339();
  const std::string accuracy = token.accuracy_ns.has_value()
                                   ? fmt::format("± {} ms", *token.accuracy_ns / kNsPerMs)
                                   : "accuracy unknown";
  return fmt::format("{} ({}, time-stamp by {})", token.at.ToRfc3339(), accuracy, token.authority);
}

void SayProvedRows(const Seen& seen, const Trust& trust, Lines* proved) {
  const ReadDisclosure& disclosure = *seen.files.disclosure;
  const std::size_t journal = CountJournalRows(seen.files);
  const std::size_t rows = disclosure.rows.size() - journal;
  if (rows > 0) {
    proved->push_back(
        fmt::format("each disclosed face of {} row(s) stood, unaltered, in a root committed by {}", rows,
                    InstantOf(seen.checkpoint_stamp, trust)));
    proved->push_back(fmt::format(
        "{} of these row(s) lie in roots that stand before the order's reception in this ledger, {} after it",
        CountOf(disclosure, Grade::kCommittedBefore), rows - CountOf(disclosure, Grade::kCommittedBefore)));
  }
  proved->push_back(
      fmt::format("this package reveals no other face: its tables show {} row(s), and of each only faces "
                  "that the scope grants",
                  disclosure.rows.size()));
  proved->push_back(
      fmt::format("the disclosure was entered in the ledger (entry {} of {}) before it was packaged",
                  seen.files.proofs->executed.index, seen.ledger.checkpoint->size));
}

// Without a chain to somebody trusted, a certificate's name is what its maker wrote into it.
std::string NameOf(const crypto::Certificate& certificate, bool named) {
  return named ? certificate.CommonName()
               : "the holder of a certificate made out to " + certificate.CommonName();
}

void SayApprovers(const Seen& seen, const Trust& trust, Verification* verification) {
  for (const order::Approval& approval : seen.files.signed_scope->approvals) {
    const std::string fingerprint = ToHex(approval.certificate.Fingerprint()).substr(0, 16);
    const bool named = !trust.anchors.empty() && !IsSelfMade(approval.certificate);
    verification->proved.push_back(fmt::format("{} signed this scope (certificate {}…, instant claimed {})",
                                               NameOf(approval.certificate, named), fingerprint,
                                               approval.at.ToRfc3339()));
    if (!trust.anchors.empty() && IsSelfMade(approval.certificate)) {
      verification->declared.push_back(fmt::format(
          "that certificate {}… belongs to the approver whom it names: he made it himself", fingerprint));
    } else if (named) {
      verification->declared.push_back(
          fmt::format("that certificate {}… of an approver was not revoked when he signed: no list is asked",
                      fingerprint));
    }
  }
}

void SayStamps(const Seen& seen, Lines* declared) {
  if (IsLocal(seen.checkpoint_stamp)) {
    declared->push_back(
        "the instant of the ledger's checkpoint: local time-stamp, proves nothing to a third party");
  }
  if (IsLocal(*seen.signature.timestamp)) {
    declared->push_back(
        "the instant of the package's signature: local time-stamp, proves nothing to a third party");
  }
}

void SayDeclared(const Seen& seen, const Trust& trust, Lines* declared) {
  const std::size_t journal = CountJournalRows(seen.files);
  for (const auto& [id, row] : seen.files.proofs->rows) {
    if (!row.proof.has_value())
      declared->push_back(id + ": found in the journal of a crashed collector, without a proof");
  }
  if (journal > 0)
    declared->push_back(fmt::format("{} row(s) in all rest on a journal and are not proved", journal));
  const std::size_t resealed = CountResealedRows(*seen.files.disclosure, seen.files);
  if (resealed > 0) {
    declared->push_back(fmt::format(
        "that {} row(s), sealed anew after the order by the custodians, are what the journals and "
        "segments held whose digests stand before it",
        resealed));
  }
  declared->push_back("that the rows are all there were");
  declared->push_back("that nothing left by another way");
  declared->push_back("that the source told the truth");
  declared->push_back("that purged copies are gone");
  declared->push_back("that the scope allows no more than the order: compare it with the order itself");
  declared->push_back(
      "that report.pdf tells what disclosure.json shows: its text is signed and not compared here");
  if (trust.anchors.empty()) {
    declared->push_back("that the certificates belong to whom they name: no trusted certificates were given");
  }
  if (trust.ledger_key.empty()) {
    declared->push_back(
        "that the ledger key is the provider's published one: none was given, the package's was taken");
  }
}

}  // namespace

void SayRevocation(const crypto::RevocationReport& report, Verification* verification) {
  verification->proved.insert(verification->proved.end(), report.unrevoked.begin(), report.unrevoked.end());
  verification->declared.insert(verification->declared.end(), report.not_known.begin(),
                                report.not_known.end());
}

void SayWhatHolds(const Seen& seen, const Trust& trust, Verification* verification) {
  if (seen.files.disclosure->demonstration_clock) {
    verification->declared.push_back("demonstration clock: no instant of this package is a real one");
  }
  if (!seen.files.disclosure->supersedes.empty()) {
    verification->declared.push_back("that it supersedes the disclosure with the digest " +
                                     seen.files.disclosure->supersedes + ", which rests on a fault");
  }
  SayProvedRows(seen, trust, &verification->proved);
  SayApprovers(seen, trust, verification);
  verification->proved.push_back(fmt::format("{} sealed this package, before {}",
                                             NameOf(seen.signature.signer, !trust.anchors.empty()),
                                             InstantOf(*seen.signature.timestamp, trust)));
  verification->with_witness.push_back(
      fmt::format("the ledger {} had no second version up to this checkpoint (size {})",
                  seen.ledger.checkpoint->origin, seen.ledger.checkpoint->size));
  verification->with_witness.push_back(
      "that what stands before the order in the ledger also came before it in time: an earlier checkpoint "
      "shows it");
  SayRevocation(seen.revocation, verification);
  SayStamps(seen, &verification->declared);
  SayDeclared(seen, trust, &verification->declared);
}

}  // namespace probatio::evidence
