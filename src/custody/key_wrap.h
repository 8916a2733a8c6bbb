// A window key or a subject's private key, split at birth: n shares, m needed (Shamir over GF(2^8),
// libgfshare), each in a CMS envelope to one custodian (docs/formats/custody.md). No private key is ever
// split or rebuilt. Thread-safe.
#pragma once

#include "crypto/envelope.h"
#include "seal/token.h"
#include "seal/window.h"

namespace probatio::custody {

inline constexpr unsigned kCustodiansMax = 16;
inline constexpr std::size_t kWrappedBytesMax = 65'536;  // about 450 bytes for each custodian

struct CustodianSet {
  std::vector<crypto::Certificate> custodians;  // n certificates with use kReceive
  unsigned needed = 2;                          // m; 2 <= m <= n, or m = n = 1 in a demonstration only
};

// What a key opens, in bytes that are sealed with each share: a share cannot be passed off for another key.
Buffer SegmentContext(const SegmentId& segment);
// The holder's id is hashed into it, so a station can check that a subject's key belongs to the person the
// scope or a proven row names; and the stream, so that the key of a person's password item does not pass for
// that of his account.
Buffer SubjectContext(seal::Stream stream, const seal::SubjectHandle& handle, std::string_view holder);

Result<Buffer> WrapKey(const Key& key, const CustodianSet& set, Bytes context);

struct CustodianKey {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

// Which custodian's key came from which file or token it does not know. kDenied "custody: 1 of 2 needed
// custodians present", or naming the fingerprints when nobody present has a share; kCrypto when a share, the
// context or the check value does not hold. Shares are combined here and nowhere else, on a custodians'
// station.
Result<Key> UnwrapKey(Bytes wrapped, Bytes context, std::span<const CustodianKey> present);

// The first 8 hexadecimal digits: enough to find a certificate among a deployment's.
std::string ShortFingerprint(const crypto::Digest& fingerprint);

}  // namespace probatio::custody
