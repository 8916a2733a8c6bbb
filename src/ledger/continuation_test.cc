#include "ledger/continuation.h"

#include <gtest/gtest.h>

#include "crypto/merkle_tree.h"

namespace probatio::ledger {
namespace {

class ContinuationTest : public testing::Test {
 protected:
  ContinuationTest() {
    for (int i = 0; i < 300; ++i) tree_.Append(crypto::LeafHash(AsBytes(std::to_string(i))));
  }
  Checkpoint At(std::uint64_t size) const { return {"probatio.example/platform", size, tree_.RootAt(size)}; }
  // From `old_size` to all 300.
  Continuation From(std::uint64_t old_size) const {
    return {old_size, old_size == 0 ? std::vector<crypto::Digest>() : tree_.Consistency(old_size),
            SignCheckpoint(At(300), log_).value()};
  }
  Result<Checkpoint> Verify(const Continuation& continuation, const Checkpoint& old) const {
    return VerifyContinuation(ParseContinuation(WriteContinuation(continuation)).value(), old, key_);
  }

  const crypto::PrivateKey log_ = crypto::PrivateKey::GenerateEd25519();
  const std::string key_ = VerifierKey("probatio.example/platform", log_.Public());
  crypto::MerkleTree tree_;
};

TEST_F(ContinuationTest, LeadsFromEveryOlderTreeToTheNewerOne) {
  for (std::uint64_t old = 0; old <= 300; ++old) EXPECT_EQ(Verify(From(old), At(old)).value(), At(300));
}

TEST_F(ContinuationTest, AForkIsNamedAsOne) {
  Checkpoint fork = At(200);
  fork.root[0] ^= 1;
  const auto verified = Verify(From(200), fork);
  EXPECT_EQ(verified.error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(verified.error().what().find("the ledger does not continue the tree seen before"), 0U);
  Checkpoint longer = At(300);
  longer.size = 301;
  Continuation backwards = From(300);
  backwards.old_size = 301;
  EXPECT_EQ(Verify(backwards, longer).error().code(), ErrorCode::kCrypto);
}

TEST_F(ContinuationTest, FromAnotherPlaceOrOfAnotherLedgerIsRefused) {
  EXPECT_EQ(Verify(From(200), At(100)).error().code(), ErrorCode::kInvalid);
  Checkpoint other = At(200);
  other.origin = "probatio.example/operator";
  EXPECT_EQ(Verify(From(200), other).error().code(), ErrorCode::kCrypto);
}

TEST_F(ContinuationTest, NoDigestOfTheProofCanBeLeftOut) {
  const Continuation whole = From(177);
  for (std::size_t i = 0; i < whole.proof.size(); ++i) {
    Continuation less = whole;
    less.proof.erase(less.proof.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(Verify(less, At(177)).ok()) << i;
  }
}

TEST_F(ContinuationTest, WhatIsNoneIsRefusedWithItsLine) {
  const std::string digest = ToBase64(crypto::Digest{}) + "\n";
  EXPECT_EQ(ParseContinuation("new 1\n").error().what(), "continuation: line 1: not \"old SIZE\"");
  EXPECT_EQ(ParseContinuation("old 01\n\n").error().what(), "continuation: line 1: not a tree size");
  EXPECT_EQ(ParseContinuation("old 1\n" + digest + "AA==\n\n").error().what(),
            "continuation: line 3: not a digest in Base64");
  EXPECT_EQ(ParseContinuation("old 1\n" + digest).error().what(),
            "continuation: no blank line after the proof");
  std::string many = "old 1\n";
  for (std::size_t i = 0; i < kConsistencyPathMax; ++i) many += digest;
  EXPECT_TRUE(ParseContinuation(many + "\n").ok());
  EXPECT_EQ(ParseContinuation(many + digest + "\n").error().what(), "continuation: more than 63 digests");
  const std::string head = "old 1\n\n";
  EXPECT_TRUE(ParseContinuation(head + std::string(kContinuationBytesMax - head.size(), 'x')).ok());
  EXPECT_FALSE(ParseContinuation(head + std::string(kContinuationBytesMax - head.size() + 1, 'x')).ok());
}

}  // namespace
}  // namespace probatio::ledger
