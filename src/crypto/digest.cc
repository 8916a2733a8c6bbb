// SHA-256, HMAC and HKDF over OpenSSL. A failure here means a broken library, so it stops the program.
// Small messages are the dearest stage of ingest: a face of 50 octets costs 50 ns with OpenSSL's own SHA-256
// functions and 90 ns through an EVP context that is kept, so the former are used although OpenSSL 3 calls
// them deprecated. HKDF is written out on HMAC, as RFC 5869 section 2 defines it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace probatio::crypto {

Digest Sha256(std::initializer_list<Bytes> parts) {
  SHA256_CTX context;
  CHECK(SHA256_Init(&context) == 1);
  for (const Bytes part : parts) CHECK(SHA256_Update(&context, part.data(), part.size()) == 1);
  Digest digest;
  CHECK(SHA256_Final(digest.data(), &context) == 1);  // wipes the context
  return digest;
}

// The hash after its first block, which is the key's: what every message under the key begins with.
struct Hmac::State {
  SHA256_CTX inner;
  SHA256_CTX outer;
  ~State() { OPENSSL_cleanse(this, sizeof(State)); }
};

Hmac::Hmac(const Key& key) : state_(std::make_unique<State>()) {
  const auto start = [&key](SHA256_CTX* context, std::uint8_t pad) {
    std::array<std::uint8_t, SHA256_CBLOCK> block;
    block.fill(pad);
    for (std::size_t i = 0; i < Key::kSize; ++i)
      block[i] = static_cast<std::uint8_t>(block[i] ^ key.reveal()[i]);
    CHECK(SHA256_Init(context) == 1 && SHA256_Update(context, block.data(), block.size()) == 1);
    Wipe(block);
  };
  start(&state_->inner, 0x36);
  start(&state_->outer, 0x5C);
}

Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

Digest Hmac::Compute(std::initializer_list<Bytes> parts) const {
  SHA256_CTX context = state_->inner;
  for (const Bytes part : parts) CHECK(SHA256_Update(&context, part.data(), part.size()) == 1);
  Digest digest;
  CHECK(SHA256_Final(digest.data(), &context) == 1);
  context = state_->outer;
  CHECK(SHA256_Update(&context, digest.data(), digest.size()) == 1);
  CHECK(SHA256_Final(digest.data(), &context) == 1);
  return digest;
}

namespace {

Key KeyOf(Digest digest) {
  Key key{Bytes(digest)};
  Wipe(digest);
  return key;
}

}  // namespace

// RFC 5869 section 2.2: a salt that is not given is a string of zeros.
KeyDerivation::KeyDerivation(const Key& key) : expand_(KeyOf(Hmac(Key()).Compute({key.reveal()}))) {}

Key KeyDerivation::Derive(std::initializer_list<Bytes> info) const {
  Buffer expanded;
  for (const Bytes part : info) expanded.insert(expanded.end(), part.begin(), part.end());
  expanded.push_back(1);  // one block of output is all that a Key needs
  return KeyOf(expand_.Compute({expanded}));
}

Key Hkdf(const Key& key, std::initializer_list<Bytes> info) {
  return KeyDerivation(key).Derive(info);
}

bool Equal(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace probatio::crypto
