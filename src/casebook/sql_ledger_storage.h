// The ledger's tree in the casebook's database, so that a fact and its entry share one transaction. For one
// thread.
#pragma once

#include <functional>

#include "casebook/database.h"
#include "ledger/ledger.h"

namespace probatio::casebook {

class SqlLedgerStorage : public ledger::Storage {
 public:
  explicit SqlLedgerStorage(Database& database) : database_(&database) {}

  Result<ledger::Head> ReadHead() const override;
  Status Append(const ledger::Head& expected, std::span<const std::string> entries,
                const ledger::Head& next) override;
  Result<std::vector<std::string>> Read(std::uint64_t first, std::uint64_t count) const override;
  Result<std::vector<crypto::Digest>> ReadLeaves(std::uint64_t first, std::uint64_t count) const override;

  // Appends `entry` to `ledger`, which lies here (CHECKed), and runs `beside` with its index in the same
  // transaction: both or neither. When another process was quicker, the ledger is refreshed and both are
  // tried again, so `beside` looks at the database and not at what it saw before.
  using Beside = std::function<Status(std::uint64_t index)>;
  Result<std::uint64_t> AppendWith(ledger::Ledger& ledger, const ledger::Entry& entry, const Beside& beside);

 private:
  Database* database_;
  Beside beside_;  // set only while AppendWith runs
};

}  // namespace probatio::casebook
