#include "crypto/merkle.h"
#include "base/test_corpus.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

std::vector<Digest> Leaves(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(LeafHash(AsBytes("entry " + std::to_string(i))));
  return leaves;
}

// The eight entries and roots of the Certificate Transparency reference implementation's tests.
TEST(MerkleRoot, IsThatOfCertificateTransparency) {
  std::vector<Digest> leaves;
  EXPECT_EQ(ToHex(MerkleRoot(leaves)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const char* entry :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(LeafHash(FromHex(entry).value()));
  }
  const std::span<const Digest> all(leaves);
  EXPECT_EQ(ToHex(MerkleRoot(all.first(1))),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(ToHex(MerkleRoot(all.first(3))),
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
  EXPECT_EQ(ToHex(MerkleRoot(all)), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Merkle, ALeafIsNeverTakenForANode) {
  const std::vector<Digest> leaves = Leaves(2);
  Buffer both(leaves[0].begin(), leaves[0].end());
  both.insert(both.end(), leaves[1].begin(), leaves[1].end());
  EXPECT_NE(LeafHash(both), MerkleRoot(leaves));
}

TEST(InclusionProof, HoldsForEveryLeafAndForNoOther) {
  for (std::size_t size = 1; size <= 33; ++size) {
    const std::vector<Digest> leaves = Leaves(size);
    const Digest root = MerkleRoot(leaves);
    for (std::size_t i = 0; i < size; ++i) {
      const std::vector<Digest> path = InclusionProof(leaves, i);
      EXPECT_TRUE(VerifyInclusion(leaves[i], i, size, path, root).ok()) << i << " of " << size;
      EXPECT_FALSE(VerifyInclusion(leaves[(i + 1) % size], i, size, path, root).ok() && size > 1);
      EXPECT_FALSE(VerifyInclusion(leaves[i], i ^ 1, size, path, root).ok()) << i << " of " << size;
      EXPECT_FALSE(VerifyInclusion(leaves[i], i, size, path, Sha256(root)).ok());
    }
  }
}

TEST(InclusionProof, RefusesOneHashMoreOrLessAndAnIndexOutside) {
  const std::vector<Digest> leaves = Leaves(7);
  const Digest root = MerkleRoot(leaves);
  std::vector<Digest> path = InclusionProof(leaves, 3);
  EXPECT_EQ(VerifyInclusion(leaves[3], 7, 7, path, root).error().code(), ErrorCode::kCrypto);
  EXPECT_FALSE(VerifyInclusion(leaves[3], 3, 0, path, root).ok());
  path.push_back(root);
  EXPECT_FALSE(VerifyInclusion(leaves[3], 3, 7, path, root).ok());
  path.resize(2);
  EXPECT_FALSE(VerifyInclusion(leaves[3], 3, 7, path, root).ok());
}

TEST(ConsistencyProof, HoldsBetweenAnyTwoSizesAndForNoOtherRoot) {
  const std::vector<Digest> leaves = Leaves(33);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const std::span<const Digest> tree(leaves.data(), size);
    for (std::size_t old_size = 1; old_size <= size; ++old_size) {
      const Digest old_root = MerkleRoot(tree.first(old_size));
      const std::vector<Digest> proof = ConsistencyProof(tree, old_size);
      EXPECT_TRUE(VerifyConsistency(old_size, size, proof, old_root, MerkleRoot(tree)).ok());
      EXPECT_FALSE(VerifyConsistency(old_size, size, proof, Sha256(old_root), MerkleRoot(tree)).ok());
      EXPECT_FALSE(VerifyConsistency(old_size, size, proof, old_root, Sha256(old_root)).ok());
    }
  }
}

TEST(ConsistencyProof, NoticesARewrittenPast) {
  std::vector<Digest> leaves = Leaves(9);
  const Digest old_root = MerkleRoot(std::span(leaves).first(5));
  leaves[2] = LeafHash(AsBytes("rewritten"));
  const std::vector<Digest> proof = ConsistencyProof(leaves, 5);
  EXPECT_EQ(VerifyConsistency(5, 9, proof, old_root, MerkleRoot(leaves)).error().code(), ErrorCode::kCrypto);
}

TEST(ConsistencyProof, FollowsTheStandardAtTheEdges) {
  const Digest root = LeafHash(AsBytes("one"));
  const std::vector<Digest> none;
  const std::vector<Digest> one{root};
  EXPECT_TRUE(VerifyConsistency(5, 5, none, root, root).ok());
  EXPECT_FALSE(VerifyConsistency(5, 5, one, root, root).ok());
  EXPECT_FALSE(VerifyConsistency(0, 5, none, root, root).ok());
  EXPECT_FALSE(VerifyConsistency(0, 0, none, root, root).ok());
  EXPECT_FALSE(VerifyConsistency(6, 5, none, root, root).ok());
  EXPECT_FALSE(VerifyConsistency(4, 5, none, root, root).ok());
  EXPECT_FALSE(VerifyConsistency(UINT64_MAX - 1, UINT64_MAX, one, root, root).ok());
}

// A vector may hold texts that are no digests; two that are equal stay equal.
Digest DigestOf(const nlohmann::json& base64) {
  const Buffer bytes = FromBase64(base64.get<std::string>()).value();
  Digest digest = Sha256(bytes);
  if (bytes.size() == digest.size()) std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

std::vector<Digest> ProofOf(const nlohmann::json& list) {
  std::vector<Digest> proof;
  for (const nlohmann::json& each : list) proof.push_back(DigestOf(each));  // null counts as empty
  return proof;
}

bool HasEmptyHash(const nlohmann::json& vector, std::initializer_list<const char*> fields) {
  for (const char* field : fields) {
    if (vector.at(field) == "") return true;
  }
  return false;
}

std::vector<nlohmann::json> Vectors(const std::string& directory) {
  std::vector<nlohmann::json> vectors;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() != ".json") continue;
    vectors.push_back(nlohmann::json::parse(ReadFile(entry.path())));
    vectors.back()["path"] = entry.path();
  }
  return vectors;
}

TEST(MerkleCorpus, InclusionVectorsAreJudgedAsTheirAuthorsJudge) {
  SKIP_WITHOUT_CORPUS("merkle");
  const std::string corpus = CorpusPath("merkle");
  const std::vector<nlohmann::json> vectors = Vectors(corpus + "/inclusion");
  EXPECT_GE(vectors.size(), 45U);
  for (const nlohmann::json& v : vectors) {
    if (HasEmptyHash(v,
                     {"root", "leafHash"})) {  // our types cannot hold an empty hash, so none gets this far
      EXPECT_TRUE(v.at("wantErr")) << v.at("path");
      continue;
    }
    const bool ok = VerifyInclusion(DigestOf(v.at("leafHash")), v.at("leafIdx"), v.at("treeSize"),
                                    ProofOf(v.at("proof")), DigestOf(v.at("root")))
                        .ok();
    EXPECT_NE(ok, v.at("wantErr").get<bool>()) << v.at("path");
  }
}

TEST(MerkleCorpus, ConsistencyVectorsAreJudgedAsTheirAuthorsJudge) {
  SKIP_WITHOUT_CORPUS("merkle");
  const std::string corpus = CorpusPath("merkle");
  const std::vector<nlohmann::json> vectors = Vectors(corpus + "/consistency");
  EXPECT_GE(vectors.size(), 45U);
  for (const nlohmann::json& v : vectors) {
    const bool ok = VerifyConsistency(v.at("size1"), v.at("size2"), ProofOf(v.at("proof")),
                                      DigestOf(v.at("root1")), DigestOf(v.at("root2")))
                        .ok();
    EXPECT_NE(ok, v.at("wantErr").get<bool>()) << v.at("path");
  }
}

}  // namespace
}  // namespace probatio::crypto
