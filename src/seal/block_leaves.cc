// The leaves of a segment and the chain they form: without it the box could drop a token and nobody would
// miss it.
#include <fmt/format.h>

#include <algorithm>

#include "seal/block.h"

namespace probatio::seal {
namespace {

crypto::Digest ToDigest(Bytes bytes) {
  crypto::Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

Token ToToken(Bytes bytes) {
  Token token;
  std::copy(bytes.begin(), bytes.end(), token.begin());
  return token;
}

bool IsSentinel(const BlockLeaf& leaf) {
  BlockLeaf sentinel;
  sentinel.last = true;
  sentinel.next = leaf.next;
  return leaf == sentinel;
}

// Does `leaf` carry on where `before` left off? Either the next block of one token, or the first of the one
// announced.
bool Follows(const BlockLeaf& before, const BlockLeaf& leaf) {
  if (!before.last) {
    return leaf.token == before.token && leaf.position == before.position + 1 && leaf.next == before.next;
  }
  return leaf.token == before.next && leaf.position == 0 && leaf.token != kTokenEnd;
}

Status CheckChain(std::span<const BlockLeaf> leaves) {
  const auto broken = [](std::size_t i) { return CryptoError(fmt::format("leaf {}: chain is broken", i)); };
  if (!IsSentinel(leaves.front())) return broken(0);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (i > 0 && !Follows(leaves[i - 1], leaves[i])) return broken(i);
    if (leaves[i].next <= leaves[i].token) return broken(i);
  }
  if (!leaves.back().last || leaves.back().next != kTokenEnd) {
    return CryptoError(fmt::format("leaf {}: chain is broken, the end is missing", leaves.size()));
  }
  return Done{};
}

}  // namespace

Buffer LeafBytes(const BlockLeaf& leaf) {
  ByteWriter out;
  out.Raw(leaf.token);
  out.U32(leaf.position);
  out.U8(leaf.last ? 1 : 0);
  out.Raw(leaf.next);
  out.Raw(leaf.faces_root);
  out.Raw(leaf.sealed_digest);
  return out.Take();
}

Result<BlockLeaf> ParseLeaf(Bytes bytes) {
  if (bytes.size() != kBlockLeafBytes) return Invalid(fmt::format("leaf: not {} bytes", kBlockLeafBytes));
  const std::uint8_t last = bytes[20];
  if (last > 1) return Invalid("leaf: last mark at offset 20 is neither 0 nor 1");
  return BlockLeaf{
      ToToken(bytes.first(16)),       Be32(bytes.subspan(16)),         last == 1,
      ToToken(bytes.subspan(21, 16)), ToDigest(bytes.subspan(37, 32)), ToDigest(bytes.subspan(69, 32))};
}

Buffer LeavesBytes(std::span<const BlockLeaf> leaves) {
  Buffer all;
  all.reserve(leaves.size() * kBlockLeafBytes);
  for (const BlockLeaf& leaf : leaves) {
    const Buffer one = LeafBytes(leaf);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

Result<std::vector<BlockLeaf>> ParseLeaves(Bytes bytes) {
  const std::size_t count = bytes.size() / kBlockLeafBytes;
  if (count == 0 || bytes.size() % kBlockLeafBytes != 0) {
    return Invalid(fmt::format("leaves: {} bytes, not a multiple of {}", bytes.size(), kBlockLeafBytes));
  }
  if (count > kSegmentLeavesMax)
    return Invalid(fmt::format("leaves: {}, more than {}", count, kSegmentLeavesMax));
  std::vector<BlockLeaf> leaves;
  leaves.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const BlockLeaf leaf =
        TRY_IN(fmt::format("leaf {}", i), ParseLeaf(bytes.subspan(i * kBlockLeafBytes, kBlockLeafBytes)));
    leaves.push_back(leaf);
  }
  TRY(CheckChain(leaves));
  return leaves;
}

crypto::Digest SegmentRoot(std::span<const BlockLeaf> leaves) {
  std::vector<crypto::Digest> hashes;
  hashes.reserve(leaves.size());
  for (const BlockLeaf& leaf : leaves) hashes.push_back(crypto::LeafHash(LeafBytes(leaf)));
  return crypto::MerkleRoot(hashes);
}

LeafRange FindToken(std::span<const BlockLeaf> leaves, const Token& token) {
  const auto [first, end] =
      std::equal_range(leaves.begin(), leaves.end(), BlockLeaf{token, 0, false, {}, {}, {}},
                       [](const BlockLeaf& a, const BlockLeaf& b) { return a.token < b.token; });
  return {static_cast<std::size_t>(first - leaves.begin()), static_cast<std::size_t>(end - leaves.begin())};
}

}  // namespace probatio::seal
