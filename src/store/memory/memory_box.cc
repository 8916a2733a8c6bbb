// The box in memory and its faults. One lock, held for each whole call, makes a write all or nothing.
#include "store/memory/memory_box.h"

#include <iterator>
#include <utility>

#include "store/entry_limits.h"

namespace probatio::store {

Status MemoryBox::Write(std::span<const seal::BoxEntry> entries) {
  TRY(CheckEntries(entries));
  const std::lock_guard lock(mutex_);
  TRY(TakeWrite());
  for (const seal::BoxEntry& entry : entries) values_[entry.key] = entry.value;
  return Done{};
}

Status MemoryBox::Stage(std::vector<seal::BoxEntry> entries) {
  const std::lock_guard lock(mutex_);
  Status allowed = CheckEntries(entries);
  if (allowed.ok()) allowed = TakeWrite();
  if (!allowed.ok()) staged_.clear();
  TRY(std::move(allowed));
  std::move(entries.begin(), entries.end(), std::back_inserter(staged_));
  return Done{};
}

Status MemoryBox::Settle() {
  const std::lock_guard lock(mutex_);
  const std::vector<seal::BoxEntry> settled = std::exchange(staged_, {});
  TRY(TakeWrite());
  for (const seal::BoxEntry& entry : settled) values_[entry.key] = entry.value;
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

Status MemoryBox::EraseAll(const std::string& prefix) {
  if (prefix.empty()) return Invalid("box: an empty prefix would erase everything");
  const std::lock_guard lock(mutex_);
  TRY(TakeWrite());
  std::erase_if(values_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
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
