// AES-256-GCM (NIST SP 800-38D). The sealed form is nonce (12) ‖ ciphertext ‖ tag (16). Thread-safe.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/random.h"
#include "base/secret.h"

namespace probatio::crypto {

inline constexpr std::size_t kAeadOverhead = 28;

// A fresh random nonce each time: at most 2^32 messages under one key (SP 800-38D section 8.3).
Buffer Seal(const Key& key, Bytes plain, Bytes associated_data, Random& random);

// kCrypto when one bit of the sealed bytes or of the associated data differs.
Result<Secret> Open(const Key& key, Bytes sealed, Bytes associated_data);

// Seals many messages with one cipher context, because making a context costs more than sealing a small
// block. The context keeps the last key until it is destroyed, and is wiped then. Not thread-safe.
class Sealer {
 public:
  explicit Sealer(Random& random);  // for nonces; must outlive the object
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  // As Seal, appended to `out`.
  void SealTo(const Key& key, Bytes plain, Bytes associated_data, Buffer* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// AES-256 of whole 16-byte blocks, each by itself and in place: the pseudo-random function behind salts.
// CHECKs the size.
void EncryptBlocks(const Key& key, std::span<std::uint8_t> blocks);

}  // namespace probatio::crypto
