// Names a private key in a PKCS#11 token (RFC 7512): which module, which token, which key. The PIN never
// stands in it, because the text lies in a file beside the certificate. Pure; thread-safe.
#pragma once

#include <string>

#include "base/result.h"

namespace probatio::crypto {

inline constexpr std::size_t kTokenUriBytesMax = 1024;

struct TokenUri {
  std::string module_path;  // the library that speaks to the token, absolute
  std::string key;          // "pkcs11:token=...;object=...": the path part, as it stood
};

// One line. kInvalid says what is missing: "token" (or "serial") and "object" (or "id"), so that no other key
// is taken by chance, and "module-path", so that no other library is loaded. Refuses pin-value and
// pin-source.
Result<TokenUri> ParseTokenUri(std::string_view text);

}  // namespace probatio::crypto
