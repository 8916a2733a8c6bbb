// Instants as certificates, signatures and time-stamps write them. Pure; thread-safe. Used by crypto/*.cc
// only.
#pragma once

#include "base/instant.h"

typedef struct asn1_string_st ASN1_TIME;

namespace probatio::crypto {

// UTCTime or GeneralizedTime, with a fraction or without. Years outside Instant's range become its ends: a
// certificate may say 99991231235959Z for "no end" (RFC 5280 section 4.1.2.5). kInvalid for anything else.
Result<Instant> ReadAsn1Time(const ASN1_TIME* time);

}  // namespace probatio::crypto
