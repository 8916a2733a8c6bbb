// An invented house of certificates for tests: one authority, and one certificate of each use below it. The
// keys are drawn anew by every test program. Used by *_test.cc only.
#pragma once

#include <fstream>
#include <iterator>

#include "crypto/certificate.h"
#include "crypto/system_random.h"

namespace probatio::crypto {

struct Holder {
  PrivateKey key;
  Certificate certificate;
};

inline Instant TestInstant(const char* rfc3339) {
  return Instant::ParseRfc3339(rfc3339).value();
}

inline Period TestValidity() {
  return {TestInstant("2024-01-01T00:00:00Z"), TestInstant("2026-01-01T00:00:00Z")};
}

inline Certificate IssueTo(const PublicKey& subject, const std::string& name, CertificateUse use,
                           const PrivateKey& by, const Certificate* issuer,
                           const Period& validity = TestValidity()) {
  SystemRandom random;
  return Certificate::Issue({name, "Exemple SAS", use, validity}, subject, by, issuer, random).value();
}

inline Holder MakeAuthority(const std::string& name, const Period& validity = TestValidity()) {
  PrivateKey key = PrivateKey::GenerateP256();
  Certificate certificate = IssueTo(key.Public(), name, CertificateUse::kAuthority, key, nullptr, validity);
  return {std::move(key), std::move(certificate)};
}

inline Holder MakeHolder(const std::string& name, CertificateUse use, const Holder& authority,
                         const Period& validity = TestValidity()) {
  PrivateKey key = PrivateKey::GenerateP256();
  Certificate certificate = IssueTo(key.Public(), name, use, authority.key, &authority.certificate, validity);
  return {std::move(key), std::move(certificate)};
}

inline void WriteFile(const std::string& path, Bytes bytes) {
  std::ofstream(path, std::ios::binary)
      .write(AsText(bytes).data(), static_cast<std::streamsize>(bytes.size()));
}

inline Buffer ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Buffer(std::istreambuf_iterator<char>(file), {});
}

}  // namespace probatio::crypto
