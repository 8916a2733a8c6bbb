// The audit ledger: an append-only RFC 9162 tree over entries.
//   L1  what Append returned for is durable and at that index for ever;
//   L2  an append compares and swaps (size, root) in one transaction: a paused writer cannot fork the tree;
//   L3  a checkpoint is signed only over a committed tree.
// One Ledger object is for one thread; several processes may hold one each (L2).
#pragma once

#include <vector>

#include "crypto/merkle.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"

namespace probatio::ledger {

struct Head {
  std::uint64_t size = 0;
  crypto::Digest root{};
  bool operator==(const Head&) const = default;
};

// Where the tree lies. Implementations: casebook (SQL), memory_storage.h (tests).
class Storage {
 public:
  virtual ~Storage() = default;
  virtual Result<Head> ReadHead() const = 0;  // size 0, root of the empty tree when new
  // In one transaction: refuses with kStorage "ledger: somebody else appended" unless the head is `expected`, appends the
  // entries, sets `next`. Durable when it returns.
  virtual Status Append(const Head& expected, std::span<const std::string> entries, const Head& next) = 0;
  virtual Result<std::vector<std::string>> Read(std::uint64_t first, std::uint64_t count) const = 0;
};

// An entry with its place and the path to a checkpoint: verifies alone.
struct EntryProof {
  std::string entry;                    // canonical JSON
  std::uint64_t index = 0;
  std::vector<crypto::Digest> path;
  std::string checkpoint;               // signed note
};

class Ledger {
 public:
  // Reads all entries once and recomputes the root: kStorage "ledger: entry 17 does not belong to the recorded root" when the
  // storage was altered.
  static Result<Ledger> Open(Storage& storage, std::string origin, crypto::PrivateKey key);

  Result<std::uint64_t> Append(const Entry& entry);  // its index
  Status AppendAll(std::span<const Entry> entries);  // one transaction
  Status Refresh();                                  // reads what other processes appended

  std::uint64_t size() const { return leaves_.size(); }
  const std::vector<Entry>& entries() const { return entries_; }
  const std::string& origin() const { return origin_; }
  std::string verifier_key() const;

  Result<std::string> SignedCheckpoint() const;      // over the present tree
  // CHECKs the index.
  Result<EntryProof> Prove(std::uint64_t index) const;
  // Consistency proof from an older size to now. CHECKs 0 < old_size <= size().
  std::vector<crypto::Digest> Consistency(std::uint64_t old_size) const;

 private:
  Ledger(Storage& storage, std::string origin, crypto::PrivateKey key)
      : storage_(&storage), origin_(std::move(origin)), key_(std::move(key)) {}
  Storage* storage_;
  std::string origin_;
  crypto::PrivateKey key_;
  Head head_;
  std::vector<crypto::Digest> leaves_;
  std::vector<Entry> entries_;
};

// kCrypto names what fails: checkpoint signature, inclusion. Returns the entry and the checkpoint it is proved under.
struct ProvedEntry {
  Entry entry;
  Checkpoint checkpoint;
};
Result<ProvedEntry> VerifyEntry(const EntryProof& proof, const std::string& verifier_key);

}  // namespace probatio::ledger
