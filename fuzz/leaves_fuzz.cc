// The leaves of a segment: a chain that is accepted is written back octet for octet, and every token is found
// in it.
#include "seal/block.h"

using namespace probatio;  // NOLINT(google-build-using-namespace)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  const auto leaves = seal::ParseLeaves(input);
  if (!leaves.ok()) return 0;
  CHECK(seal::LeavesBytes(leaves.value()) == ToBuffer(input));
  for (std::size_t i = 0; i < leaves.value().size(); ++i) {
    const seal::LeafRange range = seal::FindToken(leaves.value(), leaves.value()[i].token);
    CHECK(range.first <= i && i < range.end);
  }
  return 0;
}
