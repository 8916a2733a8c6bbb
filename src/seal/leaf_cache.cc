#include "seal/leaf_cache.h"

namespace probatio::seal {
namespace {

// A tree keeps each leaf hash and every node above, so about two digests a leaf.
constexpr std::size_t kTreeBytesPerLeaf = 2 * sizeof(crypto::Digest);

}  // namespace

std::shared_ptr<const HeldIndex> LeafCache::Index(const crypto::Digest& root) {
  const Entry* const entry = Find({root, 0});
  return entry == nullptr ? nullptr : entry->index;
}

std::shared_ptr<const HeldPage> LeafCache::Page(const crypto::Digest& root, std::size_t page) {
  const Entry* const entry = Find({root, page + 1});
  return entry == nullptr ? nullptr : entry->page;
}

void LeafCache::KeepIndex(const crypto::Digest& root, std::shared_ptr<const HeldIndex> index) {
  const std::size_t bytes =
      sizeof(HeldIndex) + index->pages.size() * (sizeof(LeafIndexEntry) + kTreeBytesPerLeaf);
  Keep({{root, 0}, std::move(index), nullptr, bytes});
}

void LeafCache::KeepPage(const crypto::Digest& root, std::size_t page, std::shared_ptr<const HeldPage> held) {
  const std::size_t bytes = sizeof(HeldPage) + held->leaves.size() * (sizeof(BlockLeaf) + kTreeBytesPerLeaf);
  Keep({{root, page + 1}, nullptr, std::move(held), bytes});
}

const LeafCache::Entry* LeafCache::Find(const Name& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entries_.front();
}

// What is larger than the whole cache passes through it.
void LeafCache::Keep(Entry entry) {
  if (by_name_.count(entry.name) > 0) return;
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  by_name_[entries_.front().name] = entries_.begin();
  while (bytes_ > bytes_max_) {
    bytes_ -= entries_.back().bytes;
    by_name_.erase(entries_.back().name);
    entries_.pop_back();
  }
}

}  // namespace probatio::seal
