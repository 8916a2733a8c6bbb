// Sealed blocks and the leaves that commit to them (docs/formats/window.md). The box that keeps them is
// untrusted: a hit is complete only with its last block, and a miss is believed only from the leaf whose
// (token, next) spans it. Pure; thread-safe.
#pragma once

#include "base/random.h"
#include "crypto/merkle.h"
#include "crypto/sealed_box.h"
#include "seal/commitment.h"
#include "seal/row_codec.h"
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
inline constexpr std::size_t kSegmentLeavesMax = 2U
                                                 << 20;  // 202 MiB of leaves: one value of the box holds them
Buffer LeafBytes(const BlockLeaf& leaf);
Result<BlockLeaf> ParseLeaf(Bytes bytes);

// All leaves of a segment, concatenated in (token, position) order; the segment root is the RFC 9162 root
// over their hashes.
Buffer LeavesBytes(std::span<const BlockLeaf> leaves);
// kInvalid on a bad shape; kCrypto "leaf 7: chain is broken" when order, positions, last marks or next links
// are wrong.
Result<std::vector<BlockLeaf>> ParseLeaves(Bytes bytes);
crypto::Digest SegmentRoot(std::span<const BlockLeaf> leaves);

struct OpenedBlock {
  std::vector<record::Record> rows;
  std::vector<Salt> salts;                  // row-major, faces in FacesOf order
  std::vector<crypto::Digest> commitments;  // the same order; their WideRoot is the leaf's faces_root
};

// Opens a block of a window stream. kCrypto names what does not hold: sealed digest, seal (associated data =
// segment, token, position, last, next, faces root), or the faces root.
Result<OpenedBlock> OpenBlock(const SegmentId& segment, const BlockLeaf& leaf, const TokenKeys& keys,
                              Bytes sealed);
// The same for a subject stream.
Result<OpenedBlock> OpenSubjectBlock(const SegmentId& segment, const BlockLeaf& leaf,
                                     const Key& subject_private_key, Bytes sealed);

// Where a token stands among a segment's leaves: [first, end) are its blocks; first == end is a miss, proved
// by the leaf before it, whose (token, next) spans it.
struct LeafRange {
  std::size_t first = 0;
  std::size_t end = 0;
};
LeafRange FindToken(std::span<const BlockLeaf> leaves, const Token& token);

}  // namespace probatio::seal
