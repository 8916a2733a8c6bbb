// The box in memory and its faults. One lock, held for each whole call, makes a write all or nothing.
#include "store/memory/memory_box.h"

#include "store/entry_limits.h"

namespace probatio::store {

Status MemoryBox::Write(std::span<const seal::BoxEntry> entries) {
  TRY(CheckEntries(entries));
  const std::lock_guard lock(mutex_);
  TRY(TakeWrite());
  for (const seal::BoxEntry& entry : entries) values_[entry.key] = entry.value;
  return Done{};
}

Result<std::optional<Buffer>> MemoryBox::Read(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = values_.find(key);
  if (found == values_.end() || hidden_.count(key) > 0) return std::optional<Buffer>();
  return std::optional<Buffer>(found->second);
}

Status MemoryBox::Erase(std::span<const std::string> keys) {
  const std::lock_guard lock(mutex_);
  TRY(TakeWrite());
  for (const std::string& key : keys) values_.erase(key);
  return Done{};
}

Result<std::vector<std::string>> MemoryBox::List(const std::string& prefix) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> keys;
  for (auto entry = values_.lower_bound(prefix); entry != values_.end(); ++entry) {
    if (entry->first.compare(0, prefix.size(), prefix) != 0) break;
    if (hidden_.count(entry->first) == 0) keys.push_back(entry->first);
  }
  return keys;
}

void MemoryBox::Hide(const std::string& key) {
  const std::lock_guard lock(mutex_);
  hidden_.insert(key);
}

void MemoryBox::Show(const std::string& key) {
  const std::lock_guard lock(mutex_);
  hidden_.erase(key);
}

void MemoryBox::Replace(const std::string& key, Buffer value) {
  const std::lock_guard lock(mutex_);
  values_[key] = std::move(value);
}

void MemoryBox::FailWritesAfter(std::size_t count) {
  const std::lock_guard lock(mutex_);
  writes_left_ = count;
}

Status MemoryBox::TakeWrite() {
  if (!writes_left_.has_value()) return Done{};
  if (*writes_left_ == 0) return StorageError("box: write failed");
  --*writes_left_;
  return Done{};
}

}  // namespace probatio::store
