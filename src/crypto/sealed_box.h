// Encryption to a bare X25519 public key: an ephemeral key, HKDF over both public keys, AES-256-GCM.
// The private half is 32 raw octets so that it is split and wrapped exactly like a window key.
// Form: ephemeral public key (32) ‖ aead. Thread-safe.
#pragma once

#include "crypto/aead.h"

namespace probatio::crypto {

using BoxPublicKey = std::array<std::uint8_t, 32>;

struct BoxKeyPair {
  Key private_key;
  BoxPublicKey public_key;
};

BoxKeyPair MakeBoxKeyPair(Random& random);
BoxPublicKey BoxPublicOf(const Key& private_key);

// A public key that comes from another machine is checked once, at the door: kCrypto for one of low order
// (RFC 7748 section 6.1), whose boxes anybody could open. SealTo CHECKs it.
Status CheckBoxPublicKey(const BoxPublicKey& key);

Buffer SealTo(const BoxPublicKey& recipient, Bytes plain, Bytes associated_data, Random& random);
Result<Secret> OpenWith(const Key& private_key, Bytes sealed, Bytes associated_data);  // kCrypto when altered

}  // namespace probatio::crypto
