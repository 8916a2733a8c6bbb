// The leaves of one closed segment, read page by page from the untrusted box and held against the root that
// the ledger has. Whatever the box withheld, replaced or moved is an error, never fewer leaves. One object is
// for one thread; the box and the cache outlive it.
#pragma once

#include "seal/box.h"
#include "seal/directory.h"
#include "seal/leaf_cache.h"
#include "seal/proven_row.h"

namespace probatio::seal {

// kStorage "store incomplete: segment ...: what".
Error StoreIncomplete(const SegmentId& segment, std::string_view what);

struct FoundLeaf {
  BlockLeaf leaf;
  std::uint64_t index = 0;  // among all leaves of the segment
};

class SegmentLeaves {
 public:
  // Reads the index and holds it against leaf count and root. kStorage when it is not theirs.
  static Result<SegmentLeaves> Open(const Box& box, const SegmentInfo& info, LeafCache* cache);

  std::size_t pages() const { return index_->pages.size(); }
  // Held against its root, its place and the page that follows; kStorage names the page that does not fit.
  Result<std::shared_ptr<const HeldPage>> Page(std::size_t page) const;

  // All leaves of a token, to the one that is marked last. None: a miss, proved by the leaf that spans it.
  Result<std::vector<FoundLeaf>> Find(const Token& token) const;
  // The leaf's way to the segment root, from its page and the index alone.
  Result<LeafProof> Prove(const FoundLeaf& found) const;

 private:
  SegmentLeaves(const Box& box, SegmentId id, std::uint64_t leaf_count, const crypto::Digest& root,
                LeafCache* cache)
      : box_(&box), id_(std::move(id)), leaf_count_(leaf_count), root_(root), cache_(cache) {}

  Status OpenIndex();
  Result<std::shared_ptr<const HeldPage>> ReadPage(std::size_t page) const;
  Status CheckPage(std::size_t page, const HeldPage& held) const;
  std::size_t PageBefore(const LeafPlace& place) const;

  const Box* box_;
  SegmentId id_;
  std::uint64_t leaf_count_;
  crypto::Digest root_;
  LeafCache* cache_;
  std::shared_ptr<const HeldIndex> index_;
};

}  // namespace probatio::seal
