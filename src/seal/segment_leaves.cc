// Reading leaves. The root commits to the pages' roots and so to every leaf; the index's first places are
// only said, so each page that is read is held against its own entry and the next one: a wrong place can send
// a look-up to the wrong page, but that page cannot pretend to span the token.
#include "seal/segment_leaves.h"

#include <fmt/format.h>

#include <algorithm>

#include "seal/box_key.h"

namespace probatio::seal {
namespace {

crypto::MerkleTree TreeOf(std::span<const BlockLeaf> leaves) {
  crypto::MerkleTree tree;
  for (const BlockLeaf& leaf : leaves) tree.Append(LeafHash(leaf));
  return tree;
}

// Where the leaf after `leaf` stands; nothing after the end of the chain.
std::optional<LeafPlace> PlaceAfter(const BlockLeaf& leaf) {
  if (!leaf.last) return LeafPlace{leaf.token, leaf.position + 1};
  if (leaf.next == kTokenEnd) return std::nullopt;
  return LeafPlace{leaf.next, 0};
}

}  // namespace

Error StoreIncomplete(const SegmentId& segment, std::string_view what) {
  return StorageError(fmt::format("store incomplete: segment {}: {}", segment.text(), what));
}

Result<SegmentLeaves> SegmentLeaves::Open(const Box& box, const SegmentInfo& info, LeafCache* cache) {
  SegmentLeaves leaves(box, info.id, info.leaf_count, info.root, cache);
  TRY(leaves.OpenIndex());
  return leaves;
}

Status SegmentLeaves::OpenIndex() {
  index_ = cache_->Index(root_);
  if (index_ == nullptr) {
    const std::optional<Buffer> bytes = TRY(box_->Read(LeafIndexKey(id_)));
    if (!bytes.has_value()) return StoreIncomplete(id_, "its leaf index is missing");
    Result<std::vector<LeafIndexEntry>> pages = ParseLeafIndex(*bytes);
    if (!pages.ok()) return StoreIncomplete(id_, pages.error().what());
    const auto held = std::make_shared<HeldIndex>();
    held->pages = std::move(pages).value();
    for (const LeafIndexEntry& page : held->pages) held->tree.Append(page.root);
    if (held->tree.Root() != root_) {
      return StoreIncomplete(id_, "its leaf index is not that of the root in the ledger");
    }
    cache_->KeepIndex(root_, held);
    index_ = held;
  }
  if (pages() != (leaf_count_ + kLeavesPerPage - 1) / kLeavesPerPage) {
    return StoreIncomplete(id_, "its leaf index is not that of the leaf count in the ledger");
  }
  return Done{};
}

Result<std::shared_ptr<const HeldPage>> SegmentLeaves::Page(std::size_t page) const {
  CHECK(page < pages());
  std::shared_ptr<const HeldPage> held = cache_->Page(root_, page);
  if (held != nullptr) return held;
  held = TRY(ReadPage(page));
  cache_->KeepPage(root_, page, held);
  return held;
}

Result<std::shared_ptr<const HeldPage>> SegmentLeaves::ReadPage(std::size_t page) const {
  const std::optional<Buffer> bytes = TRY(box_->Read(LeafPageKey(id_, page)));
  if (!bytes.has_value()) return StoreIncomplete(id_, fmt::format("leaf page {} is missing", page));
  Result<std::vector<BlockLeaf>> leaves = ParseLeafPage(*bytes);
  if (!leaves.ok()) return StoreIncomplete(id_, fmt::format("leaf page {}: {}", page, leaves.error().what()));
  const auto held = std::make_shared<HeldPage>();
  held->leaves = std::move(leaves).value();
  held->tree = TreeOf(held->leaves);
  TRY(CheckPage(page, *held));
  return std::shared_ptr<const HeldPage>(held);
}

Status SegmentLeaves::CheckPage(std::size_t page, const HeldPage& held) const {
  const auto wrong = [&](const char* what) {
    return StoreIncomplete(id_, fmt::format("leaf page {} {}", page, what));
  };
  const std::size_t count = std::min<std::uint64_t>(kLeavesPerPage, leaf_count_ - page * kLeavesPerPage);
  const LeafIndexEntry& entry = index_->pages[page];
  if (held.leaves.size() != count || held.tree.Root() != entry.root) return wrong("was replaced");
  if (PlaceOf(held.leaves.front()) != entry.first) return wrong("does not begin where the index says");
  const std::optional<LeafPlace> after = PlaceAfter(held.leaves.back());
  const bool is_last = page + 1 == pages();
  if (is_last != !after.has_value()) return wrong(is_last ? "is not the end of the chain" : "ends the chain");
  if (!is_last && *after != index_->pages[page + 1].first)
    return wrong("is not followed by what the index says");
  return Done{};
}

// The last page that begins at or before the place. The first begins with the sentinel, before every token.
std::size_t SegmentLeaves::PageBefore(const LeafPlace& place) const {
  const auto after = std::upper_bound(
      index_->pages.begin(), index_->pages.end(), place,
      [](const LeafPlace& sought, const LeafIndexEntry& entry) { return sought < entry.first; });
  CHECK(after != index_->pages.begin());
  return static_cast<std::size_t>(after - index_->pages.begin()) - 1;
}

Result<std::vector<FoundLeaf>> SegmentLeaves::Find(const Token& token) const {
  std::size_t page = PageBefore({token, 0});
  std::shared_ptr<const HeldPage> held = TRY(Page(page));
  auto at = std::lower_bound(held->leaves.begin(), held->leaves.end(), token,
                             [](const BlockLeaf& leaf, const Token& sought) { return leaf.token < sought; });
  if (at == held->leaves.end() || at->token != token) {
    const bool spanned = at != held->leaves.begin() && token < std::prev(at)->next;
    if (!spanned) return StoreIncomplete(id_, fmt::format("leaf page {} does not span what it should", page));
    return std::vector<FoundLeaf>();
  }
  std::vector<FoundLeaf> found;
  for (;; ++at) {
    if (at == held->leaves.end()) {
      held = TRY(Page(++page));
      at = held->leaves.begin();
    }
    if (at->token != token || at->position != found.size()) {
      return StoreIncomplete(id_, fmt::format("leaf page {} breaks the chain of a token", page));
    }
    found.push_back({*at, page * kLeavesPerPage + static_cast<std::size_t>(at - held->leaves.begin())});
    if (at->last) return found;
  }
}

Result<LeafProof> SegmentLeaves::Prove(const FoundLeaf& found) const {
  const std::size_t page = found.index / kLeavesPerPage;
  const std::shared_ptr<const HeldPage> held = TRY(Page(page));
  CHECK(found.index % kLeavesPerPage < held->leaves.size());
  LeafProof proof{found.leaf, found.index, leaf_count_, held->tree.Inclusion(found.index % kLeavesPerPage),
                  root_};
  const std::vector<crypto::Digest> above = index_->tree.Inclusion(page);
  proof.path.insert(proof.path.end(), above.begin(), above.end());
  return proof;
}

}  // namespace probatio::seal
