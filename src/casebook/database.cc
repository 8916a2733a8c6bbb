// SQLite through SOCI. Write-ahead log with synchronous=FULL: a commit is on disk when it returns. For one
// thread.
#include "casebook/database.h"

#include <fmt/format.h>
#include <soci/soci-config.h>
// Debian builds SOCI with Boost. We use none of what that adds, and Boost is not among our packages.
#undef SOCI_HAVE_BOOST
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <exception>

#include "casebook/casebook.h"

namespace probatio::casebook {
namespace {

std::string Ask(soci::session& sql, const std::string& question) {
  std::string answer;
  sql << question, soci::into(answer);
  return answer;
}

}  // namespace

Database::Database(std::string path, std::unique_ptr<soci::session> session)
    : path_(std::move(path)), session_(std::move(session)) {}

Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  // SOCI reads its connection text by quotes; one inside the path would end it early and open another file.
  if (path.empty() || path.find('"') != std::string::npos) {
    return Invalid("casebook: a path that is empty or has a quotation mark");
  }
  std::unique_ptr<Database> database(new Database(path, std::make_unique<soci::session>()));
  TRY(database->Run([&]() -> Status {
    database->session_->open(soci::sqlite3, fmt::format("db=\"{}\"", path));
    return database->Configure();
  }));
  return database;
}

Status Database::Configure() {
  soci::session& sql = *session_;
  Ask(sql, fmt::format("PRAGMA busy_timeout={}", kBusyWaitMs));
  if (Ask(sql, "PRAGMA journal_mode=WAL") != "wal") {
    return StorageError(fmt::format("casebook: {}: no write-ahead log on this file system", path_));
  }
  sql << "PRAGMA synchronous=FULL";
  sql << "PRAGMA foreign_keys=ON";
  const bool configured = Ask(sql, "PRAGMA synchronous") == "2" && Ask(sql, "PRAGMA foreign_keys") == "1";
  if (!configured) return StorageError(fmt::format("casebook: {}: the engine ignores its settings", path_));
  const std::string found = Ask(sql, "PRAGMA quick_check(1)");
  if (found != "ok") return StorageError(fmt::format("casebook: {}: damaged: {}", path_, found));
  return Done{};
}

Status Database::Write(const std::function<Status()>& work) {
  CHECK(!writing_);
  const Status begun = Run([&]() -> Status {
    *session_ << "BEGIN IMMEDIATE";
    return Done{};
  });
  if (!begun.ok()) return begun;
  writing_ = true;
  const Status done = Run([&]() -> Status {
    TRY(work());
    *session_ << "COMMIT";
    return Done{};
  });
  writing_ = false;
  if (done.ok()) return done;
  // SQLite may have rolled back by itself (full disk); a second rollback then fails and says nothing new.
  const Status rolled_back = Run([&]() -> Status {
    *session_ << "ROLLBACK";
    return Done{};
  });
  static_cast<void>(rolled_back);
  return done;
}

// Only the bare message: the context that SOCI adds quotes the values, and a value may be a person.
Error Database::Caught() const {
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const soci::soci_error& error) {
    return StorageError(fmt::format("casebook: {}: {}", path_, error.get_error_message()));
  } catch (const std::exception& error) {
    return StorageError(fmt::format("casebook: {}: {}", path_, error.what()));
  }
}

}  // namespace probatio::casebook
