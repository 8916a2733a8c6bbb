// Time-stamp tokens, RFC 3161 with ESSCertIDv2 (RFC 5816). A local authority proves nothing to a third party:
// it serves tests, demonstrations and sites without a network, and says so in its policy. Thread-safe.
#pragma once

#include <functional>
#include <optional>

#include "crypto/certificate.h"

namespace probatio::crypto {

inline constexpr std::size_t kTimestampBytesMax = 1U
                                                  << 18;  // real tokens, with their chains, are below 16 KiB

// The policy (RFC 3161 section 2.4.2) of tokens that a deployment made for itself: an object identifier that
// nobody else has (ITU-T X.667), so that a verifier can say "local, proves nothing to a third party".
inline constexpr std::string_view kLocalTimestampPolicy = "2.25.57428273085995480918728666123214578230";

struct TimestampToken {
  Buffer der;                               // the CMS SignedData, as found in a .tst file
  Digest imprint;                           // SHA-256 that was stamped
  Instant at;                               // genTime
  std::optional<std::int64_t> accuracy_ns;  // absent: unknown, never "exact"
  std::string authority;                    // common name of the signer
  std::string policy = {};  // dotted object identifier; kLocalTimestampPolicy for one of our own making
};

class TimestampAuthority {
 public:
  virtual ~TimestampAuthority() = default;
  // kCrypto or kStorage when no token could be had.
  virtual Result<TimestampToken> Stamp(const Digest& imprint) = 0;
};

// Signs tokens itself at the instant that `now` returns.
std::unique_ptr<TimestampAuthority> LocalTimestampAuthority(PrivateKey key, Certificate certificate,
                                                            std::function<Instant()> now);

// Reads a bare token, or a whole TimeStampResp (.tsr). Checks nothing but the shape: kInvalid, also for an
// imprint that is not SHA-256; kRefused when the response says that the authority granted none.
Result<TimestampToken> ParseTimestamp(Bytes der);

// Imprint, the one signature, the signing-certificate attribute, the critical time-stamping EKU alone, and
// the chain at genTime. `anchors` empty: the signature is checked and the chain is left to the caller
// (kCrypto never for a missing anchor then).
Status VerifyTimestamp(const TimestampToken& token, const Digest& imprint,
                       std::span<const Certificate> anchors);

}  // namespace probatio::crypto
