// Private keys that never leave a PKCS#11 token (a smart card, an HSM; SoftHSM2 in tests). What comes back is
// a PrivateKey like any other: whoever opens an envelope with it does not know where it lies. Thread-safe.
#pragma once

#include "crypto/certificate.h"
#include "crypto/token_uri.h"

namespace probatio::crypto {

inline constexpr std::size_t kPinBytesMin = 4;
inline constexpr std::size_t kPinBytesMax = 64;

// Logs in once with the PIN: a token counts wrong ones and locks itself. kCrypto: the PIN is refused or
// locked; kNotFound: the module cannot be loaded, the token is absent, or the key is not in it; kInvalid: not
// a P-256 key, or a PIN that cannot be one. The PIN is in no message.
Result<PrivateKey> OpenTokenKey(const TokenUri& uri, const Secret& pin);

}  // namespace probatio::crypto
