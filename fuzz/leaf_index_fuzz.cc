// The index over the pages of leaves: one that is accepted is written back octet for octet.
#include "seal/leaf_page.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto pages = seal::ParseLeafIndex(input);
  if (!pages.ok()) return 0;
  CHECK(seal::LeafIndexBytes(pages.value()) == ToBuffer(input));
  return 0;
}
