// Issues certificates: X.509 version 3 with the extensions that RFC 5280 section 4.2.1 asks for and, for each
// use, the key usage that VerifyChain demands. Thread-safe.
#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/utf8.h"
#include "crypto/certificate.h"
#include "crypto/handle.h"

namespace probatio::crypto {
namespace {

constexpr std::size_t kSerialBytes = 16;

// The extensions of one use, in OpenSSL's configuration words.
struct Extensions {
  const char* basic_constraints;
  const char* key_usage;
  const char* extended_key_usage;  // null: none
};

Extensions ExtensionsFor(CertificateUse use) {
  switch (use) {
    case CertificateUse::kAuthority:
      return {"critical,CA:TRUE", "critical,keyCertSign,cRLSign", nullptr};
    case CertificateUse::kSeal:
      return {"critical,CA:FALSE", "critical,digitalSignature,nonRepudiation", "1.3.6.1.5.5.7.3.36"};
    case CertificateUse::kPerson:
      return {"critical,CA:FALSE", "critical,digitalSignature,nonRepudiation", nullptr};
    case CertificateUse::kReceive:
      return {"critical,CA:FALSE", "critical,keyAgreement", nullptr};
    case CertificateUse::kTimestamp:
      return {"critical,CA:FALSE", "critical,digitalSignature", "critical,timeStamping"};
  }
  CHECK(false);
}

Status AddExtension(X509* certificate, X509V3_CTX* context, int nid, const char* value) {
  const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, context, nid, value));
  if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) {
    return LibraryError("certificate: extension");
  }
  return Done{};
}

Status AddExtensions(X509* certificate, X509* issuer, CertificateUse use) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extensions extensions = ExtensionsFor(use);
  TRY(AddExtension(certificate, &context, NID_basic_constraints, extensions.basic_constraints));
  TRY(AddExtension(certificate, &context, NID_key_usage, extensions.key_usage));
  if (extensions.extended_key_usage != nullptr) {
    TRY(AddExtension(certificate, &context, NID_ext_key_usage, extensions.extended_key_usage));
  }
  // The subject's identifier first: a self-signed certificate's authority identifier is copied from it.
  TRY(AddExtension(certificate, &context, NID_subject_key_identifier, "hash"));
  return AddExtension(certificate, &context, NID_authority_key_identifier, "keyid:always");
}

Status AddName(X509_NAME* name, int nid, std::string_view what, const std::string& text) {
  TRY_IN(std::string(what), CheckText(text));
  if (text.size() > kNameBytesMax)
    return Invalid(fmt::format("{}: longer than {} bytes", what, kNameBytesMax));
  const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
  if (X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, octets, static_cast<int>(text.size()), -1, 0) !=
      1) {
    return LibraryError(std::string(what));
  }
  return Done{};
}

Status SetSubject(X509* certificate, const Certificate::Request& request) {
  if (request.common_name.empty()) return Invalid("common name: empty");
  X509_NAME* const subject = X509_get_subject_name(certificate);
  if (!request.organisation.empty()) {
    TRY(AddName(subject, NID_organizationName, "organisation", request.organisation));
  }
  return AddName(subject, NID_commonName, "common name", request.common_name);
}

// Whole seconds that lie inside the period: never valid longer than was asked for.
Status SetValidity(X509* certificate, const Period& validity) {
  const auto seconds_before = [](Instant at) {  // rounded up, also before 1970
    const std::int64_t ns = at.unix_ns();
    return ns / kNsPerSecond + (ns % kNsPerSecond > 0 ? 1 : 0);
  };
  const auto seconds_through = [](Instant end) {  // the last whole second that ends by then
    const std::int64_t ns = end.unix_ns();
    return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0) - 1;
  };
  const std::int64_t not_before = seconds_before(validity.begin);
  const std::int64_t not_after = seconds_through(validity.end);
  if (not_before > not_after) return Invalid("validity: no whole second in it");
  if (ASN1_TIME_set(X509_getm_notBefore(certificate), not_before) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(certificate), not_after) == nullptr) {
    return LibraryError("validity");
  }
  return Done{};
}

// Positive and always sixteen octets (RFC 5280 section 4.1.2.2 allows twenty): two bits fixed, 126 random.
Status SetSerial(X509* certificate, Random& random) {
  std::array<std::uint8_t, kSerialBytes> serial;
  random.Fill(serial);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3F) | 0x40);
  const Handle<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  if (number == nullptr || BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) == nullptr) {
    return LibraryError("serial number");
  }
  return Done{};
}

Status CheckIssuer(const PublicKey& subject, const PrivateKey& issuer_key, const Certificate* issuer) {
  if (issuer == nullptr) {
    if (!Equal(subject.ToDer(), issuer_key.Public().ToDer())) {
      return Invalid("issuer: a self-signed certificate certifies the key that signs it");
    }
    return Done{};
  }
  const bool authority = X509_check_ca(issuer->native()) == 1;
  ForgetLibraryErrors();
  if (!authority) return Invalid("issuer: not an authority's certificate");
  if (!Equal(issuer->Public().ToDer(), issuer_key.Public().ToDer())) {
    return Invalid("issuer: the key is not the certificate's");
  }
  return Done{};
}

}  // namespace

Result<Certificate> Certificate::Issue(const Request& request, const PublicKey& subject,
                                       const PrivateKey& issuer_key, const Certificate* issuer,
                                       Random& random) {
  TRY(CheckIssuer(subject, issuer_key, issuer));
  const Handle<X509, X509_free> made(X509_new());
  CHECK(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1);
  TRY(SetSerial(made.get(), random));
  TRY(SetSubject(made.get(), request));
  TRY(SetValidity(made.get(), request.validity));
  X509* const signer = issuer == nullptr ? made.get() : issuer->native();
  if (X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) != 1 ||
      X509_set_pubkey(made.get(), subject.native()) != 1) {
    return LibraryError("certificate");
  }
  TRY(AddExtensions(made.get(), signer, request.use));
  const EVP_MD* digest = EVP_PKEY_is_a(issuer_key.native(), "ED25519") ? nullptr : EVP_sha256();
  if (X509_sign(made.get(), issuer_key.native(), digest) <= 0) return LibraryError("certificate: signature");
  // Read back from its bytes: what we hand out is what everybody else will see.
  return FromDer(EncodeDer(i2d_X509, made.get()));
}

}  // namespace probatio::crypto
