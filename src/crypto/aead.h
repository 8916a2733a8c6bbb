// AES-256-GCM (NIST SP 800-38D). The sealed form is nonce (12) ‖ ciphertext ‖ tag (16). Thread-safe.
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "base/secret.h"

namespace probatio::crypto {

inline constexpr std::size_t kAeadOverhead = 28;

// A fresh random nonce each time: at most 2^32 messages under one key (SP 800-38D section 8.3).
Buffer Seal(const Key& key, Bytes plain, Bytes associated_data, Random& random);

// kCrypto when one bit of the sealed bytes or of the associated data differs.
Result<Secret> Open(const Key& key, Bytes sealed, Bytes associated_data);

// AES-256 of one 16-byte block: the pseudo-random function behind salts. CHECKs the sizes.
std::array<std::uint8_t, 16> EncryptBlock(const Key& key, const std::array<std::uint8_t, 16>& block);

}  // namespace probatio::crypto
