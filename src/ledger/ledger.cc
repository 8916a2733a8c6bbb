// The audit ledger over its storage. In memory it is never ahead of what the storage committed: an append
// that fails is taken back, and a tree that the storage does not confirm is never signed. For one thread.
#include "ledger/ledger.h"

#include <fmt/format.h>

namespace probatio::ledger {
namespace {

constexpr std::uint64_t kReadBatch = 1024;  // entries; bounds memory while the ledger is read

}  // namespace

Result<Ledger> Ledger::Open(Storage& storage, std::string origin, crypto::PrivateKey key) {
  Ledger ledger(storage, std::move(origin), std::move(key));
  // Signing once shows now, not after the first entry, that origin and key can make a checkpoint.
  TRY(ledger.SignedCheckpoint());
  TRY(ledger.Refresh());
  return ledger;
}

Result<std::uint64_t> Ledger::Append(const Entry& entry) {
  const std::uint64_t index = size();
  TRY(AppendAll({&entry, 1}));
  return index;
}

Status Ledger::AppendAll(std::span<const Entry> entries) {
  if (entries.empty()) return Done{};
  if (entries.size() > kEntriesPerAppendMax) {
    return Invalid(fmt::format("ledger: {} entries at once, at most {} are allowed", entries.size(),
                               kEntriesPerAppendMax));
  }
  for (const Entry& entry : entries) TRY(CheckEntry(entry));

  const Head before{size(), tree_.Root()};
  std::vector<std::string> lines;
  for (const Entry& entry : entries) {
    lines.push_back(EntryToJson(entry));
    tree_.Append(crypto::LeafHash(AsBytes(lines.back())));
  }
  const Status appended = storage_->Append(before, lines, {size(), tree_.Root()});
  if (!appended.ok()) {
    tree_.Truncate(before.size);
    return appended.error();
  }
  entries_.insert(entries_.end(), entries.begin(), entries.end());
  return Done{};
}

Status Ledger::Refresh() {
  const Head head = TRY(storage_->ReadHead());
  if (head.size < size()) {
    return StorageError(fmt::format(
        "ledger: the recorded head has {} entries, {} were seen before: rolled back", head.size, size()));
  }
  const std::uint64_t known = size();
  const Status read = ReadUpTo(head);
  if (!read.ok()) {
    ForgetFrom(known);
    return read.error();
  }
  return CheckNothingBeyond();
}

// Takes in the entries up to `head` and holds them to its root.
Status Ledger::ReadUpTo(const Head& head) {
  const std::uint64_t first = size();
  while (size() < head.size) {
    const std::uint64_t count = std::min(kReadBatch, head.size - size());
    const std::vector<std::string> lines = TRY(storage_->Read(size(), count));
    if (lines.empty()) return StorageError(fmt::format("ledger: entry {} is missing", size()));
    if (lines.size() > count) return StorageError("ledger: the storage returned more entries than asked for");
    for (const std::string& line : lines) {
      Result<Entry> entry = EntryFromJson(line);
      if (!entry.ok()) {
        return StorageError(fmt::format("ledger: entry {} does not belong to the recorded root: {}", size(),
                                        entry.error().what()));
      }
      tree_.Append(crypto::LeafHash(AsBytes(line)));
      entries_.push_back(std::move(entry).value());
    }
  }
  if (tree_.Root() != head.root) return Altered(first, head);
  return Done{};
}

// Somebody may append between the reading of the head and this question; then the head has moved as well.
Status Ledger::CheckNothingBeyond() const {
  const std::vector<std::string> surplus = TRY(storage_->Read(size(), 1));
  if (surplus.empty()) return Done{};
  const Head head = TRY(storage_->ReadHead());
  if (head.size > size()) return Done{};
  return StorageError(fmt::format("ledger: entry {} lies beyond the recorded head", size()));
}

// The noted leaf hashes point at the altered entry only if they themselves lead to the recorded root.
Error Ledger::Altered(std::uint64_t first, const Head& head) const {
  const Error unknown = StorageError(
      fmt::format("ledger: the entries from {} to {} do not lead to the recorded root", first, head.size));
  crypto::MerkleTree noted = tree_;
  noted.Truncate(first);
  while (noted.size() < head.size) {
    const auto leaves = storage_->ReadLeaves(noted.size(), std::min(kReadBatch, head.size - noted.size()));
    if (!leaves.ok() || leaves.value().empty()) return unknown;
    for (const crypto::Digest& leaf : leaves.value()) noted.Append(leaf);
  }
  if (noted.size() != head.size || noted.Root() != head.root) return unknown;
  for (std::uint64_t index = first; index < head.size; ++index) {
    if (noted.leaf(index) == tree_.leaf(index)) continue;
    return StorageError(fmt::format("ledger: entry {} does not belong to the recorded root", index));
  }
  return unknown;
}

void Ledger::ForgetFrom(std::uint64_t size) {
  tree_.Truncate(size);
  entries_.resize(size);
}

std::string Ledger::verifier_key() const {
  return VerifierKey(origin_, key_.Public());
}

Result<std::string> Ledger::SignedCheckpoint() const {
  return SignCheckpoint({origin_, size(), tree_.Root()}, key_);
}

Result<EntryProof> Ledger::Prove(std::uint64_t index) const {
  CHECK(index < size());
  std::string checkpoint = TRY(SignedCheckpoint());
  return EntryProof{EntryToJson(entries_[index]), index, tree_.Inclusion(index), std::move(checkpoint)};
}

std::vector<crypto::Digest> Ledger::Consistency(std::uint64_t old_size) const {
  return ConsistencyAt(old_size, size());
}

std::vector<crypto::Digest> Ledger::ConsistencyAt(std::uint64_t old_size, std::uint64_t new_size) const {
  return tree_.Consistency(old_size, new_size);
}

}  // namespace probatio::ledger
