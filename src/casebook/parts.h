// What a Casebook is made of, shared by the files that implement its methods. Used by casebook/*.cc only.
#pragma once

#include "casebook/casebook.h"
#include "casebook/sealed_columns.h"
#include "casebook/sql_ledger_storage.h"

namespace probatio::casebook {

struct Casebook::Parts {
  Parts(std::unique_ptr<Database> opened, const Key& deployment_key, Random& source)
      : database(std::move(opened)),
        columns(deployment_key, source),
        random(source),
        storage(*database),
        protections(crypto::Hkdf(deployment_key, {AsBytes("probatio protected selectors/1")})) {}

  soci::session& sql() { return database->sql(); }

  std::unique_ptr<Database> database;
  SealedColumns columns;
  Random& random;
  SqlLedgerStorage storage;
  crypto::Hmac protections;

  // kNotFound "order 2024-1: not in the casebook".
  Status RequireOrder(const OrderId& id);

  // Appends `event` as an entry of `type` and writes it down, in one transaction with `before` and `after`.
  // Refuses what order::Apply refuses after the events recorded so far.
  Status RecordEvent(const std::string& type, const OrderId& id, const order::Event& event,
                     ledger::Ledger& ledger, const SqlLedgerStorage::Beside& before,
                     const SqlLedgerStorage::Beside& after);
  Result<std::vector<RecordedEvent>> SelectEvents(const OrderId& id);

  // Hexadecimal; kInvalid as CanonicalSelector says.
  Result<std::string> SelectorDigest(const order::Subject& subject) const;

  // The ledger index of the last assessment or decision: what was approved, or asked for, before it was so
  // without knowing it (order/life.h).
  Result<std::uint64_t> LastChange(const OrderId& id);
};

// SQL knows signed numbers only. An index beyond their range is refused before: no ledger is that long.
inline long long ToSql(std::uint64_t index) {
  CHECK(index <= static_cast<std::uint64_t>(INT64_MAX));
  return static_cast<long long>(index);
}

// A digest column as it was written; kStorage when it was altered.
Result<crypto::Digest> DigestFromColumn(const std::string& hex);

}  // namespace probatio::casebook
