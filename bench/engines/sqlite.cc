// SQLite in this process. The table is its own index: a clustered key (address, port, protocol, begin)
// without a row id, integers biased to their shortest form, each batch sorted before it goes in, the file
// repacked at the end. Durability is relaxed in its favour: no rollback journal, no fsync.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "engines/engine.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kBatch = 1'000'000;

// SQLite stores small signed integers in fewer bytes.
std::int64_t Biased(std::uint32_t ip) {
  return std::int64_t{ip} - kPublicBase;
}
int Biased(std::uint16_t port) {
  return int{port} - 32'768;
}

class Sqlite : public Engine {
 public:
  explicit Sqlite(const std::string& folder) : path_(folder + "/rows.db") {}
  ~Sqlite() override { Close(); }

  std::string layout() const override {
    return "WITHOUT ROWID, primary key (ip, port, proto, start), sorted batches of 1 M, vacuumed, no journal";
  }

  Result<LoadCost> Load(const Trace& trace) override {
    block_ = trace.options().mode == Mode::kBlock;
    const std::unique_ptr<SessionStream> rows = trace.Sessions();
    std::vector<Session> batch;
    LoadMeter meter;
    TRY(Open());
    TRY(
        Do("CREATE TABLE n(ip INT, port INT, proto INT, start INT, dur INT, sub INT,"
           " PRIMARY KEY(ip, port, proto, start)) WITHOUT ROWID"));
    while (meter.Feeding([&] { return rows->Next(kBatch, &batch); })) TRY(Insert(&batch));
    TRY(Do("VACUUM"));
    Close();
    return meter.Stop();
  }

  std::uint64_t BytesOnDisk() const override { return BytesUnder(path_.substr(0, path_.rfind('/'))); }

  Status Reopen() override {
    Close();
    TRY(Open());
    return Compile(
        "SELECT sub FROM (SELECT sub, start, dur FROM n WHERE ip=?1 AND port=?2 AND proto=?3 AND start<=?4"
        " ORDER BY start DESC LIMIT 2) WHERE start+dur>?4",
        &find_);
  }

  Result<std::vector<std::uint32_t>> Find(const Question& question) override {
    const std::uint16_t port = block_ ? BlockOf(question.port) : question.port;
    sqlite3_bind_int64(find_, 1, Biased(question.public_ip));
    sqlite3_bind_int(find_, 2, Biased(port));
    sqlite3_bind_int(find_, 3, question.proto);
    sqlite3_bind_int64(find_, 4, question.at_ms);
    std::vector<std::uint32_t> found;
    int step = sqlite3_step(find_);
    for (; step == SQLITE_ROW; step = sqlite3_step(find_)) {
      found.push_back(static_cast<std::uint32_t>(sqlite3_column_int64(find_, 0)));
    }
    sqlite3_reset(find_);
    if (step != SQLITE_DONE) return Failed();
    return found;
  }

 private:
  Error Failed() const { return StorageError(fmt::format("sqlite: {}", sqlite3_errmsg(db_))); }

  Status Open() {
    if (sqlite3_open(path_.c_str(), &db_) != SQLITE_OK) return Failed();
    return Do(
        "PRAGMA page_size=8192; PRAGMA journal_mode=off; PRAGMA synchronous=off; PRAGMA cache_size=-1000000");
  }
  void Close() {
    sqlite3_finalize(find_);
    sqlite3_close(db_);
    find_ = nullptr;
    db_ = nullptr;
  }
  Status Do(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return Failed();
    return Done{};
  }
  Status Compile(const char* sql, sqlite3_stmt** statement) {
    if (sqlite3_prepare_v2(db_, sql, -1, statement, nullptr) != SQLITE_OK) return Failed();
    return Done{};
  }

  Status Insert(std::vector<Session>* batch) {
    std::sort(batch->begin(), batch->end(), [](const Session& a, const Session& b) {
      return std::tie(a.public_ip, a.port, a.proto, a.start_ms) <
             std::tie(b.public_ip, b.port, b.proto, b.start_ms);
    });
    sqlite3_stmt* insert = nullptr;
    TRY(Compile("INSERT INTO n VALUES(?,?,?,?,?,?)", &insert));
    TRY(Do("BEGIN"));
    int step = SQLITE_DONE;
    for (const Session& row : *batch) {
      sqlite3_bind_int64(insert, 1, Biased(row.public_ip));
      sqlite3_bind_int(insert, 2, Biased(row.port));
      sqlite3_bind_int(insert, 3, row.proto);
      sqlite3_bind_int64(insert, 4, row.start_ms);
      sqlite3_bind_int64(insert, 5, row.end_ms - row.start_ms);
      sqlite3_bind_int64(insert, 6, row.subscriber);
      step = sqlite3_step(insert);
      if (step != SQLITE_DONE) break;
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    if (step != SQLITE_DONE) return Failed();
    return Do("COMMIT");
  }

  std::string path_;
  bool block_ = false;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* find_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Engine>> MakeSqlite(const std::string& folder) {
  return std::unique_ptr<Engine>(std::make_unique<Sqlite>(folder));
}

}  // namespace probatio::bench
