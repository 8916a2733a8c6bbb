// The leaves of a segment and the chain they form: without it the box could drop a token and nobody would
// miss it.
#include <fmt/format.h>

#include <algorithm>

#include "seal/block.h"

namespace probatio::seal {
namespace {

// Does `leaf` carry on where `before` left off? Either the next block of one token, or the first of the one
// announced.
bool Follows(const BlockLeaf& before, const BlockLeaf& leaf) {
  if (!before.last) {
    return leaf.token == before.token && leaf.position == before.position + 1 && leaf.next == before.next;
  }
  return leaf.token == before.next && leaf.position == 0 && leaf.token != kTokenEnd;
}

}  // namespace

bool IsSentinel(const BlockLeaf& leaf) {
  BlockLeaf sentinel;
  sentinel.last = true;
  sentinel.next = leaf.next;
  return leaf == sentinel;
}

Status CheckChain(std::span<const BlockLeaf> leaves) {
  const auto broken = [](std::size_t i) { return CryptoError(fmt::format("leaf {}: chain is broken", i)); };
  if (leaves.empty() || !IsSentinel(leaves.front())) return broken(0);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (i > 0 && !Follows(leaves[i - 1], leaves[i])) return broken(i);
    if (leaves[i].next <= leaves[i].token) return broken(i);
  }
  if (!leaves.back().last || leaves.back().next != kTokenEnd) {
    return CryptoError(fmt::format("leaf {}: chain is broken, the end is missing", leaves.size()));
  }
  return Done{};
}

std::array<std::uint8_t, kBlockLeafBytes> LeafBytes(const BlockLeaf& leaf) {
  std::array<std::uint8_t, kBlockLeafBytes> bytes;
  auto out = std::copy(leaf.token.begin(), leaf.token.end(), bytes.begin());
  for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(leaf.position >> shift);
  *out++ = leaf.last ? 1 : 0;
  out = std::copy(leaf.next.begin(), leaf.next.end(), out);
  out = std::copy(leaf.faces_root.begin(), leaf.faces_root.end(), out);
  out = std::copy(leaf.sealed_digest.begin(), leaf.sealed_digest.end(), out);
  CHECK(out == bytes.end());
  return bytes;
}

crypto::Digest LeafHash(const BlockLeaf& leaf) {
  return crypto::LeafHash(LeafBytes(leaf));
}

crypto::Digest SegmentRoot(std::span<const BlockLeaf> leaves) {
  std::vector<crypto::Digest> hashes;
  hashes.reserve(leaves.size());
  for (const BlockLeaf& leaf : leaves) hashes.push_back(LeafHash(leaf));
  return crypto::MerkleRoot(hashes);
}

}  // namespace probatio::seal
