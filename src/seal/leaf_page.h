// The leaves of a segment as the box keeps them: pages of kLeavesPerPage, and one index with each page's
// first place and root (docs/formats/window.md). A tree of RFC 9162 splits at powers of two, so the root over
// page roots is the root over all leaves, and a look-up reads one page instead of all. Pure; thread-safe.
#pragma once

#include "seal/block.h"

namespace probatio::seal {

inline constexpr std::size_t kLeavesPerPage = 32;  // a power of two, or page roots would be no nodes
inline constexpr std::size_t kLeafPagesMax = kSegmentLeavesMax / kLeavesPerPage;

// One page: its leaves without what follows from their neighbours (position, last, next), which are said once
// for its first and its last leaf.
inline constexpr std::size_t kLeafPageHeadBytes = 1 + 4 + 1 + 16;
inline constexpr std::size_t kPackedLeafBytes = 16 + 32 + 32;

// CHECKs 1..kLeavesPerPage leaves of one chain.
Buffer LeafPageBytes(std::span<const BlockLeaf> leaves);
// kInvalid on a bad shape; kCrypto "leaf 7 of the page: chain is broken" when order, positions or links are
// wrong. What lies on other pages is not known here.
Result<std::vector<BlockLeaf>> ParseLeafPage(Bytes bytes);

// Where the leaves stand: pages begin at the place of their first leaf.
struct LeafPlace {
  Token token{};
  std::uint32_t position = 0;
  auto operator<=>(const LeafPlace&) const = default;
};
inline LeafPlace PlaceOf(const BlockLeaf& leaf) {
  return {leaf.token, leaf.position};
}

// The first places are what the box says; only the roots are committed to. A page that was read tells whether
// its own and the following entry are right.
struct LeafIndexEntry {
  LeafPlace first;
  crypto::Digest root{};
  bool operator==(const LeafIndexEntry&) const = default;
};
inline constexpr std::size_t kLeafIndexEntryBytes = 16 + 4 + 32;

// CHECKs 1..kLeafPagesMax entries.
Buffer LeafIndexBytes(std::span<const LeafIndexEntry> pages);
// kInvalid on a bad shape; kCrypto when the pages are not in ascending order from the sentinel.
Result<std::vector<LeafIndexEntry>> ParseLeafIndex(Bytes bytes);

// All pages and the index of a segment, for who just built it. CHECKs the chain.
struct LeafPages {
  std::vector<Buffer> pages;
  Buffer index;
};
LeafPages PagesOf(std::span<const BlockLeaf> leaves);

}  // namespace probatio::seal
