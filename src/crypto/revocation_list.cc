// Certificate revocation lists, RFC 5280 section 5. Complete lists signed by the certificate's own issuer;
// delta lists and indirect ones are not used, so they can only leave open what they would have answered.
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "crypto/asn1_time.h"
#include "crypto/revocation_parts.h"

namespace probatio::crypto {
namespace {

using Scope = Handle<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;
using Points = Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;
using Reason = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;
using Time = Handle<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free>;

bool HasUnknownCriticalExtension(const X509_CRL* list) {
  for (int i = 0; i < X509_CRL_get_ext_count(list); ++i) {
    X509_EXTENSION* const extension = X509_CRL_get_ext(list, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (X509_EXTENSION_get_critical(extension) == 1 && nid != NID_issuing_distribution_point) return true;
  }
  return false;
}

bool ShareName(const GENERAL_NAMES* one, const GENERAL_NAMES* other) {
  for (int i = 0; i < sk_GENERAL_NAME_num(one); ++i) {
    for (int j = 0; j < sk_GENERAL_NAME_num(other); ++j) {
      if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(one, i), sk_GENERAL_NAME_value(other, j)) == 0) return true;
    }
  }
  return false;
}

// A part of a split list covers those certificates that point at it by the same full name.
bool PointsAt(X509* subject, const DIST_POINT_NAME* name) {
  if (name->type != 0) return false;
  const Points points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(subject, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT_NAME* const point = sk_DIST_POINT_value(points.get(), i)->distpoint;
    if (point != nullptr && point->type == 0 && ShareName(point->name.fullname, name->name.fullname))
      return true;
  }
  return false;
}

// Section 5.2.5. Nothing when the list cannot be used at all.
std::optional<bool> Covers(const X509_CRL* list, X509* subject) {
  int critical = 0;
  const Scope scope(static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, &critical, nullptr)));
  if (scope == nullptr) {
    if (critical != -1) return std::nullopt;  // there, and unreadable or twice
    return true;
  }
  if (scope->indirectCRL > 0 || scope->onlyattr > 0) return std::nullopt;
  const bool authority = X509_check_ca(subject) == 1;
  if ((scope->onlyuser > 0 && authority) || (scope->onlyCA > 0 && !authority)) return std::nullopt;
  if (scope->onlysomereasons != nullptr) return false;
  return scope->distpoint == nullptr || PointsAt(subject, scope->distpoint);
}

std::optional<Statement> ReadTimes(const X509_CRL* list) {
  const Result<Instant> made = ReadAsn1Time(X509_CRL_get0_lastUpdate(list));
  if (!made.ok()) return std::nullopt;
  Statement statement;
  statement.made = made.value();
  if (X509_CRL_get0_nextUpdate(list) == nullptr) return statement;
  const Result<Instant> until = ReadAsn1Time(X509_CRL_get0_nextUpdate(list));
  if (!until.ok()) return std::nullopt;
  statement.until = until.value();
  return statement;
}

// An entry whose reason or date cannot be read still revokes.
void ReadEntry(X509_REVOKED* entry, Statement* statement) {
  const Result<Instant> revoked = ReadAsn1Time(X509_REVOKED_get0_revocationDate(entry));
  const Time invalid_since(static_cast<ASN1_GENERALIZEDTIME*>(
      X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, nullptr, nullptr)));
  const Reason reason(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  const Instant listed = revoked.ok() ? revoked.value() : Instant();
  const Result<Instant> since = RevokedSince(invalid_since.get(), listed);
  statement->revoked = since.ok() ? since.value() : Instant();
  statement->orderly = reason != nullptr && IsOrderly(static_cast<int>(ASN1_ENUMERATED_get(reason.get())));
}

bool IsSignedBy(X509_CRL* list, X509* issuer) {
  if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) != 0) return false;
  if ((X509_get_key_usage(issuer) & KU_CRL_SIGN) == 0) return false;  // all bits where there is no key usage
  const X509_ALGOR* algorithm = nullptr;
  X509_CRL_get0_signature(list, nullptr, &algorithm);
  return IsStrong(algorithm) && X509_CRL_verify(list, X509_get0_pubkey(issuer)) == 1;
}

std::optional<Statement> Ask(X509_CRL* list, X509* subject, X509* issuer) {
  if (X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0 || HasUnknownCriticalExtension(list))
    return std::nullopt;
  if (!IsSignedBy(list, issuer)) return std::nullopt;
  std::optional<Statement> statement = ReadTimes(list);
  const std::optional<bool> covers = Covers(list, subject);
  if (!statement || !covers) return std::nullopt;
  statement->covers = *covers;
  X509_REVOKED* entry = nullptr;
  if (X509_CRL_get0_by_cert(list, &entry, subject) != 0) ReadEntry(entry, &*statement);
  return statement;
}

}  // namespace

std::optional<Statement> AskList(X509_CRL* list, X509* subject, X509* issuer) {
  std::optional<Statement> statement = Ask(list, subject, issuer);
  ForgetLibraryErrors();
  return statement;
}

bool IsOrderly(int reason) {
  return reason == CRL_REASON_UNSPECIFIED || reason == CRL_REASON_AFFILIATION_CHANGED ||
         reason == CRL_REASON_SUPERSEDED || reason == CRL_REASON_CESSATION_OF_OPERATION;
}

Result<Instant> RevokedSince(const ASN1_GENERALIZEDTIME* invalid_since, Instant revoked) {
  if (invalid_since == nullptr) return revoked;
  const Instant since = TRY(ReadAsn1Time(invalid_since));
  return std::min(since, revoked);
}

bool IsStrong(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  const void* value = nullptr;
  int type = 0;
  X509_ALGOR_get0(&object, &type, &value, algorithm);
  int digest = OBJ_obj2nid(object);
  if (digest == NID_ED25519) return true;
  if (digest == NID_rsassaPss) {  // its digest is a parameter, SHA-1 where left out (RFC 4055 section 3.1)
    if (type != V_ASN1_SEQUENCE) return false;
    const Handle<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free> parameters(static_cast<RSA_PSS_PARAMS*>(
        ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), ASN1_ITEM_rptr(RSA_PSS_PARAMS))));
    if (parameters == nullptr || parameters->hashAlgorithm == nullptr) return false;
    digest = OBJ_obj2nid(parameters->hashAlgorithm->algorithm);
  } else if (OBJ_find_sigid_algs(digest, &digest, nullptr) != 1) {
    return false;
  }
  return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

}  // namespace probatio::crypto
