// The schema as a list of steps: a step that was once released is never edited, a change is a new step.
// Columns named "sealed" in docs/formats/ledger.md hold Base64 of an AES-256-GCM box. Instants are
// nanoseconds since 1970.
#include "casebook/schema.h"

#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include <array>
#include <span>

namespace probatio::casebook {
namespace {

constexpr const char* kFirstStep[] = {
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE ledger_head (id BIGINT PRIMARY KEY CHECK (id = 1), size BIGINT NOT NULL, root TEXT NOT "
    "NULL)",
    "CREATE TABLE ledger_entries (position BIGINT PRIMARY KEY, entry TEXT NOT NULL, leaf TEXT NOT NULL)",
    "CREATE TABLE orders (id TEXT PRIMARY KEY, source TEXT NOT NULL, received_at BIGINT NOT NULL)",
    "CREATE TABLE order_events (ledger_index BIGINT PRIMARY KEY REFERENCES ledger_entries (position),"
    " order_id TEXT NOT NULL REFERENCES orders (id), event TEXT NOT NULL, salt TEXT NOT NULL)",
    "CREATE INDEX order_events_by_order ON order_events (order_id, ledger_index)",
    "CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, certificate TEXT NOT "
    "NULL,"
    " active BIGINT NOT NULL)",
    "CREATE TABLE approvals (ledger_index BIGINT PRIMARY KEY REFERENCES order_events (ledger_index),"
    " order_id TEXT NOT NULL REFERENCES orders (id), person TEXT NOT NULL, at BIGINT NOT NULL, scope TEXT "
    "NOT NULL,"
    " certificate TEXT NOT NULL, signature TEXT NOT NULL)",
    "CREATE TABLE holds (ledger_index BIGINT PRIMARY KEY REFERENCES ledger_entries (position),"
    " order_id TEXT NOT NULL REFERENCES orders (id), streams TEXT NOT NULL, period_begin BIGINT NOT NULL,"
    " period_end BIGINT NOT NULL, pinned_at BIGINT NOT NULL, released_at BIGINT)",
    "CREATE TABLE deliveries (ledger_index BIGINT PRIMARY KEY REFERENCES ledger_entries (position),"
    " order_id TEXT NOT NULL REFERENCES orders (id), package TEXT NOT NULL, receipt TEXT NOT NULL,"
    " at BIGINT NOT NULL)",
};

constexpr const char* kContactsAndNotices[] = {
    "CREATE TABLE contacts (person TEXT PRIMARY KEY REFERENCES people (id), email TEXT NOT NULL,"
    " on_call BIGINT NOT NULL, substitute TEXT NOT NULL)",
    "CREATE TABLE absences (person TEXT NOT NULL REFERENCES people (id), period_begin BIGINT NOT NULL,"
    " period_end BIGINT NOT NULL, PRIMARY KEY (person, period_begin, period_end))",
    "CREATE TABLE notices (notice TEXT NOT NULL, addressee TEXT NOT NULL, attempts BIGINT NOT NULL,"
    " tried_at BIGINT NOT NULL, next_try BIGINT NOT NULL, sent_at BIGINT, failure TEXT NOT NULL,"
    " PRIMARY KEY (notice, addressee))",
};

constexpr const char* kApprovalRequests[] = {
    "CREATE TABLE approval_requests (ledger_index BIGINT PRIMARY KEY REFERENCES ledger_entries (position),"
    " order_id TEXT NOT NULL REFERENCES orders (id), at BIGINT NOT NULL, scope TEXT NOT NULL, salt TEXT NOT "
    "NULL)",
};

constexpr const char* kProtections[] = {
    "CREATE TABLE protections (ledger_index BIGINT PRIMARY KEY REFERENCES ledger_entries (position),"
    " digest TEXT NOT NULL UNIQUE, profession TEXT NOT NULL, added_by TEXT NOT NULL, added_at BIGINT NOT "
    "NULL)",
};

const std::array<std::span<const char* const>, kSchemaVersion> kSteps{kFirstStep, kContactsAndNotices,
                                                                      kApprovalRequests, kProtections};

Status ApplyFrom(Database& database, long long version) {
  soci::session& sql = database.sql();
  for (; version < kSchemaVersion; ++version) {
    for (const char* statement : kSteps[static_cast<std::size_t>(version)]) sql << statement;
    const long long reached = version + 1;
    sql << "INSERT INTO migrations (version) VALUES (:version)", soci::use(reached);
  }
  return Done{};
}

Result<long long> ReadVersion(Database& database) {
  return database.Run([&]() -> Result<long long> {
    long long tables = 0;
    database.sql() << "SELECT COUNT(*) FROM sqlite_master WHERE name = 'migrations'", soci::into(tables);
    if (tables == 0) return StorageError(fmt::format("casebook: {}: not a casebook", database.path()));
    long long version = 0;
    database.sql() << "SELECT COALESCE(MAX(version), 0) FROM migrations", soci::into(version);
    return version;
  });
}

}  // namespace

Status CreateSchema(Database& database) {
  return database.Write([&]() -> Status {
    database.sql() << "CREATE TABLE migrations (version BIGINT PRIMARY KEY)";
    return ApplyFrom(database, 0);
  });
}

Status MigrateSchema(Database& database) {
  const long long version = TRY(ReadVersion(database));
  if (version > kSchemaVersion) {
    return StorageError(fmt::format("casebook: {}: schema {} was made by a newer program, this one knows {}",
                                    database.path(), version, kSchemaVersion));
  }
  if (version == kSchemaVersion) return Done{};
  if (version < 1)
    return StorageError(fmt::format("casebook: {}: its creation was never finished", database.path()));
  return database.Write([&]() -> Status {
    // Somebody else may have migrated while we waited for the lock.
    const long long now = TRY(ReadVersion(database));
    return ApplyFrom(database, now);
  });
}

}  // namespace probatio::casebook
