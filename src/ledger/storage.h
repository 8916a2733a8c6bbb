// Where a ledger's tree lies. Implementations: memory_storage.h (tests), casebook/sql_ledger_storage.h. An
// implementation says about its own threads; the contract below holds between processes.
#pragma once

#include <string>
#include <vector>

#include "crypto/merkle.h"

namespace probatio::ledger {

struct Head {
  std::uint64_t size = 0;
  crypto::Digest root{};
  bool operator==(const Head&) const = default;
};

class Storage {
 public:
  virtual ~Storage() = default;
  virtual Result<Head> ReadHead() const = 0;  // size 0, root of the empty tree when new
  // In one transaction: refuses with kStorage "ledger: somebody else appended" unless the head is `expected`,
  // appends the entries, sets `next`. Durable when it returns.
  virtual Status Append(const Head& expected, std::span<const std::string> entries, const Head& next) = 0;
  // The entries from index `first` on, at most `count`; fewer where the stored entries end. What lies beyond
  // the head is returned too: the ledger must see what was slipped in.
  virtual Result<std::vector<std::string>> Read(std::uint64_t first, std::uint64_t count) const = 0;
  // The leaf hashes as they were noted when the entries were appended, for the same indexes; empty when the
  // storage keeps none. Trusted for nothing but to name the entry that was altered.
  virtual Result<std::vector<crypto::Digest>> ReadLeaves(std::uint64_t /*first*/,
                                                         std::uint64_t /*count*/) const {
    return std::vector<crypto::Digest>();
  }
};

}  // namespace probatio::ledger
