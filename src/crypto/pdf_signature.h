// The signature inside a PDF (ISO 32000-1 section 12.8, PAdES: ETSI EN 319 142-1): finds the one whose byte
// ranges are the whole file. Nothing of the PDF is interpreted: when every byte but the hexadecimal string of
// the signature is signed, nothing can have been changed after signing. Pure; thread-safe.
#pragma once

#include "base/bytes.h"

namespace probatio::crypto {

inline constexpr std::size_t kPdfBytesMax = 64U << 20;
inline constexpr std::size_t kPdfSignaturesMax = 32;

struct PdfSignature {
  bool pades = false;  // ETSI.CAdES.detached; otherwise adbe.pkcs7.detached
  Buffer cms;          // of /Contents; zeros fill it up after the message
  Buffer content;      // the signed bytes
};

// kInvalid: no PDF, no signature, ranges that overlap, leave the file, or leave out more than one hexadecimal
// string, a SubFilter of another kind. kCrypto: bytes were added after the last signature; says how many.
Result<PdfSignature> FindPdfSignature(Bytes pdf);

// How many octets from its start the last signature of a person or a seal covers, and that signature itself:
// the revision that was signed. What stands after it (validation data and document time-stamps, as PAdES-B-LT
// and -LTA add, EN 319 142-1 section 5.4; or anything else) is not judged: who asks for the revision leaves
// it out. FindPdfSignature takes the revision as a file of its own. kInvalid as there.
Result<std::size_t> SignedRevision(Bytes pdf);

}  // namespace probatio::crypto
