// Public keys: reading, writing, checking signatures. Any kind that OpenSSL knows may be read, because the
// certificates of courts and authorities are often RSA. Thread-safe.
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/certificate.h"
#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

constexpr std::size_t kEd25519Bytes = 32;

}  // namespace

PublicKey::PublicKey(EVP_PKEY* owned) : key_(owned, EVP_PKEY_free) {
  CHECK(owned != nullptr);
}

Result<PublicKey> PublicKey::FromDer(Bytes subject_public_key_info) {
  if (subject_public_key_info.size() > kCertificateBytesMax) return Invalid("public key: longer than 64 KiB");
  const unsigned char* at = subject_public_key_info.data();
  Handle<EVP_PKEY, EVP_PKEY_free> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(subject_public_key_info.size())));
  ForgetLibraryErrors();
  if (key == nullptr) return Invalid("public key: no SubjectPublicKeyInfo");
  if (at != subject_public_key_info.data() + subject_public_key_info.size()) {
    return Invalid("public key: bytes after its end");
  }
  return PublicKey(key.release());
}

Buffer PublicKey::ToDer() const {
  return EncodeDer(i2d_PUBKEY, key_.get());
}

bool PublicKey::IsEd25519() const {
  return EVP_PKEY_is_a(key_.get(), "ED25519") == 1;
}

Buffer PublicKey::RawEd25519() const {
  CHECK(IsEd25519());
  Buffer raw(kEd25519Bytes);
  std::size_t size = raw.size();
  CHECK(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1 && size == kEd25519Bytes);
  return raw;
}

Result<PublicKey> PublicKey::FromRawEd25519(Bytes raw) {
  if (raw.size() != kEd25519Bytes) return Invalid("Ed25519 public key: not 32 octets");
  return PublicKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
}

Status PublicKey::Verify(Bytes message, Bytes signature) const {
  const EVP_MD* digest = IsEd25519() ? nullptr : EVP_sha256();
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  const bool verified =
      context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) ==
          1;
  ForgetLibraryErrors();
  if (!verified) return CryptoError("signature does not verify");
  return Done{};
}

}  // namespace probatio::crypto
