// Responses of OCSP, RFC 6960, signed by the certificate's issuer or by a responder to which the issuer
// delegated this (section 4.2.2.2), judged at the instant at which the response was produced.
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "crypto/asn1_time.h"
#include "crypto/certificate_store.h"
#include "crypto/revocation_parts.h"

namespace probatio::crypto {
namespace {

using Id = Handle<OCSP_CERTID, OCSP_CERTID_free>;
using Time = Handle<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free>;

// The id holds digests of the issuer's name and key; SHA-1 is usual there and protects nothing by itself.
bool Names(const OCSP_SINGLERESP* single, X509* subject, X509* issuer) {
  const OCSP_CERTID* const named = OCSP_SINGLERESP_get0_id(single);
  ASN1_OBJECT* object = nullptr;
  OCSP_id_get0_info(nullptr, &object, nullptr, nullptr, const_cast<OCSP_CERTID*>(named));
  const int nid = OBJ_obj2nid(object);
  if (nid != NID_sha1 && nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512) return false;
  const Id id(OCSP_cert_to_id(EVP_get_digestbynid(nid), subject, issuer));
  return id != nullptr && OCSP_id_cmp(id.get(), named) == 0;
}

// A delegated responder's own revocation is asked of nobody: it must carry id-pkix-ocsp-nocheck.
bool MayAnswer(X509* responder, const Certificate& issuer) {
  return X509_cmp(responder, issuer.native()) == 0 ||
         X509_get_ext_by_NID(responder, NID_id_pkix_OCSP_noCheck, -1) >= 0;
}

bool IsSignedFor(OCSP_BASICRESP* response, const Certificate& issuer) {
  if (!IsStrong(OCSP_resp_get0_tbs_sigalg(response))) return false;
  const Result<Instant> produced = ReadAsn1Time(OCSP_resp_get0_produced_at(response));
  if (!produced.ok()) return false;
  const std::span<const Certificate> only(&issuer, 1);
  const BorrowedStack others = StackOf(only);
  X509* responder = nullptr;
  if (OCSP_resp_get0_signer(response, &responder, others.get()) != 1 || !MayAnswer(responder, issuer))
    return false;
  const StoreHandle store = StoreOf(only);
  SetPathRules(X509_STORE_get0_param(store.get()), produced.value());
  return OCSP_basic_verify(response, others.get(), store.get(), OCSP_PARTIAL_CHAIN | OCSP_NOEXPLICIT) == 1;
}

std::optional<Statement> Read(OCSP_SINGLERESP* single) {
  if (OCSP_SINGLERESP_get_ext_by_critical(single, 1, -1) >= 0) return std::nullopt;
  int reason = OCSP_REVOKED_STATUS_NOSTATUS;
  ASN1_GENERALIZEDTIME* revoked = nullptr;
  ASN1_GENERALIZEDTIME* made = nullptr;
  ASN1_GENERALIZEDTIME* until = nullptr;
  const int status = OCSP_single_get0_status(single, &reason, &revoked, &made, &until);
  const Result<Instant> made_at = ReadAsn1Time(made);
  if (!made_at.ok()) return std::nullopt;
  Statement statement;
  statement.made = made_at.value();
  if (until != nullptr) {
    const Result<Instant> read = ReadAsn1Time(until);
    if (!read.ok()) return std::nullopt;
    statement.until = read.value();
  }
  statement.covers = status == V_OCSP_CERTSTATUS_GOOD;
  if (status != V_OCSP_CERTSTATUS_REVOKED) return statement;
  const Result<Instant> said = ReadAsn1Time(revoked);
  const Time invalid_since(static_cast<ASN1_GENERALIZEDTIME*>(
      OCSP_SINGLERESP_get1_ext_d2i(single, NID_invalidity_date, nullptr, nullptr)));
  const Result<Instant> since = RevokedSince(invalid_since.get(), said.ok() ? said.value() : Instant());
  statement.revoked = since.ok() ? since.value() : Instant();
  statement.orderly = IsOrderly(reason);
  return statement;
}

std::optional<Statement> Ask(OCSP_BASICRESP* response, const Certificate& subject,
                             const Certificate& issuer) {
  OCSP_SINGLERESP* named = nullptr;
  for (int i = 0; i < OCSP_resp_count(response); ++i) {
    OCSP_SINGLERESP* const single = OCSP_resp_get0(response, i);
    if (!Names(single, subject.native(), issuer.native())) continue;
    if (named != nullptr) return std::nullopt;  // twice: which of both is meant?
    named = single;
  }
  if (named == nullptr || OCSP_BASICRESP_get_ext_by_critical(response, 1, -1) >= 0) return std::nullopt;
  if (!IsSignedFor(response, issuer)) return std::nullopt;
  return Read(named);
}

}  // namespace

std::optional<Statement> AskResponse(OCSP_BASICRESP* response, const Certificate& subject,
                                     const Certificate& issuer) {
  std::optional<Statement> statement = Ask(response, subject, issuer);
  ForgetLibraryErrors();
  return statement;
}

}  // namespace probatio::crypto
