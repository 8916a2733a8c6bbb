// The files of a published tree (c2sp.org/tlog-tiles): tiles of 256 hashes and bundles of 256 entries, full
// or partial. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "crypto/merkle_tree.h"

namespace probatio::ledger {

inline constexpr unsigned kTileWidth = 256;
inline constexpr unsigned kTileLevels = 8;  // a level is eight of the tree's; 64 bits of size have no ninth
inline constexpr std::size_t kBundleBytesMax = kTileWidth * (2 + 65'535);

// Where hashes [index·256, index·256 + width) of a level lie; of bundles, entries. A partial one has less
// than kTileWidth and another path for each width: what was once published never changes.
struct TileId {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = kTileWidth;
  bool operator==(const TileId&) const = default;
};

std::string TilePath(const TileId& tile);    // "tile/0/x001/x234/067", "tile/1/000.p/44"
std::string BundlePath(const TileId& tile);  // "tile/entries/x001/x234/067"; the level is not looked at

// The tiles of one level that a tree of `size` has and the same tree with `old_size` leaves had not, in
// order.
std::vector<TileId> TilesSince(unsigned level, std::uint64_t old_size, std::uint64_t size);

// Width times 32 octets. CHECKs that the tree has them.
Buffer TileBytes(const crypto::MerkleTree& tree, const TileId& tile);
// kInvalid unless it is width times 32 octets.
Result<std::vector<crypto::Digest>> ParseTile(Bytes bytes, unsigned width);

// Each entry after its length (u16, big-endian). CHECKs at most kTileWidth entries of at most 65,535 octets.
Buffer BundleBytes(std::span<const std::string> entries);
// kInvalid unless it is exactly `width` entries.
Result<std::vector<std::string>> ParseBundle(Bytes bytes, unsigned width);

}  // namespace probatio::ledger
