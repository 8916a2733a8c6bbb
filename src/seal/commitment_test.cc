#include "seal/commitment.h"

#include <gtest/gtest.h>

#include <set>

#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

std::vector<crypto::Digest> Leaves(std::size_t count) {
  std::vector<crypto::Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(crypto::Sha256(AsBytes(std::to_string(i))));
  return leaves;
}

TEST(Salt, IsAnotherForEachRowAndFace) {
  std::set<Salt> salts;
  for (std::uint64_t row = 0; row < 100; ++row) {
    for (const record::Face face : {record::Face::kWhat, record::Face::kWho, record::Face::kRest}) {
      salts.insert(SaltOf(KeyOf(1), row, face));
    }
  }
  salts.insert(SaltOf(KeyOf(2), 0, record::Face::kWhat));
  EXPECT_EQ(salts.size(), 301U);
}

TEST(CommitRows, GivesEveryFaceOfEveryRowItsCommitmentInOrder) {
  const std::vector<record::Record> rows{SessionAt(0, 1), SessionAt(1, 2)};
  const std::vector<crypto::Digest> commitments = CommitRows(rows, KeyOf(1), 4096);
  ASSERT_EQ(commitments.size(), 6U);
  const Salt salt = SaltOf(KeyOf(1), 4097, record::Face::kWho);
  EXPECT_EQ(commitments[4], CommitFace(salt, record::FaceBytes(rows[1], record::Face::kWho)));
}

TEST(CommitRows, OfEqualRowsDoNotShowThatTheyAreEqual) {
  const std::vector<record::Record> rows(2, SessionAt(0, 1));
  const std::vector<crypto::Digest> commitments = CommitRows(rows, KeyOf(1));
  EXPECT_NE(commitments[0], commitments[3]);
}

// Counts on both sides of each level of the tree.
class WideTree : public testing::TestWithParam<std::uint32_t> {};

TEST_P(WideTree, ProvesEveryLeafAndNoOther) {
  const std::uint32_t count = GetParam();
  const std::vector<crypto::Digest> leaves = Leaves(count);
  const crypto::Digest root = WideRoot(leaves);
  for (std::uint32_t i = 0; i < count; i += 1 + count / 50) {
    const WidePath path = WideProof(leaves, i);
    EXPECT_TRUE(VerifyWide(leaves[i], i, count, path, root).ok()) << i;
    EXPECT_EQ(Code(VerifyWide(crypto::Digest{}, i, count, path, root)), ErrorCode::kCrypto);
    EXPECT_EQ(Code(VerifyWide(leaves[i], i, count + 1, path, root)), ErrorCode::kCrypto);
    if (count > 1) {
      EXPECT_EQ(Code(VerifyWide(leaves[i], (i + 1) % count, count, path, root)), ErrorCode::kCrypto);
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Counts, WideTree,
                         testing::Values(1U, 2U, 31U, 32U, 33U, 64U, 1023U, 1024U, 1025U, 12'288U));

TEST(VerifyWide, NamesAPathOfTheWrongShape) {
  const std::vector<crypto::Digest> leaves = Leaves(40);
  const crypto::Digest root = WideRoot(leaves);
  WidePath path = WideProof(leaves, 39);
  EXPECT_EQ(What(VerifyWide(leaves[39], 40, 40, path, root)), "wide proof: index not below the leaf count");
  EXPECT_EQ(What(VerifyWide(leaves[39], 39, 40, {path[0]}, root)),
            "wide proof: shorter than the tree is high");
  EXPECT_EQ(What(VerifyWide(leaves[39], 39, 40, {path[0], path[1], {}}, root)),
            "wide proof: longer than the tree is high");
  path[0].pop_back();
  EXPECT_EQ(What(VerifyWide(leaves[39], 39, 40, path, root)), "wide proof: a group of the wrong size");
}

TEST(WideRoot, BindsTheCountSoThatANodeIsNoLeaf) {
  const std::vector<crypto::Digest> leaves = Leaves(33);
  const std::vector<crypto::Digest> only_two{leaves[0], leaves[1]};
  EXPECT_NE(WideRoot(leaves), WideRoot(only_two));
  EXPECT_NE(WideRoot({&leaves[0], 1}), leaves[0]);
}

}  // namespace
}  // namespace probatio::seal
