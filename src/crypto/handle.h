// Ownership of OpenSSL's objects, without its headers. Used by crypto/*.cc only.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"

namespace probatio::crypto {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

// Handle<X509_STORE, X509_STORE_free> frees what it holds with the function that its type names.
template <class T, auto Free>
using Handle = std::unique_ptr<T, Freer<Free>>;

// The DER of an object that was parsed or built before: it always encodes.
template <class T>
Buffer EncodeDer(int (*encode)(const T*, unsigned char**), const T* object) {
  const int size = encode(object, nullptr);
  CHECK(size > 0);
  Buffer der(static_cast<std::size_t>(size));
  unsigned char* end = der.data();
  CHECK(encode(object, &end) == size);
  return der;
}

// kCrypto with OpenSSL's own reason appended; empties this thread's queue of OpenSSL errors.
Error LibraryError(const std::string& what);

// Forgets failures that were expected, so that they do not turn up in a later message.
void ForgetLibraryErrors();

}  // namespace probatio::crypto
