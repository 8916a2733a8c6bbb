// A ledger's storage in memory, for tests. Its parts are open, so that a test can play the thief, the crash
// and the full disk. Not thread-safe.
#pragma once

#include <optional>

#include "ledger/storage.h"

namespace probatio::ledger {

class MemoryStorage : public Storage {
 public:
  Result<Head> ReadHead() const override { return head; }
  Status Append(const Head& expected, std::span<const std::string> added, const Head& next) override;
  Result<std::vector<std::string>> Read(std::uint64_t first, std::uint64_t count) const override;
  Result<std::vector<crypto::Digest>> ReadLeaves(std::uint64_t first, std::uint64_t count) const override;

  std::vector<std::string> entries;
  std::vector<crypto::Digest> leaves;  // as noted when appended; a test may clear them
  Head head{0, crypto::MerkleRoot({})};
  std::optional<Error> next_append_fails;  // the next append fails with this and changes nothing
};

}  // namespace probatio::ledger
