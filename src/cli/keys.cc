#include "cli/keys.h"

#include <filesystem>
#include <iterator>

#include "cli/files.h"
#include "crypto/certificate_path.h"
#include "crypto/system_random.h"
#include "crypto/token_key.h"

namespace probatio::cli {
namespace {

constexpr std::int64_t kPersonKeyDays = 3 * 365;
constexpr std::int64_t kServerKeyDays = 10 * 365;

Period ValidityFrom(Instant from, std::int64_t days) {
  return {from - kNsPerDay, from + days * kNsPerDay};
}

Status WriteKey(const std::string& path, const crypto::PrivateKey& key, const Secret& passphrase) {
  const std::string pem = TRY_IN(path, key.ToPem(passphrase));
  return CreateFile(path, AsBytes(pem), Mode::kPrivate);
}

Status WriteCertificate(const std::string& path, const crypto::Certificate& certificate) {
  return CreateFile(path, AsBytes(certificate.ToPem()));
}

Status WriteSymmetricKey(const std::string& path, const Key& key) {
  const std::string text = ToHex(key.reveal()) + "\n";
  return CreateFile(path, AsBytes(text), Mode::kPrivate);
}

// The PEM files of the server are encrypted under the deployment secret, so a copy of one alone is useless.
Secret ServerPassphrase(const Key& deployment) {
  return Secret(ToHex(crypto::Hkdf(deployment, {AsBytes("server keys")}).reveal()));
}

// Makes NAME.key and NAME.crt issued by the deployment's authority.
Status MakeIssued(const std::string& folder, const std::string& name, const std::string& common_name,
                  crypto::CertificateUse use, const Period& validity, const crypto::PrivateKey& authority_key,
                  const crypto::Certificate& authority, const Secret& passphrase, Random& random) {
  const crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
  const crypto::Certificate certificate = TRY(crypto::Certificate::Issue(
      {common_name, "", use, validity}, key.Public(), authority_key, &authority, random));
  TRY(WriteKey(folder + "/" + name + ".key", key, passphrase));
  return WriteCertificate(folder + "/" + name + ".crt", certificate);
}

std::string CertificateBeside(const std::string& key_path) {
  return std::filesystem::path(key_path).replace_extension(".crt").string();
}

Result<KeyPair> WithCertificate(crypto::PrivateKey key, const std::string& key_path) {
  crypto::Certificate certificate = TRY(ReadCertificate(CertificateBeside(key_path)));
  if (certificate.Public().ToDer() != key.Public().ToDer()) {
    return CryptoError(key_path + ": is not the key of " + CertificateBeside(key_path));
  }
  return KeyPair{std::move(key), std::move(certificate)};
}

Result<crypto::PrivateKey> ReadTokenKey(const std::string& uri_path, const Secret& pin) {
  const std::string text = TRY(ReadText(uri_path, 2 * crypto::kTokenUriBytesMax));
  const crypto::TokenUri uri = TRY_IN(uri_path, crypto::ParseTokenUri(text));
  return TRY_IN(uri_path, crypto::OpenTokenKey(uri, pin));
}

}  // namespace

Status MakePersonKey(const std::string& folder, const std::string& file_name, const std::string& common_name,
                     crypto::CertificateUse use, Instant from, const Secret& passphrase, Random& random) {
  TRY(MakeFolder(folder));
  const crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
  const crypto::Certificate certificate = TRY(crypto::Certificate::Issue(
      {common_name, "", use, ValidityFrom(from, kPersonKeyDays)}, key.Public(), key, nullptr, random));
  TRY(WriteKey(folder + "/" + file_name + ".key", key, passphrase));
  return WriteCertificate(folder + "/" + file_name + ".crt", certificate);
}

Status MakeTokenCertificate(const std::string& uri_path, const std::string& common_name,
                            crypto::CertificateUse use, Instant from, const Secret& pin, Random& random) {
  const crypto::PrivateKey key = TRY(ReadTokenKey(uri_path, pin));
  const crypto::Certificate certificate = TRY(crypto::Certificate::Issue(
      {common_name, "", use, ValidityFrom(from, kPersonKeyDays)}, key.Public(), key, nullptr, random));
  return WriteCertificate(CertificateBeside(uri_path), certificate);
}

Result<KeyPair> ReadKeyPair(const std::string& key_path, const Secret& passphrase) {
  const std::string pem = TRY(ReadText(key_path, crypto::kCertificateBytesMax));
  crypto::PrivateKey key = TRY_IN(key_path, crypto::PrivateKey::FromPem(pem, passphrase));
  return WithCertificate(std::move(key), key_path);
}

Result<KeyPair> ReadTokenKeyPair(const std::string& uri_path, const Secret& pin) {
  crypto::PrivateKey key = TRY(ReadTokenKey(uri_path, pin));
  return WithCertificate(std::move(key), uri_path);
}

Result<crypto::Certificate> ReadCertificate(const std::string& path) {
  const std::string pem = TRY(ReadText(path, crypto::kCertificateBytesMax));
  return TRY_IN(path, crypto::Certificate::FromPem(pem));
}

Result<std::vector<crypto::Certificate>> ReadCertificates(const std::string& path) {
  const std::string bundle = TRY(ReadText(path, 100 * crypto::kCertificateBytesMax));
  return TRY_IN(path, crypto::CertificatesFromPem(bundle));
}

Result<std::vector<crypto::RevocationValue>> ReadRevocation(const std::vector<std::string>& paths) {
  std::vector<crypto::RevocationValue> all;
  for (const std::string& path : paths) {
    const Buffer file = TRY(ReadFile(path, crypto::kRevocationFileBytesMax));
    std::vector<crypto::RevocationValue> values = TRY_IN(path, crypto::ReadRevocationFile(file));
    std::move(values.begin(), values.end(), std::back_inserter(all));
  }
  return all;
}

Status MakeWitnessKey(const std::string& path, const Secret& passphrase) {
  return WriteKey(path, crypto::PrivateKey::GenerateEd25519(), passphrase);
}

Result<crypto::PrivateKey> ReadWitnessKey(const std::string& path, const Secret& passphrase) {
  const std::string pem = TRY(ReadText(path, crypto::kCertificateBytesMax));
  crypto::PrivateKey key = TRY_IN(path, crypto::PrivateKey::FromPem(pem, passphrase));
  if (!key.Public().IsEd25519()) return Invalid(path + ": no witness's key (make one: ledger witness-key)");
  return key;
}

Status MakeServerKeys(const std::string& folder, const std::string& provider, Instant from, Random& random) {
  TRY(MakeFolder(folder));
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  const Key deployment = crypto::RandomKey(random);
  const Key index = crypto::RandomKey(random);
  TRY(WriteSymmetricKey(folder + "/deployment.key", deployment));
  TRY(WriteSymmetricKey(folder + "/index.key", index));

  const Period validity = ValidityFrom(from, kServerKeyDays);
  const Secret passphrase = ServerPassphrase(deployment);
  const crypto::PrivateKey authority_key = crypto::PrivateKey::GenerateP256();  // lives only in this function
  const crypto::Certificate authority = TRY(crypto::Certificate::Issue(
      {provider + " authority", provider, crypto::CertificateUse::kAuthority, validity},
      authority_key.Public(), authority_key, nullptr, random));
  TRY(WriteCertificate(folder + "/authority.crt", authority));
  TRY(MakeIssued(folder, "seal", provider, crypto::CertificateUse::kSeal, validity, authority_key, authority,
                 passphrase, random));
  TRY(MakeIssued(folder, "timestamp", provider + " local time-stamps", crypto::CertificateUse::kTimestamp,
                 validity, authority_key, authority, passphrase, random));
  return WriteKey(folder + "/ledger.key", crypto::PrivateKey::GenerateEd25519(), passphrase);
}

Result<ServerKeys> ReadServerKeys(const std::string& folder) {
  Key deployment = TRY(ReadKeyFile(folder + "/deployment.key"));
  Key index = TRY(ReadKeyFile(folder + "/index.key"));
  const Secret passphrase = ServerPassphrase(deployment);
  const std::string ledger_pem = TRY(ReadText(folder + "/ledger.key", crypto::kCertificateBytesMax));
  crypto::PrivateKey ledger =
      TRY_IN(folder + "/ledger.key", crypto::PrivateKey::FromPem(ledger_pem, passphrase));
  KeyPair seal = TRY(ReadKeyPair(folder + "/seal.key", passphrase));
  KeyPair timestamp = TRY(ReadKeyPair(folder + "/timestamp.key", passphrase));
  crypto::Certificate authority = TRY(ReadCertificate(folder + "/authority.crt"));
  return ServerKeys{std::move(ledger),    std::move(seal),  std::move(timestamp),
                    std::move(authority), std::move(index), std::move(deployment)};
}

}  // namespace probatio::cli
