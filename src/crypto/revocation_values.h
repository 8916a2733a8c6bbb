// Finds certificate revocation lists (RFC 5280 section 5) and responses of OCSP (RFC 6960), in files of their
// own or in what a signature brings along: the crls of SignedData with OtherRevocationInfoFormat (RFC 5940),
// the attribute revocation-values (EN 319 122-1 section 5.5), that of Adobe, the /DSS of a PDF. Each
// authenticates itself by its issuer's signature, so where it lay proves nothing and need not be trusted.
// Pure; thread-safe.
#pragma once

#include "base/bytes.h"

namespace probatio::crypto {

inline constexpr std::size_t kRevocationFileBytesMax = 64U << 20;  // lists of large authorities are 10 MiB
inline constexpr std::size_t kRevocationValuesMax = 64;            // of one file, or found in one signature

struct RevocationValue {
  enum class Kind : std::uint8_t { kList, kResponse };
  Kind kind = Kind::kList;
  Buffer der;  // CertificateList, or BasicOCSPResponse
};

// A file: one list or one response in DER, or lists in PEM. kInvalid for anything else, for bytes after its
// end, and for a response that answers nothing.
Result<std::vector<RevocationValue>> ReadRevocationFile(Bytes file);

// All that lie in a DER structure such as a CMS message; beyond kRevocationValuesMax the rest is passed over,
// as if it had not been brought. Who made the structure chose anyway what to bring.
std::vector<RevocationValue> FindRevocationValues(Bytes der);

// The same of the streams of a PDF that are not encoded, or by FlateDecode alone, wherever they lie.
std::vector<RevocationValue> FindPdfRevocationValues(Bytes pdf);

}  // namespace probatio::crypto
