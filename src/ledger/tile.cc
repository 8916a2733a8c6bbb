#include "ledger/tile.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace probatio::ledger {
namespace {

constexpr unsigned kBitsPerLevel = 8;

// Groups of three digits, all but the last with an x in front: no folder has more than a thousand names.
std::string NumberPath(std::uint64_t index) {
  std::string path = fmt::format("{:03}", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) path = fmt::format("x{:03}/{}", index % 1000, path);
  return path;
}

std::string Path(const std::string& folder, const TileId& tile) {
  const std::string partial = tile.width == kTileWidth ? "" : fmt::format(".p/{}", tile.width);
  return fmt::format("tile/{}/{}{}", folder, NumberPath(tile.index), partial);
}

}  // namespace

std::string TilePath(const TileId& tile) {
  return Path(std::to_string(tile.level), tile);
}

std::string BundlePath(const TileId& tile) {
  return Path("entries", tile);
}

std::vector<TileId> TilesSince(unsigned level, std::uint64_t old_size, std::uint64_t size) {
  CHECK(level < kTileLevels && old_size <= size);
  const std::uint64_t hashes = size >> (kBitsPerLevel * level);
  const std::uint64_t old_hashes = old_size >> (kBitsPerLevel * level);
  std::vector<TileId> tiles;
  if (hashes == old_hashes) return tiles;
  for (std::uint64_t index = old_hashes / kTileWidth; index * kTileWidth < hashes; ++index) {
    const std::uint64_t rest = hashes - index * kTileWidth;
    tiles.push_back({level, index, static_cast<unsigned>(std::min<std::uint64_t>(rest, kTileWidth))});
  }
  return tiles;
}

Buffer TileBytes(const crypto::MerkleTree& tree, const TileId& tile) {
  ByteWriter bytes;
  for (unsigned i = 0; i < tile.width; ++i)
    bytes.Raw(tree.full(kBitsPerLevel * tile.level, tile.index * kTileWidth + i));
  return bytes.Take();
}

Result<std::vector<crypto::Digest>> ParseTile(Bytes bytes, unsigned width) {
  if (bytes.size() != width * sizeof(crypto::Digest))
    return Invalid(
        fmt::format("{} octets, {} hashes are {}", bytes.size(), width, width * sizeof(crypto::Digest)));
  std::vector<crypto::Digest> hashes(width);
  for (unsigned i = 0; i < width; ++i) {
    const Bytes hash = bytes.subspan(i * sizeof(crypto::Digest), sizeof(crypto::Digest));
    std::copy(hash.begin(), hash.end(), hashes[i].begin());
  }
  return hashes;
}

Buffer BundleBytes(std::span<const std::string> entries) {
  CHECK(entries.size() <= kTileWidth);
  ByteWriter bytes;
  for (const std::string& entry : entries) {
    CHECK(entry.size() <= std::numeric_limits<std::uint16_t>::max());
    bytes.U16(static_cast<std::uint16_t>(entry.size()));
    bytes.Raw(AsBytes(entry));
  }
  return bytes.Take();
}

Result<std::vector<std::string>> ParseBundle(Bytes bytes, unsigned width) {
  ByteReader reader(bytes);
  std::vector<std::string> entries;
  while (entries.size() < width) {
    const std::string place = fmt::format("entry {} of {}", entries.size(), width);
    const std::uint16_t size = TRY_IN(place, reader.U16());
    const Bytes entry = TRY_IN(place, reader.Raw(size));
    entries.emplace_back(AsText(entry));
  }
  TRY_IN("after the last entry", reader.End());
  return entries;
}

}  // namespace probatio::ledger
