// Sealed blocks and the leaves that commit to them (docs/formats/window.md). The box that keeps them is
// untrusted: a hit is complete only with its last block, and a miss is believed only from the leaf whose
// (token, next) spans it. Pure; thread-safe.
#pragma once

#include "base/random.h"
#include "crypto/merkle.h"
#include "crypto/sealed_box.h"
#include "seal/block_rows.h"
#include "seal/commitment.h"
#include "seal/token.h"

namespace probatio::seal {

// The window tree's leaf for one block. The sentinel (token zero, position 0, last, digests zero) opens the
// chain.
struct BlockLeaf {
  Token token{};
  std::uint32_t position = 0;  // 0, 1, ... within the token
  bool last = false;           // the token's last block
  Token next{};                // the next token of the segment, kTokenEnd after the last
  crypto::Digest faces_root{};
  crypto::Digest sealed_digest{};  // SHA-256 of the sealed bytes
  bool operator==(const BlockLeaf&) const = default;
};
inline constexpr std::size_t kBlockLeafBytes = 16 + 4 + 1 + 16 + 32 + 32;
inline constexpr std::size_t kSegmentLeavesMax = 2U << 20;

// What a leaf's hash is taken of. The box keeps leaves in a shorter form (seal/leaf_page.h).
std::array<std::uint8_t, kBlockLeafBytes> LeafBytes(const BlockLeaf& leaf);
crypto::Digest LeafHash(const BlockLeaf& leaf);
bool IsSentinel(const BlockLeaf& leaf);
// kCrypto "leaf 7: chain is broken" when order, positions, last marks or next links of a whole segment are
// wrong.
Status CheckChain(std::span<const BlockLeaf> leaves);
// The RFC 9162 root over the hashes of leaves in (token, position) order: of all, the segment's root.
crypto::Digest SegmentRoot(std::span<const BlockLeaf> leaves);

struct OpenedBlock {
  std::vector<record::Record> rows;
  std::vector<Salt> salts;                  // row-major, faces in FacesOf order
  std::vector<crypto::Digest> commitments;  // the same order; their WideRoot is the leaf's faces_root
};

// A block whose seal was opened and whose rows are still packed. Decoding costs a tenth of committing, and
// most blocks that a look-up opens hold no row that it wants: each is done when it is asked for.
class UnsealedBlock {
 public:
  // Rows that may answer the hint, without their commitments: for looking, not for showing.
  Result<std::vector<PlacedRow>> Find(const RowHint& hint) const;
  // All rows with salts and commitments. kCrypto when these are not those of the leaf's faces root.
  Result<OpenedBlock> Commit() const;

 private:
  friend Result<UnsealedBlock> UnsealBlock(const SegmentId&, const BlockLeaf&, const TokenKeys&, Bytes);
  friend Result<UnsealedBlock> UnsealSubjectBlock(const SegmentId&, const BlockLeaf&, const Key&, Bytes);
  UnsealedBlock(const BlockLeaf& leaf, Key salt_key, Secret plain, Bytes rows)
      : leaf_(leaf), salt_key_(std::move(salt_key)), plain_(std::move(plain)), rows_(rows) {}

  BlockLeaf leaf_;
  Key salt_key_;
  Secret plain_;
  Bytes rows_;  // inside plain_, whose memory does not move with it
};

// Opens the seal of a block of a window stream. kCrypto names what does not hold: sealed digest, or seal
// (associated data = segment, token, position, last, next, faces root).
Result<UnsealedBlock> UnsealBlock(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                                  Bytes sealed);
// The same for a subject stream.
Result<UnsealedBlock> UnsealSubjectBlock(const SegmentId& segment, const BlockLeaf& leaf,
                                         const Key& subject_private_key, Bytes sealed);

// Both steps at once: seal, rows and commitments.
Result<OpenedBlock> OpenBlock(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                              Bytes sealed);
Result<OpenedBlock> OpenSubjectBlock(const SegmentId& segment, const BlockLeaf& leaf,
                                     const Key& subject_private_key, Bytes sealed);

}  // namespace probatio::seal
