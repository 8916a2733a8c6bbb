#include "crypto/certificate_path.h"

#include <openssl/x509_vfy.h>

#include "crypto/asn1_time.h"
#include "crypto/certificate_store.h"

namespace probatio::crypto {
namespace {

constexpr int kSecurityLevel = 2;  // 112 bits: no SHA-1 signature and no short RSA key below the anchor
constexpr int kChainDepthMax = 8;

// notAfter is the last second that is still valid (RFC 5280 section 4.1.2.5); OpenSSL already calls it
// expired.
int AcceptLastSecond(int ok, X509_STORE_CTX* context) {
  if (ok == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_HAS_EXPIRED) return ok;
  const Result<Instant> last = ReadAsn1Time(X509_get0_notAfter(X509_STORE_CTX_get_current_cert(context)));
  const time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));
  if (!last.ok() || last.value() != Instant::FromUnixSeconds(at)) return 0;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

}  // namespace

void SetPathRules(X509_VERIFY_PARAM* parameters, Instant at) {
  const std::int64_t ns = at.unix_ns();
  X509_VERIFY_PARAM_set_time(parameters, ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0));
  // What the caller calls an anchor is one, self-signed or not.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
  X509_VERIFY_PARAM_set_depth(parameters, kChainDepthMax);
}

StoreHandle StoreOf(std::span<const Certificate> anchors) {
  StoreHandle store(X509_STORE_new());
  CHECK(store != nullptr);
  for (const Certificate& anchor : anchors) CHECK(X509_STORE_add_cert(store.get(), anchor.native()) == 1);
  return store;
}

Result<OwnedStack> VerifiedPath(X509* leaf, std::span<const Certificate> intermediates,
                                std::span<const Certificate> anchors, Instant at) {
  const StoreHandle store = StoreOf(anchors);
  const Handle<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
  CHECK(context != nullptr);
  const BorrowedStack untrusted = StackOf(intermediates);
  CHECK(X509_STORE_CTX_init(context.get(), store.get(), leaf, untrusted.get()) == 1);
  SetPathRules(X509_STORE_CTX_get0_param(context.get()), at);
  X509_STORE_CTX_set_verify_cb(context.get(), AcceptLastSecond);
  if (X509_verify_cert(context.get()) != 1) {
    const char* reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    ForgetLibraryErrors();
    return CryptoError(std::string("certificate chain: ") + reason);
  }
  OwnedStack path(X509_STORE_CTX_get1_chain(context.get()));
  CHECK(path != nullptr);
  return path;
}

Result<std::vector<Certificate>> CertificatePath(const Certificate& leaf,
                                                 std::span<const Certificate> intermediates,
                                                 std::span<const Certificate> anchors, Instant at) {
  const OwnedStack verified = TRY(VerifiedPath(leaf.native(), intermediates, anchors, at));
  std::vector<Certificate> path;
  for (int i = 0; i < sk_X509_num(verified.get()); ++i) {
    Certificate certificate =
        TRY(Certificate::FromDer(EncodeDer(i2d_X509, sk_X509_value(verified.get(), i))));
    path.push_back(std::move(certificate));
  }
  return path;
}

Result<std::vector<Certificate>> CertificatesFromPem(std::string_view pem) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::vector<Certificate> certificates;
  for (std::size_t end = pem.find(kEnd); end != std::string_view::npos; end = pem.find(kEnd)) {
    if (certificates.size() == kCertificatesInFileMax) return Invalid("more than 100 certificates");
    Certificate certificate = TRY(Certificate::FromPem(pem.substr(0, end + kEnd.size())));
    certificates.push_back(std::move(certificate));
    pem.remove_prefix(end + kEnd.size());
  }
  if (certificates.empty()) return Invalid("holds no certificate");
  return certificates;
}

}  // namespace probatio::crypto
