#include "ledger/tree.h"
#include "base/test_corpus.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace probatio::ledger {
namespace {

constexpr std::uint64_t kLeaves = 70;  // passes the powers of two up to 64 on both sides

std::vector<crypto::Digest> Leaves(std::uint64_t count) {
  std::vector<crypto::Digest> leaves;
  for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(crypto::LeafHash(AsBytes(std::to_string(i))));
  return leaves;
}

TEST(Tree, GivesTheRootAndProofsOfRfc9162AtEverySize) {
  const std::vector<crypto::Digest> all = Leaves(kLeaves);
  Tree tree;
  EXPECT_EQ(tree.Root(), crypto::MerkleRoot({}));
  for (std::uint64_t size = 1; size <= kLeaves; ++size) {
    tree.Append(all[size - 1]);
    const std::span<const crypto::Digest> leaves(all.data(), size);
    ASSERT_EQ(tree.size(), size);
    ASSERT_EQ(tree.Root(), crypto::MerkleRoot(leaves)) << size;
    for (std::uint64_t i = 0; i < size; ++i) {
      ASSERT_EQ(tree.Inclusion(i), crypto::InclusionProof(leaves, i)) << i << " of " << size;
      ASSERT_EQ(tree.Consistency(i + 1), crypto::ConsistencyProof(leaves, i + 1)) << i + 1 << " to " << size;
    }
  }
}

TEST(Tree, CutBackAndGrownAgainIsTheSameTree) {
  const std::vector<crypto::Digest> all = Leaves(kLeaves);
  for (std::uint64_t kept = 0; kept <= kLeaves; ++kept) {
    Tree tree;
    for (const crypto::Digest& leaf : all) tree.Append(leaf);
    tree.Truncate(kept);
    ASSERT_EQ(tree.Root(), crypto::MerkleRoot(std::span(all).first(kept)));
    for (std::uint64_t i = kept; i < kLeaves; ++i) tree.Append(all[i]);
    ASSERT_EQ(tree.Root(), crypto::MerkleRoot(all)) << kept;
  }
}

TEST(Tree, AgreesWithALogThatOthersRun) {
  SKIP_WITHOUT_CORPUS("merkle/sunlight_mirror");
  const std::string tiles =
      "merkle/sunlight_mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706/tile/0/";
  Buffer bytes = ReadCorpus(tiles + "000");
  const Buffer rest = ReadCorpus(tiles + "001.p/44");
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  ASSERT_EQ(bytes.size(), 300 * 32U);
  Tree tree;
  for (std::size_t i = 0; i < bytes.size(); i += 32) {
    crypto::Digest leaf;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i), 32, leaf.begin());
    tree.Append(leaf);
  }
  EXPECT_EQ(ToBase64(tree.Root()), "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=");
}

}  // namespace
}  // namespace probatio::ledger
