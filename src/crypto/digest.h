// SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869). Thread-safe except where a class says otherwise.
#pragma once

#include <array>
#include <initializer_list>
#include <memory>

#include "base/bytes.h"
#include "base/secret.h"

namespace probatio::crypto {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 over the concatenation of the parts.
Digest Sha256(std::initializer_list<Bytes> parts);
inline Digest Sha256(Bytes bytes) {
  return Sha256({bytes});
}

// HMAC-SHA-256 with the key schedule kept, for many messages under one key. Thread-safe.
class Hmac {
 public:
  explicit Hmac(const Key& key);
  ~Hmac();
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;
  Digest Compute(std::initializer_list<Bytes> parts) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// HKDF-SHA-256 with an empty salt and 32 octets of output; `info` separates one use from another. The
// extracting step is done once, for many keys from one. Thread-safe.
class KeyDerivation {
 public:
  explicit KeyDerivation(const Key& key);
  Key Derive(std::initializer_list<Bytes> info) const;

 private:
  Hmac expand_;
};
Key Hkdf(const Key& key, std::initializer_list<Bytes> info);

// Constant time in the content.
bool Equal(Bytes a, Bytes b);

}  // namespace probatio::crypto
