// CMS AuthEnvelopedData for short secrets. Only EC recipients: RSA would add a second set of rules (OAEP, key
// sizes) for keys that we do not issue. Thread-safe.
#include "crypto/envelope.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

using Bio = Handle<BIO, BIO_free>;  // a memory BIO wipes its bytes when it is freed
using Cms = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;

// OpenSSL's default key derivation for ECDH in CMS is on SHA-1; ours is on SHA-256 (RFC 5753 section 7.1.4).
Status AddRecipient(CMS_ContentInfo* cms, const Certificate& recipient) {
  if (!EVP_PKEY_is_a(recipient.Public().native(), "EC"))
    return Invalid("envelope: recipient's key is not EC");
  CMS_RecipientInfo* const added = CMS_add1_recipient_cert(cms, recipient.native(), CMS_KEY_PARAM);
  EVP_PKEY_CTX* const context = added == nullptr ? nullptr : CMS_RecipientInfo_get0_pkey_ctx(added);
  if (context == nullptr || EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) <= 0) {
    return LibraryError("envelope: recipient");
  }
  return Done{};
}

Result<Cms> Parse(Bytes envelope) {
  if (envelope.size() > kEnvelopeBytesMax) return Invalid("envelope: longer than 2 MiB");
  const unsigned char* at = envelope.data();
  Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(envelope.size())));
  ForgetLibraryErrors();
  if (cms == nullptr) return CryptoError("envelope: no CMS message");
  if (at != envelope.data() + envelope.size()) return CryptoError("envelope: bytes after its end");
  // Plain EnvelopedData would decrypt too, but nothing in it notices an altered byte.
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_id_smime_ct_authEnvelopedData) {
    return CryptoError("envelope: not AuthEnvelopedData");
  }
  return cms;
}

}  // namespace

Result<Buffer> EncryptTo(std::span<const Certificate> recipients, Bytes secret) {
  if (recipients.empty()) return Invalid("envelope: no recipient");
  if (recipients.size() > kEnvelopeRecipientsMax) return Invalid("envelope: more than 100 recipients");
  if (secret.size() > kEnvelopeSecretBytesMax) return Invalid("envelope: secret longer than 1 MiB");
  const Cms cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
  CHECK(cms != nullptr && CMS_set_detached(cms.get(), 0) == 1);  // the ciphertext goes inside
  for (const Certificate& recipient : recipients) {
    TRY(AddRecipient(cms.get(), recipient));
  }
  const Bio input(
      BIO_new_mem_buf(secret.empty() ? "" : AsText(secret).data(), static_cast<int>(secret.size())));
  if (input == nullptr || CMS_final(cms.get(), input.get(), nullptr, CMS_BINARY) != 1) {
    return LibraryError("envelope: encryption");
  }
  return EncodeDer(i2d_CMS_ContentInfo, cms.get());
}

Result<Secret> DecryptWith(const PrivateKey& key, const Certificate& own, Bytes envelope) {
  const Cms cms = TRY(Parse(envelope));
  const Bio output(BIO_new(BIO_s_mem()));
  CHECK(output != nullptr);
  const bool opened =
      CMS_decrypt(cms.get(), key.native(), own.native(), nullptr, output.get(), CMS_BINARY) == 1;
  ForgetLibraryErrors();
  // What was written before the tag failed is dropped with `output`.
  if (!opened) return CryptoError("envelope: not for this key, or altered");
  char* text = nullptr;
  const long size = BIO_get_mem_data(output.get(), &text);
  return Secret(std::string_view(text, static_cast<std::size_t>(size)));
}

}  // namespace probatio::crypto
