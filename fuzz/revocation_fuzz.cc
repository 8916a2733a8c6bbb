// Any bytes as a revocation file, a signature or a PDF: what is found in them is no more than there is, and
// what a file holds is found again in it.
#include "crypto/revocation_values.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace probatio;
  const Bytes bytes(data, size);
  const std::vector<crypto::RevocationValue> found = crypto::FindRevocationValues(bytes);
  CHECK(found.size() <= crypto::kRevocationValuesMax);
  std::size_t total = 0;
  for (const crypto::RevocationValue& value : found) total += value.der.size();
  CHECK(total <= 2 * size);
  CHECK(crypto::FindPdfRevocationValues(bytes).size() <= crypto::kRevocationValuesMax);
  const auto file = crypto::ReadRevocationFile(bytes);
  if (!file.ok()) return 0;
  for (const crypto::RevocationValue& value : file.value())
    CHECK(crypto::FindRevocationValues(value.der).size() == 1);
  return 0;
}
