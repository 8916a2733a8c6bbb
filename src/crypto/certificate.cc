// Reading certificates and their fields. What is wrong with one is found here, when it is read, so that the
// accessors cannot fail later. Thread-safe.
#include "crypto/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <limits>

#include "base/utf8.h"
#include "crypto/asn1_time.h"
#include "crypto/certificate_stack.h"

namespace probatio::crypto {
namespace {

// A name from outside is printed in reports and on terminals, so it passes the same door as any text.
std::string CommonNameOf(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) {
    ForgetLibraryErrors();
    return "(unreadable name)";
  }
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return CheckText(text).ok() ? text : "(unreadable name)";
}

}  // namespace

void FreeBorrowed(stack_st_X509* stack) {
  sk_X509_free(stack);
}
void FreeOwned(stack_st_X509* stack) {
  sk_X509_pop_free(stack, X509_free);
}

BorrowedStack StackOf(std::span<const Certificate> certificates) {
  BorrowedStack stack(sk_X509_new_null());
  CHECK(stack != nullptr);
  for (const Certificate& certificate : certificates)
    CHECK(sk_X509_push(stack.get(), certificate.native()) > 0);
  return stack;
}

// The extensions are cached by OpenSSL at first use; asking once here keeps later reads from several threads
// cheap.
Certificate::Certificate(X509* owned) : certificate_(owned, X509_free) {
  CHECK(owned != nullptr);
  X509_check_purpose(owned, -1, 0);
  ForgetLibraryErrors();
}

Result<Certificate> Certificate::FromDer(Bytes der) {
  if (der.size() > kCertificateBytesMax) return Invalid("certificate: longer than 64 KiB");
  const unsigned char* at = der.data();
  Handle<X509, X509_free> native(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ForgetLibraryErrors();
  if (native == nullptr) return Invalid("certificate: no X.509 in DER");
  if (at != der.data() + der.size()) return Invalid("certificate: bytes after its end");
  if (X509_get0_pubkey(native.get()) == nullptr) {
    ForgetLibraryErrors();
    return Invalid("certificate: public key of an unknown kind");
  }
  TRY_IN("certificate: not before", ReadAsn1Time(X509_get0_notBefore(native.get())));
  TRY_IN("certificate: not after", ReadAsn1Time(X509_get0_notAfter(native.get())));
  return Certificate(native.release());
}

Result<Certificate> Certificate::FromPem(std::string_view pem) {
  if (pem.size() > 2 * kCertificateBytesMax) return Invalid("certificate: PEM longer than 128 KiB");
  const Handle<BIO, BIO_free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio != nullptr);
  const Handle<X509, X509_free> first(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  const Handle<X509, X509_free> second(
      first == nullptr ? nullptr : PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ForgetLibraryErrors();
  if (first == nullptr) return Invalid("certificate: no PEM certificate");
  if (second != nullptr) return Invalid("certificate: more than one in the file");
  return FromDer(EncodeDer(i2d_X509, first.get()));
}

std::string Certificate::ToPem() const {
  const Handle<BIO, BIO_free> bio(BIO_new(BIO_s_mem()));
  CHECK(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate_.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

Buffer Certificate::ToDer() const {
  return EncodeDer(i2d_X509, certificate_.get());
}
Digest Certificate::Fingerprint() const {
  return Sha256(ToDer());
}
std::string Certificate::CommonName() const {
  return CommonNameOf(X509_get_subject_name(certificate_.get()));
}
std::string Certificate::Issuer() const {
  return CommonNameOf(X509_get_issuer_name(certificate_.get()));
}

// notAfter names the last second that is still valid (RFC 5280 section 4.1.2.5); a Period names the first
// that is not.
Period Certificate::Validity() const {
  const Instant begin = ReadAsn1Time(X509_get0_notBefore(certificate_.get())).value();
  const Instant last = ReadAsn1Time(X509_get0_notAfter(certificate_.get())).value();
  const bool open_ended = last.unix_ns() > std::numeric_limits<std::int64_t>::max() - kNsPerSecond;
  return {begin, open_ended ? last : last + kNsPerSecond};
}

PublicKey Certificate::Public() const {
  Result<PublicKey> key = PublicKey::FromDer(EncodeDer(i2d_PUBKEY, X509_get0_pubkey(certificate_.get())));
  CHECK(key.ok());
  return std::move(key).value();
}

}  // namespace probatio::crypto
