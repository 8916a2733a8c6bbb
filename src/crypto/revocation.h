// Whether the certificates behind a signature were revoked, by lists and OCSP responses that are at hand:
// nothing here reaches the network, and what nobody brought is said to be not known. Every certificate of the
// chain is asked for but the anchor, which is trusted because somebody chose it. Pure; thread-safe.
#pragma once

#include "crypto/cades.h"

namespace probatio::crypto {

inline constexpr std::int64_t kIssuerClockAheadMax = 5 * kNsPerMinute;  // a list "made" later is not used

struct RevocationReport {
  std::vector<std::string>
      unrevoked;  // "the signer's certificate was not revoked at ... (CRL of ... of ...)"
  std::vector<std::string> not_known;  // "the signer's certificate is not known to be unrevoked at ...: ..."
};

// Of a signature that was verified: its signer's chain at the time-stamp's instant, else at `now`, and the
// time-stamp's own. Heard are the values that the signature brought along, and `values`.
//   Not revoked at an instant: a statement made at that instant or later, or one whose thisUpdate..nextUpdate
//   holds it; in both cases no later than the certificate's end, after which lists may drop it.
//   Revoked later than the time-stamp: holds, and is said; but not when the time-stamp is a local one, made
//   where the signer's own key lies. A time-stamping certificate revoked for another reason than an orderly
//   end leaves no token valid (RFC 3161 section 4).
// kCrypto, with the date: revoked at that instant or before. CHECKs that there are anchors.
Result<RevocationReport> JudgeRevocation(const Signature& signature, const Anchors& anchors,
                                         std::span<const RevocationValue> values, Instant now);
// The same of a time-stamp that stands alone and was verified.
Result<RevocationReport> JudgeRevocation(const TimestampToken& token, std::span<const Certificate> anchors,
                                         std::span<const RevocationValue> values, Instant now);

void Append(const RevocationReport& more, RevocationReport* report);

// The report in one sentence, for a record.
std::string RevocationText(const RevocationReport& report);

}  // namespace probatio::crypto
