// What is sent to a time-stamp authority elsewhere and what comes back (RFC 3161 section 2.4); how it travels
// is the caller's. Pure; thread-safe.
#pragma once

#include "base/random.h"
#include "crypto/timestamp.h"

namespace probatio::crypto {

struct TimestampRequest {
  Digest imprint;
  std::uint64_t nonce = 0;  // 0: none
  Buffer der;               // the TimeStampReq, which asks for the authority's certificate
};

TimestampRequest MakeTimestampRequest(const Digest& imprint, std::uint64_t nonce);
// With a nonce that nobody can foresee: an old answer is no answer to it.
TimestampRequest DrawTimestampRequest(const Digest& imprint, Random& random);

// The token, after status, nonce, imprint, signature and chain were checked (VerifyTimestamp). kRefused when
// the authority granted none; kCrypto for an answer to another request.
Result<TimestampToken> CheckTimestampResponse(Bytes response, const TimestampRequest& request,
                                              std::span<const Certificate> anchors);

}  // namespace probatio::crypto
