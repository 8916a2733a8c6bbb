// What one list, or one response of OCSP, says about one certificate. Used by crypto/revocation*.cc only.
#pragma once

#include <optional>

#include "crypto/certificate.h"
#include "crypto/handle.h"

typedef struct X509_crl_st X509_CRL;
typedef struct ocsp_basic_response_st OCSP_BASICRESP;
typedef struct X509_algor_st X509_ALGOR;
typedef struct asn1_string_st ASN1_GENERALIZEDTIME;
extern "C" void X509_CRL_free(X509_CRL* list);
extern "C" void OCSP_BASICRESP_free(OCSP_BASICRESP* response);

namespace probatio::crypto {

struct Statement {
  std::string source;              // "CRL of Exemple CA of 2024-11-12T00:00:00Z"
  Instant made;                    // thisUpdate
  std::optional<Instant> until;    // nextUpdate; absent: newer information is always there
  bool covers = false;             // whether its silence means "not revoked"
  std::optional<Instant> revoked;  // from when on; what makes the certificate invalid even earlier counts
  bool orderly = false;  // revoked for a reason that leaves earlier time-stamps valid (RFC 3161 section 4)
};

// Nothing where it speaks of another authority, is not signed by `issuer`, or uses what is not understood.
std::optional<Statement> AskList(X509_CRL* list, X509* subject, X509* issuer);
std::optional<Statement> AskResponse(OCSP_BASICRESP* response, const Certificate& subject,
                                     const Certificate& issuer);

// Whether the signature's digest is SHA-256 or better; X509_CRL_verify and OCSP_basic_verify do not ask.
bool IsStrong(const X509_ALGOR* algorithm);
bool IsOrderly(int reason);
// The earlier of both; `invalid_since` may be null (RFC 5280 section 5.3.2).
Result<Instant> RevokedSince(const ASN1_GENERALIZEDTIME* invalid_since, Instant revoked);

}  // namespace probatio::crypto
