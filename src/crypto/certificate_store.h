// How a path to an anchor is judged, in OpenSSL's terms: by the same rules for a signer, a time-stamp and a
// responder of OCSP. Used by crypto/*.cc only.
#pragma once

#include "crypto/certificate_stack.h"

typedef struct x509_store_st X509_STORE;
typedef struct X509_VERIFY_PARAM_st X509_VERIFY_PARAM;
extern "C" void X509_STORE_free(X509_STORE* store);

namespace probatio::crypto {

using StoreHandle = Handle<X509_STORE, X509_STORE_free>;

void SetPathRules(X509_VERIFY_PARAM* parameters, Instant at);
StoreHandle StoreOf(std::span<const Certificate> anchors);

// The path from the leaf to the anchor, both included. kCrypto "certificate chain: " and the reason.
Result<OwnedStack> VerifiedPath(X509* leaf, std::span<const Certificate> intermediates,
                                std::span<const Certificate> anchors, Instant at);

}  // namespace probatio::crypto
