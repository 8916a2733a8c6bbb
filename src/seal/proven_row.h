// A row as a look-up returns it, with all that proves it: face -> block root -> segment root. The segment
// root's ledger entry is added by whoever packages it. Values; pure; thread-safe.
#pragma once

#include <optional>

#include "seal/journal.h"

namespace probatio::seal {

struct FaceOpening {
  record::Face face = record::Face::kWhat;
  Salt salt{};
  crypto::Digest commitment{};
  WidePath path;
};

struct RowProof {
  std::uint32_t row = 0;               // within its block
  std::uint32_t commitment_count = 0;  // leaves of the block's wide tree
  std::vector<FaceOpening> faces;      // all faces of the kind, in FacesOf order
  BlockLeaf leaf;
  std::uint64_t leaf_index = 0;
  std::uint64_t leaf_count = 0;
  std::vector<crypto::Digest> leaf_path;  // to the segment root
  crypto::Digest segment_root{};
};

struct ProvenRow {
  record::Record record;
  SegmentId segment;
  Window window;
  std::optional<RowProof>
      proof;             // absent for a row found in the journal of a dead segment: declared, not proved
  Buffer journal_batch;  // then: the sealed batch that holds it, which a custodian can open for himself
};

// A leaf's way to the segment root.
struct LeafProof {
  BlockLeaf leaf;
  std::uint64_t index = 0;
  std::uint64_t count = 0;
  std::vector<crypto::Digest> path;
  crypto::Digest root{};
};
// Over all leaves of a segment, for who has just built it; a reader has SegmentLeaves::Prove.
LeafProof ProveLeaf(std::span<const BlockLeaf> leaves, std::size_t index);

// The proof of row `row` of an opened block. CHECKs the index.
RowProof ProveRow(const OpenedBlock& block, std::size_t row, const LeafProof& leaf);

// One face, from its opening up to the segment root. kCrypto names the step that fails.
Status VerifyFace(const record::Record& record, const FaceOpening& face, const RowProof& proof);

}  // namespace probatio::seal
