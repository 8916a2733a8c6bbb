// Merkle trees as RFC 9162 section 2.1 defines them: trees split at the largest power of two below their
// size. Verification follows the numbered steps of 2.1.3.2 and 2.1.4.2 letter by letter. Pure; thread-safe.
#include "crypto/merkle.h"

#include <bit>

namespace probatio::crypto {
namespace {

constexpr std::uint8_t kLeafPrefix[] = {0x00};  // apart, so that a node can never be passed off as a leaf
constexpr std::uint8_t kNodePrefix[] = {0x01};

// The largest power of two smaller than `size`, for size > 1.
std::size_t Split(std::size_t size) {
  return std::bit_floor(size - 1);
}

// SUBPROOF of 2.1.4.1. `whole`: the old tree is exactly this subtree, whose root the verifier knows.
void AppendSubproof(std::span<const Digest> leaves, std::size_t old_size, bool whole,
                    std::vector<Digest>& proof) {
  if (old_size == leaves.size()) {
    if (!whole) proof.push_back(MerkleRoot(leaves));
    return;
  }
  const std::size_t split = Split(leaves.size());
  if (old_size <= split) {
    AppendSubproof(leaves.first(split), old_size, whole, proof);
    proof.push_back(MerkleRoot(leaves.subspan(split)));
    return;
  }
  AppendSubproof(leaves.subspan(split), old_size - split, false, proof);
  proof.push_back(MerkleRoot(leaves.first(split)));
}

void AppendPath(std::span<const Digest> leaves, std::size_t index, std::vector<Digest>& path) {
  if (leaves.size() == 1) return;
  const std::size_t split = Split(leaves.size());
  if (index < split) {
    AppendPath(leaves.first(split), index, path);
    path.push_back(MerkleRoot(leaves.subspan(split)));
    return;
  }
  AppendPath(leaves.subspan(split), index - split, path);
  path.push_back(MerkleRoot(leaves.first(split)));
}

}  // namespace

Digest LeafHash(Bytes entry) {
  return Sha256({kLeafPrefix, entry});
}
Digest NodeHash(const Digest& left, const Digest& right) {
  return Sha256({kNodePrefix, left, right});
}

Digest MerkleRoot(std::span<const Digest> leaves) {
  if (leaves.empty()) return Sha256(Bytes{});
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = Split(leaves.size());
  return NodeHash(MerkleRoot(leaves.first(split)), MerkleRoot(leaves.subspan(split)));
}

std::vector<Digest> InclusionProof(std::span<const Digest> leaves, std::uint64_t index) {
  CHECK(index < leaves.size());
  std::vector<Digest> path;
  AppendPath(leaves, index, path);
  return path;
}

std::vector<Digest> ConsistencyProof(std::span<const Digest> leaves, std::uint64_t old_size) {
  CHECK(old_size > 0 && old_size <= leaves.size());
  std::vector<Digest> proof;
  AppendSubproof(leaves, old_size, true, proof);
  return proof;
}

Status VerifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                       std::span<const Digest> path, const Digest& root) {
  if (index >= size) return CryptoError("inclusion proof: leaf index not below the tree size");
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Digest r = leaf;
  for (const Digest& p : path) {
    if (sn == 0) return CryptoError("inclusion proof: longer than the tree is high");
    if ((fn & 1) == 1 || fn == sn) {
      r = NodeHash(p, r);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = NodeHash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return CryptoError("inclusion proof: shorter than the tree is high");
  if (!Equal(r, root)) return CryptoError("inclusion proof: does not lead to the root");
  return Done{};
}

// The empty tree has no proof: it is a prefix of everything, so a proof from it would say nothing. Equal
// sizes need none: the roots are compared.
Status VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size, std::span<const Digest> proof,
                         const Digest& old_root, const Digest& new_root) {
  if (old_size == 0) return CryptoError("consistency proof: the older tree is empty");
  if (old_size > new_size) return CryptoError("consistency proof: the older tree is the larger one");
  if (old_size == new_size) {
    if (!proof.empty()) return CryptoError("consistency proof: not empty between trees of one size");
    if (!Equal(old_root, new_root)) return CryptoError("consistency proof: two roots for one size");
    return Done{};
  }
  if (proof.empty()) return CryptoError("consistency proof: empty");

  // Step 2 puts the old root in front of the path when the old tree is a full one.
  const bool full = std::has_single_bit(old_size);
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  while ((fn & 1) == 1) {
    fn >>= 1;
    sn >>= 1;
  }
  Digest fr = full ? old_root : proof.front();
  Digest sr = fr;
  for (const Digest& c : full ? proof : proof.subspan(1)) {
    if (sn == 0) return CryptoError("consistency proof: longer than the tree is high");
    if ((fn & 1) == 1 || fn == sn) {
      fr = NodeHash(c, fr);
      sr = NodeHash(c, sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = NodeHash(sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return CryptoError("consistency proof: shorter than the tree is high");
  if (!Equal(fr, old_root)) return CryptoError("consistency proof: does not lead to the older root");
  if (!Equal(sr, new_root)) return CryptoError("consistency proof: does not lead to the newer root");
  return Done{};
}

}  // namespace probatio::crypto
