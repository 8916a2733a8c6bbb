// Revocation lists and OCSP responses of the invented house (test_world.h). Used by *_test.cc only.
#pragma once

#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "crypto/handle.h"
#include "crypto/revocation_values.h"
#include "crypto/test_world.h"

namespace probatio::crypto {

struct RevokedEntry {
  const Certificate& certificate;
  Instant on;
  int reason = -1;  // absent
  std::optional<Instant> invalid_since = {};
};

inline Handle<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> TestTime(Instant at) {
  return Handle<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free>(
      ASN1_GENERALIZEDTIME_set(nullptr, at.unix_ns() / kNsPerSecond));
}

struct TestExtension {
  int nid;
  const char* value;  // as in openssl.cnf
};

// A list signed by `by` in the name of `issuer`: they differ where somebody lies.
inline RevocationValue MakeList(const Certificate& issuer, const PrivateKey& by, Instant made,
                                std::optional<Instant> until, const std::vector<RevokedEntry>& revoked = {},
                                std::optional<TestExtension> extension = {},
                                const EVP_MD* digest = EVP_sha256()) {
  const Handle<X509_CRL, X509_CRL_free> list(X509_CRL_new());
  CHECK(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
  CHECK(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.native())) == 1);
  CHECK(X509_CRL_set1_lastUpdate(list.get(), TestTime(made).get()) == 1);
  if (until) CHECK(X509_CRL_set1_nextUpdate(list.get(), TestTime(*until).get()) == 1);
  for (const RevokedEntry& each : revoked) {
    X509_REVOKED* const entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(each.certificate.native()));
    X509_REVOKED_set_revocationDate(entry, TestTime(each.on).get());
    if (each.reason >= 0) {
      const Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
      ASN1_ENUMERATED_set(reason.get(), each.reason);
      CHECK(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0) == 1);
    }
    if (each.invalid_since) {
      const auto since = TestTime(*each.invalid_since);
      CHECK(X509_REVOKED_add1_ext_i2d(entry, NID_invalidity_date, since.get(), 0, 0) == 1);
    }
    CHECK(X509_CRL_add0_revoked(list.get(), entry) == 1);
  }
  if (extension) {
    const Handle<X509_EXTENSION, X509_EXTENSION_free> made_extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, extension->nid, extension->value));
    CHECK(made_extension != nullptr && X509_CRL_add_ext(list.get(), made_extension.get(), -1) == 1);
  }
  CHECK(X509_CRL_sort(list.get()) == 1 && X509_CRL_sign(list.get(), by.native(), digest) > 0);
  return {RevocationValue::Kind::kList, EncodeDer(i2d_X509_CRL, list.get())};
}

inline RevocationValue MakeList(const Holder& by, Instant made, std::optional<Instant> until,
                                const std::vector<RevokedEntry>& revoked = {}) {
  return MakeList(by.certificate, by.key, made, until, revoked);
}

// A responder below an authority: with the extended key usage of OCSP, and nocheck or not.
inline Holder MakeResponder(const Holder& authority, const char* purpose = "OCSPSigning",
                            bool nocheck = true) {
  const Holder plain = MakeHolder("Réponses d'exemple", CertificateUse::kPerson, authority);
  const Handle<X509, X509_free> copy(X509_dup(plain.certificate.native()));
  const auto add = [&](int nid, const char* value) {
    const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
    CHECK(extension != nullptr && X509_add_ext(copy.get(), extension.get(), -1) == 1);
  };
  add(NID_ext_key_usage, purpose);
  if (nocheck) add(NID_id_pkix_OCSP_noCheck, "ignored");
  CHECK(X509_sign(copy.get(), authority.key.native(), EVP_sha256()) > 0);
  return {plain.key, Certificate::FromDer(EncodeDer(i2d_X509, copy.get())).value()};
}

struct TestAnswer {
  int status = V_OCSP_CERTSTATUS_GOOD;
  Instant made;
  std::optional<Instant> until = {};
  std::optional<Instant> revoked = {};
};

inline Buffer MakeResponseFile(const Holder& by, const Certificate& subject, const Certificate& issuer,
                               const TestAnswer& answer, const EVP_MD* digest = EVP_sha256()) {
  const Handle<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  OCSP_CERTID* const id = OCSP_cert_to_id(EVP_sha1(), subject.native(), issuer.native());
  const auto made = TestTime(answer.made);
  const auto until = TestTime(answer.until.value_or(answer.made));
  const auto revoked = TestTime(answer.revoked.value_or(answer.made));
  CHECK(OCSP_basic_add1_status(basic.get(), id, answer.status, OCSP_REVOKED_STATUS_NOSTATUS, revoked.get(),
                               made.get(), answer.until ? until.get() : nullptr) != nullptr);
  OCSP_CERTID_free(id);
  // Left to itself OpenSSL writes the machine's clock, at which the invented certificates are over.
  auto* const produced = const_cast<ASN1_GENERALIZEDTIME*>(OCSP_resp_get0_produced_at(basic.get()));
  ASN1_GENERALIZEDTIME_set(produced, answer.made.unix_ns() / kNsPerSecond);
  CHECK(OCSP_basic_sign(basic.get(), by.certificate.native(), by.key.native(), digest, nullptr,
                        OCSP_NOTIME) == 1);
  const Handle<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  return EncodeDer(i2d_OCSP_RESPONSE, response.get());
}

}  // namespace probatio::crypto
