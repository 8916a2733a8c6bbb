// Leaves packed and unpacked. Positions, last marks and next links of a page's inner leaves are not stored,
// so they cannot be wrong: they are told from the tokens.
#include "seal/leaf_page.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::seal {
namespace {

constexpr std::uint8_t kPageVersion = 2;
constexpr std::uint8_t kIndexVersion = 2;

struct PageHead {
  std::uint32_t first_position = 0;
  bool last = false;  // of the last leaf, like the next
  Token next{};
};

template <std::size_t kSize>
Status ReadInto(ByteReader* in, std::array<std::uint8_t, kSize>* out) {
  const Bytes bytes = TRY(in->Raw(kSize));
  std::copy(bytes.begin(), bytes.end(), out->begin());
  return Done{};
}

Result<PageHead> ReadHead(ByteReader* in) {
  const std::uint8_t version = TRY(in->U8());
  if (version != kPageVersion) return Invalid(fmt::format("leaf page: version {} is unknown", version));
  PageHead head;
  head.first_position = TRY(in->U32());
  if (head.first_position >= kSegmentLeavesMax) {
    return Invalid(
        fmt::format("leaf page: position {} of more than {}", head.first_position, kSegmentLeavesMax));
  }
  const std::uint8_t last = TRY(in->U8());
  if (last > 1) return Invalid("leaf page: last mark at offset 5 is neither 0 nor 1");
  head.last = last == 1;
  TRY(ReadInto(in, &head.next));
  return head;
}

Result<std::vector<BlockLeaf>> ReadPacked(ByteReader* in) {
  std::vector<BlockLeaf> leaves(in->remaining() / kPackedLeafBytes);
  for (BlockLeaf& leaf : leaves) {
    TRY(ReadInto(in, &leaf.token));
    TRY(ReadInto(in, &leaf.faces_root));
    TRY(ReadInto(in, &leaf.sealed_digest));
  }
  return leaves;
}

// Leaves of one token count up; the last of them announces the token that follows.
void FillIn(const PageHead& head, std::vector<BlockLeaf>* leaves) {
  std::uint32_t position = head.first_position;
  for (std::size_t i = 0; i < leaves->size(); ++i) {
    BlockLeaf& leaf = (*leaves)[i];
    leaf.position = position;
    leaf.last = i + 1 < leaves->size() ? (*leaves)[i + 1].token != leaf.token : head.last;
    position = leaf.last ? 0 : position + 1;
  }
  Token next = head.next;
  for (std::size_t i = leaves->size(); i-- > 0;) {
    BlockLeaf& leaf = (*leaves)[i];
    if (i + 1 < leaves->size() && leaf.last) next = (*leaves)[i + 1].token;
    leaf.next = next;
  }
}

Status CheckOrder(std::span<const BlockLeaf> leaves) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const bool ascends = leaves[i].token < leaves[i].next;
    const bool sentinel_or_not_zero = leaves[i].token != kTokenSentinel || (i == 0 && IsSentinel(leaves[i]));
    if (ascends && sentinel_or_not_zero) continue;
    return CryptoError(fmt::format("leaf {} of the page: chain is broken", i));
  }
  return Done{};
}

}  // namespace

Buffer LeafPageBytes(std::span<const BlockLeaf> leaves) {
  CHECK(!leaves.empty() && leaves.size() <= kLeavesPerPage);
  ByteWriter out;
  out.U8(kPageVersion);
  out.U32(leaves.front().position);
  out.U8(leaves.back().last ? 1 : 0);
  out.Raw(leaves.back().next);
  for (const BlockLeaf& leaf : leaves) {
    out.Raw(leaf.token);
    out.Raw(leaf.faces_root);
    out.Raw(leaf.sealed_digest);
  }
  return out.Take();
}

Result<std::vector<BlockLeaf>> ParseLeafPage(Bytes bytes) {
  if (bytes.size() < kLeafPageHeadBytes + kPackedLeafBytes ||
      (bytes.size() - kLeafPageHeadBytes) % kPackedLeafBytes != 0) {
    return Invalid(fmt::format("leaf page: {} bytes, not whole leaves", bytes.size()));
  }
  if (bytes.size() > kLeafPageHeadBytes + kLeavesPerPage * kPackedLeafBytes) {
    return Invalid(fmt::format("leaf page: more than {} leaves", kLeavesPerPage));
  }
  ByteReader in(bytes);
  const PageHead head = TRY(ReadHead(&in));
  std::vector<BlockLeaf> leaves = TRY(ReadPacked(&in));
  FillIn(head, &leaves);
  TRY(CheckOrder(leaves));
  return leaves;
}

Buffer LeafIndexBytes(std::span<const LeafIndexEntry> pages) {
  CHECK(!pages.empty() && pages.size() <= kLeafPagesMax);
  ByteWriter out;
  out.U8(kIndexVersion);
  for (const LeafIndexEntry& page : pages) {
    out.Raw(page.first.token);
    out.U32(page.first.position);
    out.Raw(page.root);
  }
  return out.Take();
}

Result<std::vector<LeafIndexEntry>> ParseLeafIndex(Bytes bytes) {
  ByteReader in(bytes);
  const std::uint8_t version = TRY_IN("leaf index", in.U8());
  if (version != kIndexVersion) return Invalid(fmt::format("leaf index: version {} is unknown", version));
  const std::size_t count = in.remaining() / kLeafIndexEntryBytes;
  if (count == 0 || in.remaining() % kLeafIndexEntryBytes != 0) {
    return Invalid(fmt::format("leaf index: {} bytes, not whole entries", bytes.size()));
  }
  if (count > kLeafPagesMax) return Invalid(fmt::format("leaf index: more than {} pages", kLeafPagesMax));
  std::vector<LeafIndexEntry> pages(count);
  for (std::size_t i = 0; i < count; ++i) {
    TRY(ReadInto(&in, &pages[i].first.token));
    pages[i].first.position = TRY(in.U32());
    TRY(ReadInto(&in, &pages[i].root));
    const bool in_order = i == 0 ? pages[i].first == LeafPlace{} : pages[i - 1].first < pages[i].first;
    if (!in_order) return CryptoError(fmt::format("leaf index: page {} is out of order", i));
  }
  return pages;
}

LeafPages PagesOf(std::span<const BlockLeaf> leaves) {
  CHECK(leaves.size() <= kSegmentLeavesMax && CheckChain(leaves).ok());
  LeafPages all;
  std::vector<LeafIndexEntry> index;
  for (std::size_t first = 0; first < leaves.size(); first += kLeavesPerPage) {
    const auto page = leaves.subspan(first, std::min(kLeavesPerPage, leaves.size() - first));
    index.push_back({PlaceOf(page.front()), SegmentRoot(page)});
    all.pages.push_back(LeafPageBytes(page));
  }
  all.index = LeafIndexBytes(index);
  return all;
}

}  // namespace probatio::seal
