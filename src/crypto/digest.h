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

// HMAC-SHA-256 with the key schedule kept, for many messages under one key. Not thread-safe.
class Hmac {
 public:
  explicit Hmac(const Key& key);
  ~Hmac();
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;
  Digest Compute(std::initializer_list<Bytes> parts);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// HKDF-SHA-256 with an empty salt; `info` separates one use from another.
Key Hkdf(const Key& key, std::initializer_list<Bytes> info);

// Constant time in the content.
bool Equal(Bytes a, Bytes b);

}  // namespace probatio::crypto
