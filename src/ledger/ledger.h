// The audit ledger: an append-only RFC 9162 tree over entries.
//   L1  what Append returned for is durable and at that index for ever;
//   L2  an append compares and swaps (size, root) in one transaction: a paused writer cannot fork the tree;
//   L3  a checkpoint is signed only over a committed tree.
// One Ledger object is for one thread; several processes may hold one each (L2).
#pragma once

#include <vector>

#include "crypto/merkle_tree.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/storage.h"

namespace probatio::ledger {

// An entry with its place and the path to a checkpoint: verifies alone.
struct EntryProof {
  std::string entry;  // canonical JSON
  std::uint64_t index = 0;
  std::vector<crypto::Digest> path;
  std::string checkpoint;  // signed note
};

inline constexpr std::uint64_t kEntriesPerAppendMax = 10'000;

class Ledger {
 public:
  // Reads all entries once and recomputes the root: kStorage "ledger: entry 17 does not belong to the
  // recorded root" when the storage was altered. The entry is named where the storage's noted leaf hashes
  // allow it. `storage` outlives the ledger; CHECKs an Ed25519 key; kInvalid for an origin that cannot name a
  // key.
  static Result<Ledger> Open(Storage& storage, std::string origin, crypto::PrivateKey key);

  // kInvalid for an entry that CheckEntry refuses; kStorage when nothing was appended. After "somebody else
  // appended": Refresh, look again whether the entry still holds, Append.
  Result<std::uint64_t> Append(const Entry& entry);  // its index
  Status AppendAll(std::span<const Entry> entries);  // one transaction; at most kEntriesPerAppendMax
  // Reads what other processes appended. kStorage when the storage no longer continues the tree seen before.
  Status Refresh();

  std::uint64_t size() const { return tree_.size(); }
  const std::vector<Entry>& entries() const { return entries_; }
  const crypto::MerkleTree& tree() const { return tree_; }
  const std::string& origin() const { return origin_; }
  const Storage& storage() const { return *storage_; }
  std::string verifier_key() const;

  Result<std::string> SignedCheckpoint() const;  // over the present tree
  // CHECKs the index.
  Result<EntryProof> Prove(std::uint64_t index) const;
  // Consistency proof from an older size to now, or to another one. CHECKs 0 < old_size <= new_size <=
  // size().
  std::vector<crypto::Digest> Consistency(std::uint64_t old_size) const;
  std::vector<crypto::Digest> ConsistencyAt(std::uint64_t old_size, std::uint64_t new_size) const;

 private:
  Ledger(Storage& storage, std::string origin, crypto::PrivateKey key)
      : storage_(&storage), origin_(std::move(origin)), key_(std::move(key)) {}
  Status ReadUpTo(const Head& head);
  Status CheckNothingBeyond() const;
  Error Altered(std::uint64_t first, const Head& head) const;
  void ForgetFrom(std::uint64_t size);

  Storage* storage_;
  std::string origin_;
  crypto::PrivateKey key_;
  crypto::MerkleTree tree_;
  std::vector<Entry> entries_;
};

// kCrypto names what fails: checkpoint signature, inclusion. Returns the entry and the checkpoint it is
// proved under.
struct ProvedEntry {
  Entry entry;
  Checkpoint checkpoint;
};
Result<ProvedEntry> VerifyEntry(const EntryProof& proof, const std::string& verifier_key);

}  // namespace probatio::ledger
