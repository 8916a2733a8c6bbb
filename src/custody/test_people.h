// Invented custodians and approvers with keys and self-signed certificates, for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "crypto/system_random.h"
#include "custody/key_wrap.h"

namespace probatio::custody::test {

inline CustodianKey MakeKeyHolder(const std::string& name, crypto::CertificateUse use) {
  crypto::SystemRandom random;
  crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
  const Period validity{Instant::ParseRfc3339("2020-01-01T00:00:00Z").value(),
                        Instant::ParseRfc3339("2040-01-01T00:00:00Z").value()};
  crypto::Certificate certificate =
      crypto::Certificate::Issue({name, "Probatio test", use, validity}, key.Public(), key, nullptr, random)
          .value();
  return {std::move(key), std::move(certificate)};
}

inline std::vector<CustodianKey> MakeCustodians(std::size_t count) {
  std::vector<CustodianKey> keys;
  for (std::size_t i = 1; i <= count; ++i) {
    keys.push_back(MakeKeyHolder("custodian-" + std::to_string(i), crypto::CertificateUse::kReceive));
  }
  return keys;
}

}  // namespace probatio::custody::test
