#include "crypto/merkle_tree.h"
#include "base/test_corpus.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace probatio::crypto {
namespace {

constexpr std::uint64_t kLeaves = 70;  // passes the powers of two up to 64 on both sides

std::vector<Digest> Leaves(std::uint64_t count) {
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(LeafHash(AsBytes(std::to_string(i))));
  return leaves;
}

TEST(MerkleTree, GivesTheRootAndProofsOfRfc9162AtEverySize) {
  const std::vector<Digest> all = Leaves(kLeaves);
  MerkleTree tree;
  EXPECT_EQ(tree.Root(), MerkleRoot({}));
  for (std::uint64_t size = 1; size <= kLeaves; ++size) {
    tree.Append(all[size - 1]);
    const std::span<const Digest> leaves(all.data(), size);
    ASSERT_EQ(tree.size(), size);
    ASSERT_EQ(tree.Root(), MerkleRoot(leaves)) << size;
    for (std::uint64_t i = 0; i < size; ++i) {
      ASSERT_EQ(tree.Inclusion(i), InclusionProof(leaves, i)) << i << " of " << size;
      ASSERT_EQ(tree.Consistency(i + 1), ConsistencyProof(leaves, i + 1)) << i + 1 << " to " << size;
    }
  }
}

TEST(MerkleTree, CutBackAndGrownAgainIsTheSameTree) {
  const std::vector<Digest> all = Leaves(kLeaves);
  for (std::uint64_t kept = 0; kept <= kLeaves; ++kept) {
    MerkleTree tree;
    for (const Digest& leaf : all) tree.Append(leaf);
    tree.Truncate(kept);
    ASSERT_EQ(tree.Root(), MerkleRoot(std::span(all).first(kept)));
    for (std::uint64_t i = kept; i < kLeaves; ++i) tree.Append(all[i]);
    ASSERT_EQ(tree.Root(), MerkleRoot(all)) << kept;
  }
}

TEST(MerkleTree, AgreesWithALogThatOthersRun) {
  SKIP_WITHOUT_CORPUS("merkle/sunlight_mirror");
  const std::string tiles =
      "merkle/sunlight_mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/tile/0/";
  Buffer bytes = ReadCorpus(tiles + "000");
  const Buffer rest = ReadCorpus(tiles + "001.p/44");
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  ASSERT_EQ(bytes.size(), 300 * 32U);
  MerkleTree tree;
  for (std::size_t i = 0; i < bytes.size(); i += 32) {
    Digest leaf;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i), 32, leaf.begin());
    tree.Append(leaf);
  }
  EXPECT_EQ(ToBase64(tree.Root()), "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=");
}

}  // namespace
}  // namespace probatio::crypto
