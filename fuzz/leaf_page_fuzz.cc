// A page of leaves: one that is accepted is written back octet for octet, and its leaves are in order.
#include "seal/leaf_page.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto leaves = seal::ParseLeafPage(input);
  if (!leaves.ok()) return 0;
  CHECK(seal::LeafPageBytes(leaves.value()) == ToBuffer(input));
  for (std::size_t i = 1; i < leaves.value().size(); ++i) {
    CHECK(seal::PlaceOf(leaves.value()[i - 1]) < seal::PlaceOf(leaves.value()[i]));
  }
  return 0;
}
