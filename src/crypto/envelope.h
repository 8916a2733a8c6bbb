// A short secret encrypted to certificates: CMS AuthEnvelopedData (RFC 5083), AES-256-GCM, ECDH with the
// SHA-256 KDF. For keys and shares; OpenSSL 3.0 cannot stream CMS, so content goes through sealed_file.h.
// Thread-safe.
#pragma once

#include "crypto/certificate.h"

namespace probatio::crypto {

inline constexpr std::size_t kEnvelopeSecretBytesMax = 1U << 20;  // 1 MiB
inline constexpr std::size_t kEnvelopeRecipientsMax = 100;
inline constexpr std::size_t kEnvelopeBytesMax =
    1U << 21;  // a largest secret to as many recipients, and to spare

// DER. kInvalid without a recipient, for a recipient whose key is not EC, or over a limit.
Result<Buffer> EncryptTo(std::span<const Certificate> recipients, Bytes secret);

// kCrypto when the key is not a recipient's or a byte was altered; nothing is returned then.
Result<Secret> DecryptWith(const PrivateKey& key, const Certificate& own, Bytes envelope);

}  // namespace probatio::crypto
