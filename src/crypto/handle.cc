// What OpenSSL says about its last failure. Thread-safe: its queue of errors is per thread.
#include "crypto/handle.h"

#include <openssl/err.h>

namespace probatio::crypto {

Error LibraryError(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  Error error = CryptoError(reason == nullptr ? what : what + ": " + reason);
  ERR_clear_error();
  return error;
}

void ForgetLibraryErrors() {
  ERR_clear_error();
}

}  // namespace probatio::crypto
