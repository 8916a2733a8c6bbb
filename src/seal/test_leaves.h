// Invented chains of leaves, for the tests of this folder. Test code only.
#pragma once

#include <random>

#include "seal/leaf_page.h"

namespace probatio::seal {

// The first leaf of token `number`, linked to nothing yet.
inline BlockLeaf LeafNumber(std::size_t number) {
  BlockLeaf leaf;
  leaf.last = true;
  for (std::size_t k = 0; k < 8; ++k) leaf.token[15 - k] = static_cast<std::uint8_t>(number >> 8 * k);
  return leaf;
}

// A chain of `count` leaves, the sentinel first. Tokens have 1 to `blocks_max` blocks and are three apart, so
// that a test can ask for what lies between.
inline std::vector<BlockLeaf> ChainOf(std::size_t count, std::uint32_t blocks_max, std::uint64_t seed = 1) {
  std::mt19937_64 engine(seed);
  std::vector<BlockLeaf> leaves{LeafNumber(0)};
  for (std::size_t number = 3; leaves.size() < count; number += 3) {
    const std::uint64_t blocks = 1 + engine() % blocks_max;
    for (std::uint32_t position = 0; position < blocks && leaves.size() < count; ++position) {
      BlockLeaf& leaf = leaves.emplace_back(LeafNumber(number));
      leaf.position = position;
      leaf.faces_root = crypto::Sha256(AsBytes("faces " + std::to_string(leaves.size())));
      leaf.sealed_digest = crypto::Sha256(AsBytes("sealed " + std::to_string(engine())));
    }
  }
  Token next = kTokenEnd;
  for (std::size_t i = leaves.size(); i-- > 0;) {
    if (i + 1 < leaves.size() && leaves[i].token != leaves[i + 1].token) next = leaves[i + 1].token;
    leaves[i].last = i + 1 == leaves.size() || leaves[i].token != leaves[i + 1].token;
    leaves[i].next = next;
  }
  return leaves;
}

}  // namespace probatio::seal
