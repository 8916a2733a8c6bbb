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

struct Sealer::State {
  Random& random;
  CipherContext context{EVP_CIPHER_CTX_new()};
};

Sealer::Sealer(Random& random) : state_(new State{random}) {
  CHECK(state_->context != nullptr);
}
Sealer::~Sealer() = default;

void Sealer::SealTo(const Key& key, Bytes plain, Bytes associated_data, Buffer* out) {
  const std::size_t begin = out->size();
  out->resize(begin + plain.size() + kAeadOverhead);
  const std::span<std::uint8_t> nonce(out->data() + begin, kNonceBytes);
  std::uint8_t* const cipher_text = nonce.data() + kNonceBytes;
  state_->random.Fill(nonce);

  EVP_CIPHER_CTX* const context = state_->context.get();
  CHECK(EVP_EncryptInit_ex2(context, Gcm(), key.reveal().data(), nonce.data(), nullptr) == 1);
  int size = 0;
  CHECK(EVP_EncryptUpdate(context, nullptr, &size, associated_data.data(), IntSize(associated_data)) == 1);
  CHECK(EVP_EncryptUpdate(context, cipher_text, &size, plain.data(), IntSize(plain)) == 1);
  CHECK(EVP_EncryptFinal_ex(context, cipher_text + plain.size(), &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kTagBytes, cipher_text + plain.size()) == 1);
}

Buffer Seal(const Key& key, Bytes plain, Bytes associated_data, Random& random) {
  Buffer sealed;
  Sealer(random).SealTo(key, plain, associated_data, &sealed);
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

void EncryptBlocks(const Key& key, std::span<std::uint8_t> blocks) {
  CHECK(blocks.size() % 16 == 0);
  const CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  CHECK(EVP_EncryptInit_ex2(context.get(), Ecb(), key.reveal().data(), nullptr, nullptr) == 1);
  CHECK(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
  int size = 0;
  CHECK(EVP_EncryptUpdate(context.get(), blocks.data(), &size, blocks.data(), IntSize(blocks)) == 1);
  CHECK(size == static_cast<int>(blocks.size()));
}

}  // namespace probatio::crypto
