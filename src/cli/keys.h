// Key files on disk. A person's key is made on the person's own machine, with a passphrase; the server's own
// keys (ledger notes, package seal, local time-stamps) are made by init and protected by the deployment
// secret.
#pragma once

#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "crypto/revocation_values.h"

namespace probatio::cli {

struct KeyPair {
  crypto::PrivateKey key;
  crypto::Certificate certificate;
};

// NAME.key (encrypted under the passphrase) and NAME.crt (self-signed) in `folder`. kDenied when one exists.
Status MakePersonKey(const std::string& folder, const std::string& file_name, const std::string& common_name,
                     crypto::CertificateUse use, Instant from, const Secret& passphrase, Random& random);

// `key_path` ends in ".key"; the certificate lies beside it as ".crt". kCrypto for a wrong passphrase.
Result<KeyPair> ReadKeyPair(const std::string& key_path, const Secret& passphrase);

// `uri_path` ends in ".pkcs11" and holds one RFC 7512 URI without a PIN; the certificate lies beside it as
// ".crt".
Result<KeyPair> ReadTokenKeyPair(const std::string& uri_path, const Secret& pin);

// NAME.crt for a key that was made in the token which `uri_path` names, signed by that key itself.
Status MakeTokenCertificate(const std::string& uri_path, const std::string& common_name,
                            crypto::CertificateUse use, Instant from, const Secret& pin, Random& random);

Result<crypto::Certificate> ReadCertificate(const std::string& path);
Result<std::vector<crypto::Certificate>> ReadCertificates(
    const std::string& path);  // a PEM bundle, at least one
// Revocation lists and OCSP responses; none without files.
Result<std::vector<crypto::RevocationValue>> ReadRevocation(const std::vector<std::string>& paths);

// A witness's Ed25519 key (ledger/cosignature.h), encrypted under the passphrase. kDenied when the file
// exists.
Status MakeWitnessKey(const std::string& path, const Secret& passphrase);
Result<crypto::PrivateKey> ReadWitnessKey(const std::string& path, const Secret& passphrase);

// What the server signs with.
struct ServerKeys {
  crypto::PrivateKey ledger;
  KeyPair seal;
  KeyPair timestamp;
  crypto::Certificate authority;  // issued the two certificates; its private key was destroyed at init
  Key index;                      // subjects' index (docs/trust.md says what its theft reveals)
  Key deployment;                 // seals the casebook's personal columns
};
Status MakeServerKeys(const std::string& folder, const std::string& provider, Instant from, Random& random);
Result<ServerKeys> ReadServerKeys(const std::string& folder);

}  // namespace probatio::cli
