// The certificates that lead from one to an anchor, where more than the verdict of VerifyChain is wanted; and
// several certificates in one PEM file. Thread-safe.
#pragma once

#include <vector>

#include "crypto/certificate.h"

namespace probatio::crypto {

inline constexpr std::size_t kCertificatesInFileMax = 100;

// From `leaf` to one of the anchors, both included, each signed by the next and valid at that instant.
// kCrypto says what failed.
Result<std::vector<Certificate>> CertificatePath(const Certificate& leaf,
                                                 std::span<const Certificate> intermediates,
                                                 std::span<const Certificate> anchors, Instant at);

// At least one certificate, one after the other. kInvalid for none, or more than kCertificatesInFileMax.
Result<std::vector<Certificate>> CertificatesFromPem(std::string_view pem);

}  // namespace probatio::crypto
