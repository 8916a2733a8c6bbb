#include "seal/leaf_page.h"

#include <gtest/gtest.h>

#include "seal/test_leaves.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

std::span<const BlockLeaf> PageOf(const std::vector<BlockLeaf>& leaves, std::size_t page) {
  const std::size_t first = page * kLeavesPerPage;
  return std::span(leaves).subspan(first, std::min(kLeavesPerPage, leaves.size() - first));
}

std::vector<crypto::Digest> RootsOfPages(const std::vector<BlockLeaf>& leaves) {
  std::vector<crypto::Digest> roots;
  for (std::size_t page = 0; page * kLeavesPerPage < leaves.size(); ++page) {
    roots.push_back(SegmentRoot(PageOf(leaves, page)));
  }
  return roots;
}

// RFC 9162 splits at the largest power of two below the size, so whole pages are whole subtrees.
TEST(LeafPages, HaveTheRootOfAllLeavesAtEveryCount) {
  const std::vector<BlockLeaf> most = ChainOf(1'000, 7);
  std::vector<crypto::Digest> hashes;
  for (std::size_t count = 1; count <= most.size(); ++count) {
    const std::vector<BlockLeaf> leaves(most.begin(), most.begin() + static_cast<std::ptrdiff_t>(count));
    hashes.push_back(LeafHash(leaves.back()));
    ASSERT_EQ(crypto::MerkleRoot(RootsOfPages(leaves)), crypto::MerkleRoot(hashes)) << count;
  }
}

TEST(LeafPages, ReadBackLeafByLeaf) {
  for (const std::size_t count : {1U, 2U, 31U, 32U, 33U, 64U, 700U}) {
    const std::vector<BlockLeaf> leaves = ChainOf(count, 5);
    const LeafPages pages = PagesOf(leaves);
    std::vector<BlockLeaf> read;
    for (const Buffer& page : pages.pages) {
      const std::vector<BlockLeaf> some = ParseLeafPage(page).value();
      read.insert(read.end(), some.begin(), some.end());
    }
    EXPECT_EQ(read, leaves);
    const std::vector<LeafIndexEntry> index = ParseLeafIndex(pages.index).value();
    ASSERT_EQ(index.size(), pages.pages.size());
    for (std::size_t i = 0; i < index.size(); ++i) {
      EXPECT_EQ(index[i].first, PlaceOf(leaves[i * kLeavesPerPage]));
      EXPECT_EQ(index[i].root, RootsOfPages(leaves)[i]);
    }
  }
}

TEST(LeafPages, CostAtMost84OctetsALeaf) {
  const std::vector<BlockLeaf> leaves = ChainOf(10 * kLeavesPerPage, 1);
  const LeafPages pages = PagesOf(leaves);
  std::size_t bytes = pages.index.size();
  for (const Buffer& page : pages.pages) bytes += page.size();
  EXPECT_LE(bytes, 84 * leaves.size());
}

TEST(ParseLeafPage, KeepsItsLimits) {
  const std::vector<BlockLeaf> leaves = ChainOf(kLeavesPerPage, 1);
  Buffer page = LeafPageBytes(leaves);
  EXPECT_TRUE(ParseLeafPage(page).ok());
  page.resize(page.size() + kPackedLeafBytes, 0xFE);
  EXPECT_EQ(What(ParseLeafPage(page)), "leaf page: more than 32 leaves");
  page.pop_back();
  EXPECT_EQ(Code(ParseLeafPage(page)), ErrorCode::kInvalid);
  EXPECT_EQ(What(ParseLeafPage(Buffer(kLeafPageHeadBytes))), "leaf page: 22 bytes, not whole leaves");
}

// A page of the middle, whose leaves' numbers are free.
Buffer PageWith(std::size_t offset, std::initializer_list<std::uint8_t> octets) {
  const std::vector<BlockLeaf> leaves = ChainOf(3 * kLeavesPerPage, 1);
  Buffer page = LeafPageBytes(PageOf(leaves, 1));
  std::copy(octets.begin(), octets.end(), page.begin() + static_cast<std::ptrdiff_t>(offset));
  return page;
}

TEST(ParseLeafPage, RefusesWhatNoWriterMakes) {
  EXPECT_EQ(What(ParseLeafPage(PageWith(0, {3}))), "leaf page: version 3 is unknown");
  EXPECT_EQ(What(ParseLeafPage(PageWith(1, {0, 0x20, 0, 0}))),
            "leaf page: position 2097152 of more than 2097152");
  EXPECT_TRUE(ParseLeafPage(PageWith(1, {0, 0x1F, 0xFF, 0xFF})).ok());
  EXPECT_EQ(What(ParseLeafPage(PageWith(5, {2}))), "leaf page: last mark at offset 5 is neither 0 nor 1");
  EXPECT_EQ(What(ParseLeafPage(PageWith(6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))),
            "leaf 31 of the page: chain is broken");
  const std::size_t third = kLeafPageHeadBytes + 2 * kPackedLeafBytes;
  EXPECT_EQ(What(ParseLeafPage(PageWith(third, {0xFF}))), "leaf 2 of the page: chain is broken");
  EXPECT_EQ(What(ParseLeafPage(PageWith(third + 14, {0, 0}))), "leaf 1 of the page: chain is broken");
}

TEST(ParseLeafPage, AcceptsTheSentinelOnlyAsTheFirstLeafAndWithoutDigests) {
  const std::vector<BlockLeaf> leaves = ChainOf(2, 1);
  Buffer page = LeafPageBytes(leaves);
  page[kLeafPageHeadBytes + 16] = 1;
  EXPECT_EQ(What(ParseLeafPage(page)), "leaf 0 of the page: chain is broken");
  page = LeafPageBytes(leaves);
  page[4] = 1;
  EXPECT_EQ(What(ParseLeafPage(page)), "leaf 0 of the page: chain is broken");
}

TEST(ParseLeafIndex, KeepsItsLimits) {
  std::vector<LeafIndexEntry> pages(kLeafPagesMax);
  for (std::size_t i = 0; i < pages.size(); ++i) pages[i].first = PlaceOf(LeafNumber(i));
  Buffer index = LeafIndexBytes(pages);
  EXPECT_TRUE(ParseLeafIndex(index).ok());
  index.resize(index.size() + kLeafIndexEntryBytes);
  EXPECT_EQ(What(ParseLeafIndex(index)), "leaf index: more than 65536 pages");
  index.pop_back();
  EXPECT_EQ(Code(ParseLeafIndex(index)), ErrorCode::kInvalid);
  EXPECT_EQ(What(ParseLeafIndex(Buffer{2})), "leaf index: 1 bytes, not whole entries");
  EXPECT_EQ(What(ParseLeafIndex(Buffer{3})), "leaf index: version 3 is unknown");
}

TEST(ParseLeafIndex, RefusesPagesOutOfOrder) {
  std::vector<LeafIndexEntry> pages(3);
  for (std::size_t i = 0; i < pages.size(); ++i) pages[i].first = PlaceOf(LeafNumber(i));
  EXPECT_TRUE(ParseLeafIndex(LeafIndexBytes(pages)).ok());
  std::swap(pages[1], pages[2]);
  EXPECT_EQ(What(ParseLeafIndex(LeafIndexBytes(pages))), "leaf index: page 2 is out of order");
  pages[2] = pages[1];
  EXPECT_EQ(What(ParseLeafIndex(LeafIndexBytes(pages))), "leaf index: page 2 is out of order");
  pages.erase(pages.begin());
  EXPECT_EQ(What(ParseLeafIndex(LeafIndexBytes(pages))), "leaf index: page 0 is out of order");
}

}  // namespace
}  // namespace probatio::seal
