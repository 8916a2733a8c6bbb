// Commitments by face. Face commitment = SHA-256(0x03 ‖ salt ‖ canonical bytes), one independent
// salt per face; block root = a 32-wide tree over the face commitments in row order (docs/formats/window.md).
// Pure; thread-safe.
#pragma once

#include <vector>

#include "crypto/digest.h"
#include "record/canonical.h"

namespace probatio::seal {

using Salt = std::array<std::uint8_t, 16>;
inline constexpr std::size_t kWideTreeWidth = 32;
inline constexpr std::uint8_t kFaceTag = 0x03;  // what a face's hash begins with

// AES-256(salt key, row u64 ‖ face u64): revealing one salt says nothing about another. Rows are counted
// through all blocks of a token, position * kRowsPerBlockMax + place in the block, because its blocks share
// one salt key.
Salt SaltOf(const Key& salt_key, std::uint64_t row, record::Face face);
// Those of `rows` rows from `first_row`, row-major: one keystream, because the key schedule costs more than a
// salt.
std::vector<Salt> SaltsOf(const Key& salt_key, std::uint64_t first_row, std::size_t rows,
                          std::span<const record::Face> faces);
crypto::Digest CommitFace(const Salt& salt, Bytes face_bytes);

// Commitments of the rows, all of one kind, row-major, each row's faces in record::FacesOf order. `first_row`
// numbers the first one.
std::vector<crypto::Digest> CommitRows(std::span<const record::Record> rows, const Key& salt_key,
                                       std::uint64_t first_row = 0);

// node = SHA-256(0x02 ‖ children); root = SHA-256("probatio/wide/1" ‖ leaf count u32 ‖ top node). A group has
// up to 32 children, the last one of a level what is left; of a single leaf the top node is the leaf. CHECKs
// that there is one.
crypto::Digest WideRoot(std::span<const crypto::Digest> leaves);

// The path of one leaf: for each level, bottom up, all children of its group except itself.
using WidePath = std::vector<std::vector<crypto::Digest>>;
WidePath WideProof(std::span<const crypto::Digest> leaves, std::uint32_t index);
// kCrypto when the path does not lead to the root.
Status VerifyWide(const crypto::Digest& leaf, std::uint32_t index, std::uint32_t count, const WidePath& path,
                  const crypto::Digest& root);

}  // namespace probatio::seal
