// A growing RFC 9162 tree that keeps the roots of all its full subtrees (a compact range with its history):
// an append costs one hash on average, a root or a proof O(log² n) hashes. Not thread-safe.
#pragma once

#include <vector>

#include "crypto/merkle.h"

namespace probatio::crypto {

class MerkleTree {
 public:
  void Append(const Digest& leaf);
  void Truncate(std::uint64_t size);  // forgets the leaves from `size` on; CHECKs size <= size()

  std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }
  const Digest& leaf(std::uint64_t index) const { return levels_.front().at(index); }
  // The root of leaves [index·2^level, (index+1)·2^level); CHECKs that they are all there.
  const Digest& full(unsigned level, std::uint64_t index) const { return levels_.at(level).at(index); }
  Digest Root() const { return RootAt(size()); }
  Digest RootAt(std::uint64_t size) const;  // of the first `size` leaves; CHECKs size <= size()

  // As InclusionProof and ConsistencyProof over all leaves; the same CHECKs.
  std::vector<Digest> Inclusion(std::uint64_t index) const;
  std::vector<Digest> Consistency(std::uint64_t old_size) const { return Consistency(old_size, size()); }
  std::vector<Digest> Consistency(std::uint64_t old_size, std::uint64_t new_size) const;

 private:
  // Root of leaves [begin, end), where begin is a multiple of every power of two up to the range's size.
  Digest RangeRoot(std::uint64_t begin, std::uint64_t end) const;

  std::vector<std::vector<Digest>> levels_;  // levels_[k][i]: root of leaves [i·2^k, (i+1)·2^k)
};

}  // namespace probatio::crypto
