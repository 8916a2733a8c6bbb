// A growing Merkle tree. The recursions of RFC 9162 section 2.1 are walked from the top down, from left to
// right boundary, and the full subtrees on the way are looked up instead of hashed again. Not thread-safe.
#include "crypto/merkle_tree.h"

#include <algorithm>
#include <bit>

namespace probatio::crypto {
namespace {

// The largest power of two smaller than `size`, for size > 1: where RFC 9162 splits a tree.
std::uint64_t Split(std::uint64_t size) {
  return std::bit_floor(size - 1);
}

}  // namespace

void MerkleTree::Append(const Digest& leaf) {
  Digest node = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    std::vector<Digest>& row = levels_[level];
    row.push_back(node);
    if (row.size() % 2 != 0) return;
    node = NodeHash(row[row.size() - 2], row.back());
  }
}

void MerkleTree::Truncate(std::uint64_t size) {
  CHECK(size <= this->size());
  for (std::size_t level = 0; level < levels_.size(); ++level) levels_[level].resize(size >> level);
}

Digest MerkleTree::RootAt(std::uint64_t size) const {
  CHECK(size <= this->size());
  if (size == 0) return MerkleRoot({});
  return RangeRoot(0, size);
}

Digest MerkleTree::RangeRoot(std::uint64_t begin, std::uint64_t end) const {
  const std::uint64_t size = end - begin;
  if (std::has_single_bit(size)) {
    const auto level = static_cast<std::size_t>(std::countr_zero(size));
    return levels_[level][begin >> level];
  }
  const std::uint64_t middle = begin + Split(size);
  return NodeHash(RangeRoot(begin, middle), RangeRoot(middle, end));
}

// Section 2.1.3.1: the path is found from the root down and reported from the leaf up.
std::vector<Digest> MerkleTree::Inclusion(std::uint64_t index) const {
  CHECK(index < size());
  std::vector<Digest> path;
  std::uint64_t begin = 0;
  std::uint64_t end = size();
  while (end - begin > 1) {
    const std::uint64_t middle = begin + Split(end - begin);
    if (index < middle) {
      path.push_back(RangeRoot(middle, end));
      end = middle;
    } else {
      path.push_back(RangeRoot(begin, middle));
      begin = middle;
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

// Section 2.1.4.1: SUBPROOF, unrolled. The subtree that ends at old_size is left out when it is the whole old
// tree, whose root the verifier knows.
std::vector<Digest> MerkleTree::Consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  CHECK(old_size > 0 && old_size <= new_size && new_size <= size());
  std::vector<Digest> proof;
  std::uint64_t begin = 0;
  std::uint64_t end = new_size;
  while (end != old_size) {
    const std::uint64_t middle = begin + Split(end - begin);
    if (old_size <= middle) {
      proof.push_back(RangeRoot(middle, end));
      end = middle;
    } else {
      proof.push_back(RangeRoot(begin, middle));
      begin = middle;
    }
  }
  if (begin != 0) proof.push_back(RangeRoot(begin, end));
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace probatio::crypto
