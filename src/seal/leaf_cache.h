// Leaf pages and indexes that were read and held against a root, kept for the next look-up. They hold tokens
// and digests, nothing that a key protects; opened blocks are never kept. Not thread-safe.
#pragma once

#include <cstring>
#include <list>
#include <memory>
#include <unordered_map>

#include "crypto/merkle_tree.h"
#include "seal/leaf_page.h"

namespace probatio::seal {

// A page as a look-up uses it: its leaves, and their tree for proofs.
struct HeldPage {
  std::vector<BlockLeaf> leaves;
  crypto::MerkleTree tree;
};

struct HeldIndex {
  std::vector<LeafIndexEntry> pages;
  crypto::MerkleTree tree;  // over the page roots
};

inline constexpr std::size_t kLeafCacheBytesMax = 32U << 20;  // some 1,500 pages, or 200,000 leaves

// The least recently used goes first. What was handed out stays good while somebody holds it.
class LeafCache {
 public:
  explicit LeafCache(std::size_t bytes_max = kLeafCacheBytesMax) : bytes_max_(bytes_max) {}

  // By the segment root they were held against: what is found here needs no further check.
  std::shared_ptr<const HeldIndex> Index(const crypto::Digest& root);
  std::shared_ptr<const HeldPage> Page(const crypto::Digest& root, std::size_t page);
  void KeepIndex(const crypto::Digest& root, std::shared_ptr<const HeldIndex> index);
  void KeepPage(const crypto::Digest& root, std::size_t page, std::shared_ptr<const HeldPage> held);

  std::size_t bytes() const { return bytes_; }

 private:
  // Of a segment, 0 is its index and n + 1 its page n.
  using Name = std::pair<crypto::Digest, std::size_t>;
  struct Entry {
    Name name;
    std::shared_ptr<const HeldIndex> index;
    std::shared_ptr<const HeldPage> page;
    std::size_t bytes = 0;
  };
  struct Hash {
    // A segment's root is as good as random; its pages are spread from there.
    std::size_t operator()(const Name& name) const {
      std::size_t hash = 0;
      std::memcpy(&hash, name.first.data(), sizeof(hash));
      return hash ^ name.second * 0x9E3779B97F4A7C15ULL;
    }
  };
  const Entry* Find(const Name& name);
  void Keep(Entry entry);

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<Name, std::list<Entry>::iterator, Hash> by_name_;
};

}  // namespace probatio::seal
