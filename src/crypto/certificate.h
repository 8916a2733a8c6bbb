// X.509 certificates and the private keys behind them (RFC 5280). Keys are EC P-256, or Ed25519 for the
// ledger's notes. Immutable and thread-safe once made.
#pragma once

#include <memory>
#include <string>

#include "base/instant.h"
#include "base/random.h"
#include "crypto/digest.h"

typedef struct evp_pkey_st EVP_PKEY;  // OpenSSL's own declarations: its headers stay in crypto/*.cc
typedef struct x509_st X509;

namespace probatio::crypto {

inline constexpr std::size_t kCertificateBytesMax = 65'536;
inline constexpr std::size_t kKeyFileBytesMax = 16'384;
inline constexpr std::size_t kNameBytesMax =
    64;  // of a common name or an organisation (RFC 5280, ub-common-name)
inline constexpr std::size_t kPassphraseBytesMin = 12;
inline constexpr std::size_t kPassphraseBytesMax = 1024;

class PublicKey;

// A private key. Never printed; written only encrypted under a passphrase (PKCS#8, scrypt, AES-256-CBC).
class PrivateKey {
 public:
  static PrivateKey GenerateP256();
  static PrivateKey GenerateEd25519();
  // kCrypto "wrong passphrase, or not a key file of ours"; kInvalid when it is no PEM at all.
  static Result<PrivateKey> FromPem(std::string_view pem, const Secret& passphrase);
  // Takes a key whose private half lies in a token (token_key.h); used by crypto/*.cc only.
  static PrivateKey FromToken(EVP_PKEY* owned);
  // kInvalid for a passphrase shorter than kPassphraseBytesMin or longer than kPassphraseBytesMax; kDenied
  // for a key in a token.
  Result<std::string> ToPem(const Secret& passphrase) const;

  // ECDSA with SHA-256 (DER), or Ed25519. kCrypto only if the library fails.
  Result<Buffer> Sign(Bytes message) const;
  PublicKey Public() const;
  EVP_PKEY* native() const { return key_.get(); }

 private:
  friend class Certificate;
  explicit PrivateKey(EVP_PKEY* owned);
  std::shared_ptr<EVP_PKEY> key_;
  bool in_token_ = false;
};

class PublicKey {
 public:
  static Result<PublicKey> FromDer(Bytes subject_public_key_info);
  Buffer ToDer() const;
  bool IsEd25519() const;
  // For Ed25519: the 32 raw octets. CHECKs the type.
  Buffer RawEd25519() const;
  static Result<PublicKey> FromRawEd25519(Bytes raw);
  Status Verify(Bytes message, Bytes signature) const;  // kCrypto "signature does not verify"
  EVP_PKEY* native() const { return key_.get(); }

 private:
  friend class PrivateKey;
  friend class Certificate;
  explicit PublicKey(EVP_PKEY* owned);
  std::shared_ptr<EVP_PKEY> key_;
};

enum class CertificateUse {
  kAuthority,  // CA:TRUE, keyCertSign
  kSeal,       // signs packages: digitalSignature + nonRepudiation, document-signing EKU
  kPerson,     // approves: digitalSignature + nonRepudiation
  kReceive,    // keyAgreement: what a custodian or a recipient opens
  kTimestamp,  // critical id-kp-timeStamping alone (RFC 3161 section 2.3)
};

class Certificate {
 public:
  struct Request {
    std::string common_name;   // UTF-8
    std::string organisation;  // may be empty
    CertificateUse use = CertificateUse::kPerson;
    Period validity;
  };
  // Self-signed when `issuer` is null. The serial is 126 random bits.
  // kInvalid for a name, a validity or an issuer that cannot be; the message says which.
  static Result<Certificate> Issue(const Request& request, const PublicKey& subject,
                                   const PrivateKey& issuer_key, const Certificate* issuer, Random& random);

  static Result<Certificate> FromPem(std::string_view pem);  // exactly one certificate
  static Result<Certificate> FromDer(Bytes der);
  std::string ToPem() const;
  Buffer ToDer() const;

  Digest Fingerprint() const;  // SHA-256 of the DER
  std::string CommonName() const;
  std::string Issuer() const;  // common name of the issuer
  Period Validity() const;
  PublicKey Public() const;

  // Chains to one of the anchors at that instant, with the use asked for. kCrypto says what failed.
  // Revocation is not looked up: nothing here reaches the network.
  Status VerifyChain(std::span<const Certificate> intermediates, std::span<const Certificate> anchors,
                     Instant at, CertificateUse use) const;
  X509* native() const { return certificate_.get(); }

 private:
  explicit Certificate(X509* owned);
  std::shared_ptr<X509> certificate_;
};

}  // namespace probatio::crypto
