// Merkle trees and proofs, RFC 9162 section 2.1 (the same hashes as RFC 6962). Used by the ledger over its
// entries and by a window over its blocks. Pure; thread-safe.
#pragma once

#include <vector>

#include "crypto/digest.h"

namespace probatio::crypto {

Digest LeafHash(Bytes entry);                              // H(0x00 ‖ entry)
Digest NodeHash(const Digest& left, const Digest& right);  // H(0x01 ‖ left ‖ right)

// Root over leaf hashes; of none: H("").
Digest MerkleRoot(std::span<const Digest> leaves);

// Inclusion path of leaf `index`, leaf to root (2.1.3.1). CHECKs index < leaves.size().
std::vector<Digest> InclusionProof(std::span<const Digest> leaves, std::uint64_t index);

// kCrypto when the path does not lead from the leaf to the root of a tree of `size` (2.1.3.2).
Status VerifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                       std::span<const Digest> path, const Digest& root);

// Proof that the tree of the first `old_size` leaves is a prefix (2.1.4.1). CHECKs 0 < old_size <= size.
std::vector<Digest> ConsistencyProof(std::span<const Digest> leaves, std::uint64_t old_size);
Status VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size, std::span<const Digest> proof,
                         const Digest& old_root, const Digest& new_root);

}  // namespace probatio::crypto
