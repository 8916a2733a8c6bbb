// Private keys: making, keeping under a passphrase, signing. A key file is PKCS#8 under PBES2 (RFC 8018) with
// scrypt (RFC 7914), so that a stolen file costs memory for every guess. Thread-safe.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "crypto/certificate.h"
#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

// 16 MiB for each guess; twice that is the most that OpenSSL agrees to when it reads, so a hostile file
// cannot make us allocate more.
constexpr std::uint64_t kScryptN = 1U << 14;
constexpr std::uint64_t kScryptR = 8;
constexpr std::uint64_t kScryptP = 1;
constexpr int kScryptSaltBytes = 16;
constexpr char kEncryptedLabel[] = "ENCRYPTED PRIVATE KEY";

using Bio = Handle<BIO, BIO_free>;
using KeyInfo = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using Encrypted = Handle<X509_SIG, X509_SIG_free>;

// One PEM block. The memory that PEM_read_bio hands out is freed here whatever becomes of it.
struct PemBlock {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;

  PemBlock() = default;
  PemBlock(const PemBlock&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;
  ~PemBlock() {
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  }
};

Status CheckPassphrase(const Secret& passphrase) {
  const std::size_t size = passphrase.reveal().size();
  if (size < kPassphraseBytesMin) return Invalid("passphrase: shorter than 12 bytes");
  if (size > kPassphraseBytesMax) return Invalid("passphrase: longer than 1024 bytes");
  return Done{};
}

const char* Characters(const Secret& passphrase) {
  return AsText(passphrase.reveal()).data();
}
int Size(const Secret& passphrase) {
  return static_cast<int>(passphrase.reveal().size());
}

bool IsOurKind(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return true;
  char group[32];
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group, size) == "prime256v1";
}

}  // namespace

PrivateKey::PrivateKey(EVP_PKEY* owned) : key_(owned, EVP_PKEY_free) {
  CHECK(owned != nullptr);
}

PrivateKey PrivateKey::FromToken(EVP_PKEY* owned) {
  PrivateKey key(owned);
  key.in_token_ = true;
  return key;
}

PrivateKey PrivateKey::GenerateP256() {
  return PrivateKey(EVP_EC_gen("P-256"));
}
PrivateKey PrivateKey::GenerateEd25519() {
  return PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

Result<PrivateKey> PrivateKey::FromPem(std::string_view pem, const Secret& passphrase) {
  if (pem.size() > kKeyFileBytesMax) return Invalid("key file: longer than 16 KiB");
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PemBlock block;
  if (bio == nullptr || PEM_read_bio(bio.get(), &block.name, &block.header, &block.data, &block.size) != 1) {
    ForgetLibraryErrors();
    return Invalid("key file: no PEM");
  }
  // A wrong passphrase and a foreign file look alike from here, and a guesser is told no more than that.
  const Error refused = CryptoError("key file: wrong passphrase, or not a key file of ours");
  if (std::string_view(block.name) != kEncryptedLabel) return refused;
  const unsigned char* der = block.data;
  const Encrypted encrypted(d2i_X509_SIG(nullptr, &der, block.size));
  const KeyInfo info(encrypted == nullptr || passphrase.reveal().size() > kPassphraseBytesMax
                         ? nullptr
                         : PKCS8_decrypt(encrypted.get(), Characters(passphrase), Size(passphrase)));
  Handle<EVP_PKEY, EVP_PKEY_free> key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
  ForgetLibraryErrors();
  if (key == nullptr || !IsOurKind(key.get())) return refused;
  return PrivateKey(key.release());
}

Result<std::string> PrivateKey::ToPem(const Secret& passphrase) const {
  // OpenSSL would write a file that looks like a key and holds none.
  if (in_token_) return Denied("key file: the key is in a token and never leaves it");
  TRY(CheckPassphrase(passphrase));
  const KeyInfo info(EVP_PKEY2PKCS8(key_.get()));
  if (info == nullptr) return LibraryError("key file: key cannot be written");
  // Without a salt and an initialisation vector of ours, OpenSSL draws random ones.
  Handle<X509_ALGOR, X509_ALGOR_free> scrypt(PKCS5_pbe2_set_scrypt(
      EVP_aes_256_cbc(), nullptr, kScryptSaltBytes, nullptr, kScryptN, kScryptR, kScryptP));
  if (scrypt == nullptr) return LibraryError("key file: scrypt");
  const Encrypted encrypted(
      PKCS8_set0_pbe(Characters(passphrase), Size(passphrase), info.get(), scrypt.get()));
  if (encrypted == nullptr) return LibraryError("key file: encryption");
  scrypt.release();  // NOLINT(bugprone-unused-return-value): it belongs to `encrypted` now

  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PKCS8(bio.get(), encrypted.get()) != 1)
    return LibraryError("key file: PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

Result<Buffer> PrivateKey::Sign(Bytes message) const {
  const EVP_MD* digest =
      EVP_PKEY_is_a(key_.get(), "ED25519") ? nullptr : EVP_sha256();  // Ed25519 hashes itself
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (context == nullptr || EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) {
    return LibraryError("signature");
  }
  Buffer signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return LibraryError("signature");
  }
  signature.resize(size);  // an ECDSA signature in DER is often a little shorter than its bound
  return signature;
}

PublicKey PrivateKey::Public() const {
  Result<PublicKey> key = PublicKey::FromDer(EncodeDer(i2d_PUBKEY, key_.get()));
  CHECK(key.ok());
  return std::move(key).value();
}

}  // namespace probatio::crypto
