// Salts, face commitments and the wide tree over them. The tree is 32 wide because hashing is the dearest
// stage of ingest: one node costs a thirtieth of a hash for each leaf, where a binary tree costs one whole
// hash.
#include "seal/commitment.h"

#include <algorithm>
#include <cstring>

#include "crypto/aead.h"
#include "crypto/sha256_many.h"
#include "seal/big_endian.h"

namespace probatio::seal {
namespace {

constexpr std::string_view kWideLabel = "probatio/wide/1";
// One octet tells what is hashed: with more a face of a NAT event would need a second block of SHA-256.
constexpr std::uint8_t kWideNode[] = {0x02};  // RFC 9162 keeps 0x00 and 0x01 for its own leaves and nodes
constexpr std::uint8_t kFace[] = {kFaceTag};

crypto::Digest HashGroup(std::span<const crypto::Digest> children) {
  const Bytes joined(reinterpret_cast<const std::uint8_t*>(children.data()), children.size_bytes());
  return crypto::Sha256({kWideNode, joined});
}

crypto::Digest HashTop(std::uint32_t count, const crypto::Digest& top) {
  ByteWriter number;
  number.U32(count);
  return crypto::Sha256({AsBytes(kWideLabel), number.bytes(), top});
}

// The group of a level of `size` nodes in which `index` stands.
std::span<const crypto::Digest> GroupAt(std::span<const crypto::Digest> level, std::size_t index) {
  const std::size_t first = index / kWideTreeWidth * kWideTreeWidth;
  return level.subspan(first, std::min(kWideTreeWidth, level.size() - first));
}

// Nodes over full groups, several at once; returns how many. A group is hashed from where it is laid out with
// its tag and its padding, which are the same for all.
std::size_t HashFullGroups(std::span<const crypto::Digest> level, std::span<crypto::Digest> above) {
  constexpr std::size_t kChildren = kWideTreeWidth * sizeof(crypto::Digest);
  constexpr std::size_t kMessage = sizeof(kWideNode) + kChildren;
  constexpr std::size_t kBlocks = crypto::Sha256Blocks(kMessage);
  constexpr std::size_t kPadded = kBlocks * crypto::kSha256Block;
  constexpr std::size_t kAtOnce = 2;
  const std::size_t full = level.size() / kWideTreeWidth;
  std::array<std::uint8_t, kAtOnce * kPadded> messages;
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    messages[i * kPadded] = kWideNode[0];
    crypto::PadSha256(kMessage, std::span(messages).subspan(i * kPadded, kPadded));
  }
  for (std::size_t done = 0; done < full; done += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, full - done);
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(&messages[i * kPadded + sizeof(kWideNode)], &level[(done + i) * kWideTreeWidth], kChildren);
    }
    crypto::Sha256Many(std::span(messages).first(count * kPadded), kBlocks, above.subspan(done, count));
  }
  return full;
}

std::vector<crypto::Digest> LevelAbove(std::span<const crypto::Digest> level) {
  std::vector<crypto::Digest> above((level.size() + kWideTreeWidth - 1) / kWideTreeWidth);
  const std::size_t full = HashFullGroups(level, above);
  if (full < above.size()) above.back() = HashGroup(GroupAt(level, full * kWideTreeWidth));
  return above;
}

void PutPlace(std::uint64_t row, record::Face face, Salt* out) {
  PutBigEndian(row, out->data());
  PutBigEndian(std::uint64_t{static_cast<std::uint8_t>(face)}, out->data() + sizeof row);
}

std::uint32_t CountOf(std::span<const crypto::Digest> leaves) {
  CHECK(!leaves.empty() && leaves.size() <= UINT32_MAX);
  return static_cast<std::uint32_t>(leaves.size());
}

}  // namespace

Salt SaltOf(const Key& salt_key, std::uint64_t row, record::Face face) {
  Salt salt;
  PutPlace(row, face, &salt);
  crypto::EncryptBlocks(salt_key, salt);
  return salt;
}

std::vector<Salt> SaltsOf(const Key& salt_key, std::uint64_t first_row, std::size_t rows,
                          std::span<const record::Face> faces) {
  std::vector<Salt> salts(rows * faces.size());
  Salt* salt = salts.data();
  for (std::size_t row = 0; row < rows; ++row) {
    for (const record::Face face : faces) PutPlace(first_row + row, face, salt++);
  }
  crypto::EncryptBlocks(salt_key,
                        {reinterpret_cast<std::uint8_t*>(salts.data()), salts.size() * sizeof(Salt)});
  return salts;
}

crypto::Digest CommitFace(const Salt& salt, Bytes face_bytes) {
  return crypto::Sha256({kFace, salt, face_bytes});
}

std::vector<crypto::Digest> CommitRows(std::span<const record::Record> rows, const Key& salt_key,
                                       std::uint64_t first_row) {
  if (rows.empty()) return {};
  const std::vector<record::Face>& faces = record::FacesOf(record::KindOf(rows.front()));
  const std::vector<Salt> salts = SaltsOf(salt_key, first_row, rows.size(), faces);
  std::vector<crypto::Digest> commitments;
  commitments.reserve(salts.size());
  for (std::size_t i = 0; i < salts.size(); ++i) {
    commitments.push_back(
        CommitFace(salts[i], record::FaceBytes(rows[i / faces.size()], faces[i % faces.size()])));
  }
  return commitments;
}

crypto::Digest WideRoot(std::span<const crypto::Digest> leaves) {
  const std::uint32_t count = CountOf(leaves);
  std::vector<crypto::Digest> level(leaves.begin(), leaves.end());
  while (level.size() > 1) level = LevelAbove(level);
  return HashTop(count, level.front());
}

WidePath WideProof(std::span<const crypto::Digest> leaves, std::uint32_t index) {
  CHECK(index < CountOf(leaves));
  WidePath path;
  std::vector<crypto::Digest> level(leaves.begin(), leaves.end());
  for (std::size_t at = index; level.size() > 1; at /= kWideTreeWidth) {
    const std::span<const crypto::Digest> group = GroupAt(level, at);
    std::vector<crypto::Digest>& others = path.emplace_back(group.begin(), group.end());
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(at % kWideTreeWidth));
    level = LevelAbove(level);
  }
  return path;
}

// The shape of the path follows from index and count alone, and the root binds the count: a node can
// therefore never be passed off as a leaf.
Status VerifyWide(const crypto::Digest& leaf, std::uint32_t index, std::uint32_t count, const WidePath& path,
                  const crypto::Digest& root) {
  if (index >= count) return CryptoError("wide proof: index not below the leaf count");
  crypto::Digest node = leaf;
  std::size_t at = index;
  std::size_t size = count;
  for (const std::vector<crypto::Digest>& others : path) {
    if (size == 1) return CryptoError("wide proof: longer than the tree is high");
    const std::size_t group = std::min(kWideTreeWidth, size - at / kWideTreeWidth * kWideTreeWidth);
    if (others.size() + 1 != group) return CryptoError("wide proof: a group of the wrong size");
    std::vector<crypto::Digest> children = others;
    children.insert(children.begin() + static_cast<std::ptrdiff_t>(at % kWideTreeWidth), node);
    node = HashGroup(children);
    at /= kWideTreeWidth;
    size = (size + kWideTreeWidth - 1) / kWideTreeWidth;
  }
  if (size != 1) return CryptoError("wide proof: shorter than the tree is high");
  if (!crypto::Equal(HashTop(count, node), root)) return CryptoError("wide proof: does not lead to the root");
  return Done{};
}

}  // namespace probatio::seal
