// Any bytes as a signed PDF are refused, or everything but one hexadecimal string is what was signed.
#include "crypto/pdf_signature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const Result<crypto::PdfSignature> found = crypto::FindPdfSignature({data, size});
  if (!found.ok()) return 0;
  CHECK(found.value().content.size() + found.value().cms.size() * 2 + 2 <= size);
  CHECK(AsText(found.value().content).find("/ByteRange") != std::string_view::npos);
  return 0;
}
