// Any bytes as a token's URI are refused, or name an absolute module and never a PIN.
#include "crypto/token_uri.h"

#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const Result<crypto::TokenUri> uri = crypto::ParseTokenUri(AsText({data, size}));
  if (!uri.ok()) return 0;
  CHECK(uri.value().module_path.starts_with('/'));
  CHECK(uri.value().key.starts_with("pkcs11:"));
  CHECK(uri.value().key.find(";pin-value=") == std::string::npos);
  return 0;
}
