#include "crypto/md5.h"

#include <openssl/evp.h>

#include <memory>

namespace probatio::crypto {

Result<std::array<std::uint8_t, 16>> Md5(std::initializer_list<Bytes> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  CHECK(context != nullptr);
  if (EVP_DigestInit_ex(context.get(), EVP_md5(), nullptr) != 1) {
    return CryptoError("md5: not available here, which RADIUS needs");
  }
  for (const Bytes part : parts) CHECK(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  std::array<std::uint8_t, 16> digest{};
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1 && size == digest.size());
  return digest;
}

}  // namespace probatio::crypto
