// A row's way up to the segment root, made once and checked by anyone.
#include "seal/proven_row.h"

#include <algorithm>

namespace probatio::seal {
namespace {

const std::vector<record::Face>& FacesOf(const record::Record& record) {
  return record::FacesOf(record::KindOf(record));
}

// Where a face's commitment stands among its block's. kCrypto when the proof's shape does not allow it.
Result<std::uint32_t> CommitmentIndex(const record::Record& record, record::Face face,
                                      const RowProof& proof) {
  const std::vector<record::Face>& faces = FacesOf(record);
  const auto place = std::find(faces.begin(), faces.end(), face);
  if (place == faces.end()) return CryptoError("the record's kind has no such face");
  const std::uint64_t index =
      std::uint64_t{proof.row} * faces.size() + static_cast<std::uint64_t>(place - faces.begin());
  if (proof.commitment_count % faces.size() != 0 || index >= proof.commitment_count) {
    return CryptoError("row and commitment count do not fit the record's kind");
  }
  return static_cast<std::uint32_t>(index);
}

}  // namespace

LeafProof ProveLeaf(std::span<const BlockLeaf> leaves, std::size_t index) {
  CHECK(index < leaves.size());
  std::vector<crypto::Digest> hashes;
  hashes.reserve(leaves.size());
  for (const BlockLeaf& leaf : leaves) hashes.push_back(LeafHash(leaf));
  return {leaves[index], index, leaves.size(), crypto::InclusionProof(hashes, index),
          crypto::MerkleRoot(hashes)};
}

RowProof ProveRow(const OpenedBlock& block, std::size_t row, const LeafProof& leaf) {
  CHECK(row < block.rows.size());
  const std::vector<record::Face>& faces = FacesOf(block.rows[row]);
  CHECK(block.salts.size() == block.rows.size() * faces.size() &&
        block.commitments.size() == block.salts.size());
  RowProof proof;
  proof.row = static_cast<std::uint32_t>(row);
  proof.commitment_count = static_cast<std::uint32_t>(block.commitments.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const std::size_t index = row * faces.size() + i;
    proof.faces.push_back({faces[i], block.salts[index], block.commitments[index],
                           WideProof(block.commitments, static_cast<std::uint32_t>(index))});
  }
  proof.leaf = leaf.leaf;
  proof.leaf_index = leaf.index;
  proof.leaf_count = leaf.count;
  proof.leaf_path = leaf.path;
  proof.segment_root = leaf.root;
  return proof;
}

Status VerifyFace(const record::Record& record, const FaceOpening& face, const RowProof& proof) {
  const std::string place = "face " + std::string(record::ToText(face.face));
  const std::uint32_t index = TRY_IN(place, CommitmentIndex(record, face.face, proof));
  const crypto::Digest commitment = CommitFace(face.salt, record::FaceBytes(record, face.face));
  if (!crypto::Equal(commitment, face.commitment))
    return CryptoError(place + ": commitment is not the face's");
  TRY_IN(place, VerifyWide(commitment, index, proof.commitment_count, face.path, proof.leaf.faces_root));
  const crypto::Digest leaf = LeafHash(proof.leaf);
  TRY_IN(place + ": segment", crypto::VerifyInclusion(leaf, proof.leaf_index, proof.leaf_count,
                                                      proof.leaf_path, proof.segment_root));
  return Done{};
}

}  // namespace probatio::seal
