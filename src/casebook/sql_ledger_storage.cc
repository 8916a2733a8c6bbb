// The ledger's tree in SQL. The write lock is taken before the head is compared, so compare and swap are one
// step. For one thread.
#include "casebook/sql_ledger_storage.h"

#include <fmt/format.h>
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST  // see database.cc
#include <soci/soci.h>

#include <algorithm>
#include <limits>

namespace probatio::casebook {
namespace {

constexpr int kAppendAttemptsMax = 8;

Result<crypto::Digest> DigestFromHex(std::string_view hex) {
  const Result<Buffer> bytes = FromHex(hex);
  crypto::Digest digest{};
  if (!bytes.ok() || bytes.value().size() != digest.size()) return StorageError("not a digest");
  std::copy(bytes.value().begin(), bytes.value().end(), digest.begin());
  return digest;
}

// SQL knows no unsigned numbers; what is beyond its largest is beyond any stored entry.
long long ToSql(std::uint64_t number) {
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<long long>::max());
  return static_cast<long long>(std::min(number, kMax));
}

Result<ledger::Head> SelectHead(soci::session& sql) {
  long long size = 0;
  std::string root;
  sql << "SELECT size, root FROM ledger_head WHERE id = 1", soci::into(size), soci::into(root);
  if (!sql.got_data()) return ledger::Head{0, crypto::MerkleRoot({})};
  if (size < 0) return StorageError("ledger: the recorded head has a negative size");
  const crypto::Digest digest = TRY_IN("ledger: recorded root", DigestFromHex(root));
  return ledger::Head{static_cast<std::uint64_t>(size), digest};
}

void InsertEntries(soci::session& sql, std::uint64_t first, std::span<const std::string> entries) {
  long long position = ToSql(first);
  std::string entry;
  std::string leaf;
  soci::statement insert =
      (sql.prepare << "INSERT INTO ledger_entries (position, entry, leaf) VALUES (:p, :e, :l)",
       soci::use(position), soci::use(entry), soci::use(leaf));
  for (const std::string& line : entries) {
    entry = line;
    leaf = ToHex(crypto::LeafHash(AsBytes(line)));
    insert.execute(true);
    ++position;
  }
}

void UpdateHead(soci::session& sql, const ledger::Head& head) {
  const long long size = ToSql(head.size);
  const std::string root = ToHex(head.root);
  sql << "INSERT INTO ledger_head (id, size, root) VALUES (1, :size, :root)"
         " ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root",
      soci::use(size), soci::use(root);
}

// One column of the entries from `first` on. A gap in the positions is a removed entry.
Result<std::vector<std::string>> SelectColumn(soci::session& sql, const char* column, std::uint64_t first,
                                              std::uint64_t count) {
  const long long begin = ToSql(first);
  const long long limit = ToSql(count);
  long long position = 0;
  std::string text;
  soci::statement select =
      (sql.prepare << fmt::format("SELECT position, {} FROM ledger_entries WHERE position >= :first"
                                  " ORDER BY position LIMIT :count",
                                  column),
       soci::into(position), soci::into(text), soci::use(begin), soci::use(limit));
  select.execute();
  std::vector<std::string> texts;
  while (select.fetch()) {
    const std::uint64_t due = first + texts.size();
    if (position != ToSql(due)) return StorageError(fmt::format("ledger: entry {} is missing", due));
    texts.push_back(text);
  }
  return texts;
}

}  // namespace

Result<ledger::Head> SqlLedgerStorage::ReadHead() const {
  return database_->Run([&] { return SelectHead(database_->sql()); });
}

Status SqlLedgerStorage::Append(const ledger::Head& expected, std::span<const std::string> entries,
                                const ledger::Head& next) {
  return database_->Write([&]() -> Status {
    soci::session& sql = database_->sql();
    const ledger::Head head = TRY(SelectHead(sql));
    if (head != expected) return StorageError("ledger: somebody else appended");
    InsertEntries(sql, head.size, entries);
    UpdateHead(sql, next);
    if (beside_) TRY(beside_(head.size));
    return Done{};
  });
}

Result<std::vector<std::string>> SqlLedgerStorage::Read(std::uint64_t first, std::uint64_t count) const {
  return database_->Run([&] { return SelectColumn(database_->sql(), "entry", first, count); });
}

Result<std::vector<crypto::Digest>> SqlLedgerStorage::ReadLeaves(std::uint64_t first,
                                                                 std::uint64_t count) const {
  const std::vector<std::string> texts =
      TRY(database_->Run([&] { return SelectColumn(database_->sql(), "leaf", first, count); }));
  std::vector<crypto::Digest> leaves;
  for (const std::string& text : texts) {
    const crypto::Digest leaf = TRY_IN("ledger: noted leaf", DigestFromHex(text));
    leaves.push_back(leaf);
  }
  return leaves;
}

Result<std::uint64_t> SqlLedgerStorage::AppendWith(ledger::Ledger& ledger, const ledger::Entry& entry,
                                                   const Beside& beside) {
  CHECK(&ledger.storage() == this);
  TRY(ledger.Refresh());
  for (int attempt = 1;; ++attempt) {
    beside_ = beside;
    Result<std::uint64_t> index = ledger.Append(entry);
    beside_ = nullptr;
    if (index.ok() || attempt == kAppendAttemptsMax) return index;
    // Only a ledger that has grown meanwhile makes another attempt worth while.
    const std::uint64_t before = ledger.size();
    TRY(ledger.Refresh());
    if (ledger.size() == before) return index;
  }
}

}  // namespace probatio::casebook
