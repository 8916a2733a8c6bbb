// SHA-256, HMAC and HKDF over OpenSSL. A failure here means a broken library, so it stops the program.
// Small messages are the dearest stage of ingest: a face of 50 octets costs 50 ns with OpenSSL's own SHA-256
// functions and 90 ns through an EVP context that is kept, so the former are used although OpenSSL 3 calls
// them deprecated. HKDF is written out on HMAC, as RFC 5869 section 2 defines it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include "crypto/handle.h"

namespace probatio::crypto {

Digest Sha256(std::initializer_list<Bytes> parts) {
  SHA256_CTX context;
  CHECK(SHA256_Init(&context) == 1);
  for (const Bytes part : parts) CHECK(SHA256_Update(&context, part.data(), part.size()) == 1);
  Digest digest;
  CHECK(SHA256_Final(digest.data(), &context) == 1);  // wipes the context
  return digest;
}

struct Hmac::State {
  Handle<EVP_MAC, EVP_MAC_free> mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> context{EVP_MAC_CTX_new(mac.get())};
};

Hmac::Hmac(const Key& key) : state_(std::make_unique<State>()) {
  CHECK(state_->context != nullptr);
  char name[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", name, 0),
                                   OSSL_PARAM_construct_end()};
  CHECK(EVP_MAC_init(state_->context.get(), key.reveal().data(), key.reveal().size(), parameters) == 1);
}

Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

Digest Hmac::Compute(std::initializer_list<Bytes> parts) {
  EVP_MAC_CTX* const context = state_->context.get();
  CHECK(EVP_MAC_init(context, nullptr, 0, nullptr) == 1);  // the same key again
  for (const Bytes part : parts) CHECK(EVP_MAC_update(context, part.data(), part.size()) == 1);
  Digest digest;
  std::size_t size = 0;
  CHECK(EVP_MAC_final(context, digest.data(), &size, digest.size()) == 1 && size == digest.size());
  return digest;
}

Key Hkdf(const Key& key, std::initializer_list<Bytes> info) {
  const Key no_salt;  // RFC 5869 section 2.2: a salt that is not given is a string of zeros
  Digest extracted = Hmac(no_salt).Compute({key.reveal()});
  const Key pseudo_random_key{Bytes(extracted)};
  Wipe(extracted);

  Buffer expanded;
  for (const Bytes part : info) expanded.insert(expanded.end(), part.begin(), part.end());
  expanded.push_back(1);  // one block of output is all that a Key needs
  Digest output = Hmac(pseudo_random_key).Compute({expanded});
  Key derived{Bytes(output)};
  Wipe(output);
  return derived;
}

bool Equal(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace probatio::crypto
