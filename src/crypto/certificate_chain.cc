// Certificate path validation (RFC 5280 section 6) at a stated instant, and the use of the certificate at its
// end. OpenSSL's purposes are not used: they refuse a document-signing certificate and know nothing of a
// person apart from a seal. The signatures, the CA flags and the dates are its work (certificate_path.cc),
// the use is ours. Thread-safe.
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <vector>

#include "crypto/certificate.h"
#include "crypto/certificate_store.h"

namespace probatio::crypto {
namespace {

constexpr std::uint32_t kBothSignatureBits = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;

struct ExtendedKeyUsage {
  bool present = false;
  bool critical = false;
  std::vector<std::string> purposes;  // object identifiers, dotted

  bool Has(std::string_view purpose) const {
    for (const std::string& each : purposes) {
      if (each == purpose) return true;
    }
    return false;
  }
};

constexpr std::string_view kAnyPurpose = "2.5.29.37.0";
constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
constexpr std::string_view kEmailProtection = "1.3.6.1.5.5.7.3.4";
constexpr std::string_view kTimeStamping = "1.3.6.1.5.5.7.3.8";
constexpr std::string_view kDocumentSigning = "1.3.6.1.5.5.7.3.36";

ExtendedKeyUsage ReadExtendedKeyUsage(X509* certificate) {
  ExtendedKeyUsage usage;
  const int index = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1);
  if (index < 0) return usage;
  usage.present = true;
  usage.critical = X509_EXTENSION_get_critical(X509_get_ext(certificate, index)) == 1;
  EXTENDED_KEY_USAGE* const listed =
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr));
  for (int i = 0; i < sk_ASN1_OBJECT_num(listed); ++i) {  // an unreadable or repeated extension lists nothing
    char text[128];
    const int size = OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(listed, i), 1);
    if (size > 0 && size < static_cast<int>(sizeof text)) usage.purposes.emplace_back(text);
  }
  EXTENDED_KEY_USAGE_free(listed);
  ForgetLibraryErrors();
  return usage;
}

Status CheckAuthority(X509* certificate, std::uint32_t key_usage) {
  if (X509_check_ca(certificate) != 1 || (key_usage & KU_KEY_CERT_SIGN) == 0) {
    return CryptoError("certificate: not an authority's");
  }
  return Done{};
}

// RFC 3161 section 2.3: the extension is there once, critical, with this purpose alone.
Status CheckTimestamp(const ExtendedKeyUsage& extended, bool usage_present, std::uint32_t key_usage) {
  if (!extended.present || !extended.critical || extended.purposes.size() != 1 ||
      !extended.Has(kTimeStamping)) {
    return CryptoError("certificate: not for time-stamping alone, or not critically so");
  }
  if (usage_present && (key_usage & kBothSignatureBits) == 0) {
    return CryptoError("certificate: key usage has no signature");
  }
  return Done{};
}

// A seal speaks for the house and a person for himself: neither passes for the other.
Status CheckUse(X509* certificate, CertificateUse use) {
  const bool usage_present = X509_get_ext_by_NID(certificate, NID_key_usage, -1) >= 0;
  const std::uint32_t key_usage = usage_present ? X509_get_key_usage(certificate) : 0;
  const ExtendedKeyUsage extended = ReadExtendedKeyUsage(certificate);
  const bool unrestricted = !extended.present || extended.Has(kAnyPurpose) || extended.Has(kEmailProtection);
  switch (use) {
    case CertificateUse::kAuthority:
      return CheckAuthority(certificate, key_usage);
    case CertificateUse::kTimestamp:
      return CheckTimestamp(extended, usage_present, key_usage);
    case CertificateUse::kSeal:
      if ((key_usage & KU_NON_REPUDIATION) == 0)
        return CryptoError("certificate: key usage has no non-repudiation");
      if (!extended.Has(kDocumentSigning)) return CryptoError("certificate: not for document signing");
      return Done{};
    case CertificateUse::kPerson:
      if ((key_usage & KU_NON_REPUDIATION) == 0)
        return CryptoError("certificate: key usage has no non-repudiation");
      if (!unrestricted && !extended.Has(kClientAuth)) return CryptoError("certificate: not a person's");
      return Done{};
    case CertificateUse::kReceive:
      if ((key_usage & KU_KEY_AGREEMENT) == 0)
        return CryptoError("certificate: key usage has no key agreement");
      if (!unrestricted) return CryptoError("certificate: not for receiving");
      return Done{};
  }
  CHECK(false);
}

}  // namespace

Status Certificate::VerifyChain(std::span<const Certificate> intermediates,
                                std::span<const Certificate> anchors, Instant at, CertificateUse use) const {
  TRY(VerifiedPath(certificate_.get(), intermediates, anchors, at));
  return CheckUse(certificate_.get(), use);
}

}  // namespace probatio::crypto
