// AES-256-GCM and single-block AES-256 over OpenSSL. Sealing cannot fail on good memory, so a failure there
// stops the program; opening fails whenever the bytes are not the ones that were sealed. Thread-safe.
#include "crypto/aead.h"

#include <openssl/evp.h>

#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
static_assert(kNonceBytes + kTagBytes == kAeadOverhead);

using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

// Fetched once: looking a cipher up by name costs more than sealing a small block.
const EVP_CIPHER* Gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

const EVP_CIPHER* Ecb() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr);
  return cipher;
}

// OpenSSL counts in int. Our blocks and chunks are far below; more is a mistake of ours.
int IntSize(Bytes bytes) {
  CHECK(bytes.size() <= INT32_MAX);
  return static_cast<int>(bytes.size());
}

}  // namespace

Buffer Seal(const Key& key, Bytes plain, Bytes associated_data, Random& random) {
  Buffer sealed(plain.size() + kAeadOverhead);
  const std::span<std::uint8_t> nonce(sealed.data(), kNonceBytes);
  random.Fill(nonce);

  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  CHECK(EVP_EncryptInit_ex2(context.get(), Gcm(), key.reveal().data(), nonce.data(), nullptr) == 1);
  int size = 0;
  CHECK(EVP_EncryptUpdate(context.get(), nullptr, &size, associated_data.data(), IntSize(associated_data)) ==
        1);
  CHECK(EVP_EncryptUpdate(context.get(), sealed.data() + kNonceBytes, &size, plain.data(), IntSize(plain)) ==
        1);
  CHECK(EVP_EncryptFinal_ex(context.get(), sealed.data() + kNonceBytes + plain.size(), &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                            sealed.data() + kNonceBytes + plain.size()) == 1);
  return sealed;
}

Result<Secret> Open(const Key& key, Bytes sealed, Bytes associated_data) {
  if (sealed.size() < kAeadOverhead) return CryptoError("sealed bytes: shorter than a nonce and a tag");
  if (sealed.size() > INT32_MAX) return CryptoError("sealed bytes: longer than one message can be");
  const Bytes cipher_text = sealed.subspan(kNonceBytes, sealed.size() - kAeadOverhead);
  Buffer tag = ToBuffer(sealed.last(kTagBytes));
  Buffer plain(cipher_text.size());

  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  CHECK(EVP_DecryptInit_ex2(context.get(), Gcm(), key.reveal().data(), sealed.data(), nullptr) == 1);
  int size = 0;
  CHECK(EVP_DecryptUpdate(context.get(), nullptr, &size, associated_data.data(), IntSize(associated_data)) ==
        1);
  CHECK(EVP_DecryptUpdate(context.get(), plain.data(), &size, cipher_text.data(), IntSize(cipher_text)) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  std::uint8_t none = 0;  // GCM has no bytes left to write when it ends
  if (EVP_DecryptFinal_ex(context.get(), &none, &size) != 1) {
    Wipe(plain);
    ForgetLibraryErrors();
    return CryptoError("sealed bytes: wrong key, or altered");
  }
  return Secret(std::move(plain));
}

std::array<std::uint8_t, 16> EncryptBlock(const Key& key, const std::array<std::uint8_t, 16>& block) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  CHECK(EVP_EncryptInit_ex2(context.get(), Ecb(), key.reveal().data(), nullptr, nullptr) == 1);
  std::array<std::uint8_t, 16> out;
  int size = 0;
  CHECK(EVP_EncryptUpdate(context.get(), out.data(), &size, block.data(), IntSize(block)) == 1);
  CHECK(size == static_cast<int>(out.size()));
  return out;
}

}  // namespace probatio::crypto
