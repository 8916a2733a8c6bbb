// A ledger's storage in memory, for tests. Not thread-safe.
#include "ledger/memory_storage.h"

#include <algorithm>

namespace probatio::ledger {
namespace {

template <class T>
std::vector<T> Slice(const std::vector<T>& all, std::uint64_t first, std::uint64_t count) {
  if (first >= all.size()) return {};
  const std::uint64_t taken = std::min<std::uint64_t>(count, all.size() - first);
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(taken)};
}

}  // namespace

Status MemoryStorage::Append(const Head& expected, std::span<const std::string> added, const Head& next) {
  if (next_append_fails) {
    const Error error = *next_append_fails;
    next_append_fails.reset();
    return error;
  }
  if (head != expected) return StorageError("ledger: somebody else appended");
  for (const std::string& entry : added) leaves.push_back(crypto::LeafHash(AsBytes(entry)));
  entries.insert(entries.end(), added.begin(), added.end());
  head = next;
  return Done{};
}

Result<std::vector<std::string>> MemoryStorage::Read(std::uint64_t first, std::uint64_t count) const {
  return Slice(entries, first, count);
}

Result<std::vector<crypto::Digest>> MemoryStorage::ReadLeaves(std::uint64_t first,
                                                              std::uint64_t count) const {
  return Slice(leaves, first, count);
}

}  // namespace probatio::ledger
