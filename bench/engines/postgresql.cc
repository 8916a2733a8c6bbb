// PostgreSQL 15 in a cluster of its own behind a Unix socket: columns ordered so that none is padded, COPY in
// binary, then one B-tree (address, port, protocol, begin) built over the whole, vacuumed. Durability is
// relaxed in its favour: the table is unlogged, nothing is fsynced.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/bytes.h"
#include "engines/child.h"
#include "engines/engine.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kBatch = 65'536;
constexpr int kStartSecondsMax = 60;
const std::string kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr char kUser[] = "postgres";

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

// int4 and int2 are signed.
std::int32_t Biased(std::uint32_t ip) {
  return static_cast<std::int32_t>(ip ^ 0x80000000U);
}
std::int16_t Biased(std::uint16_t port) {
  return static_cast<std::int16_t>(port - 32'768);
}

class Postgresql : public Engine {
 public:
  explicit Postgresql(const std::string& folder) : folder_(folder), data_(folder + "/data") {}
  ~Postgresql() override {
    PQfinish(connection_);
    if (server_ != nullptr) server_->Stop(SIGINT);  // fast shutdown
  }

  std::string layout() const override {
    return "unlogged, COPY BINARY, B-tree (ip, port, proto, start) built at the end, prepared query, Unix "
           "socket";
  }

  Status Start() {
    TRY(GiveFolder());
    const std::unique_ptr<Child> initdb =
        TRY(Child::Start({kPrograms + "initdb", "-D", data_, "-A", "trust", "-U", kUser, "--no-sync"},
                         folder_ + "/initdb", kUser));
    if (initdb->Wait() != 0) return StorageError("postgresql: initdb failed");
    server_ = TRY(Child::Start({kPrograms + "postgres",
                                "-D",
                                data_,
                                "-k",
                                folder_,
                                "-c",
                                "listen_addresses=",
                                "-c",
                                "shared_buffers=1GB",
                                "-c",
                                "maintenance_work_mem=1GB",
                                "-c",
                                "fsync=off",
                                "-c",
                                "wal_level=minimal",
                                "-c",
                                "max_wal_senders=0",
                                "-c",
                                "max_wal_size=16GB",
                                "-c",
                                "jit=off",
                                "-c",
                                "autovacuum=off"},
                               folder_ + "/output", kUser));
    for (int tenth = 0; tenth < kStartSecondsMax * 10 && server_->Alive(); ++tenth) {
      if (Connect().ok()) return Done{};
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return StorageError("postgresql: the server does not start");
  }

  Result<LoadCost> Load(const Trace& trace) override {
    block_ = trace.options().mode == Mode::kBlock;
    const std::unique_ptr<SessionStream> rows = trace.Sessions();
    TRY(Do("CREATE UNLOGGED TABLE n (start int8, ip int4, dur int4, sub int4, port int2, proto int2)"));
    LoadMeter meter([this] { return server_->CpuSeconds(); });
    TRY(Do("COPY n FROM STDIN (FORMAT binary)", PGRES_COPY_IN));
    Buffer batch = ToBuffer(AsBytes(std::string_view("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19)));
    do {
      if (PQputCopyData(connection_, reinterpret_cast<const char*>(batch.data()),
                        static_cast<int>(batch.size())) != 1) {
        return Failed();
      }
    } while (meter.Feeding([&] { return NextBatch(*rows, &batch); }));
    if (PQputCopyEnd(connection_, nullptr) != 1) return Failed();
    for (Answer answer(PQgetResult(connection_), PQclear); answer != nullptr;
         answer.reset(PQgetResult(connection_))) {
      if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return Failed();
    }
    meter.EndStage("copy");
    TRY(Do("CREATE INDEX i ON n (ip, port, proto, start) WITH (fillfactor=100)"));
    TRY(Do("VACUUM ANALYZE n"));
    meter.EndStage("index");
    const LoadCost cost = meter.Stop();
    const Answer size(PQexec(connection_, "SELECT pg_total_relation_size('n')"), PQclear);
    if (PQresultStatus(size.get()) != PGRES_TUPLES_OK) return Failed();
    bytes_ = std::stoull(PQgetvalue(size.get(), 0, 0));
    return cost;
  }

  std::uint64_t BytesOnDisk() const override { return bytes_; }  // table and index, without the empty cluster

  Status Reopen() override {
    TRY(Connect());
    const Answer answer(
        PQprepare(
            connection_, "find",
            "SELECT sub FROM (SELECT sub, start, dur FROM n WHERE ip=$1::int4 AND port=$2::int2 AND"
            " proto=$3::int2 AND start<=$4::int8 ORDER BY start DESC LIMIT 2) x WHERE start+dur>$4::int8",
            0, nullptr),
        PQclear);
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return Failed();
    return Done{};
  }

  Result<std::vector<std::uint32_t>> Find(const Question& question) override {
    const std::uint16_t port = block_ ? BlockOf(question.port) : question.port;
    const std::string values[] = {std::to_string(Biased(question.public_ip)), std::to_string(Biased(port)),
                                  std::to_string(question.proto), std::to_string(question.at_ms)};
    const char* texts[] = {values[0].c_str(), values[1].c_str(), values[2].c_str(), values[3].c_str()};
    const Answer answer(PQexecPrepared(connection_, "find", 4, texts, nullptr, nullptr, 0), PQclear);
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) return Failed();
    std::vector<std::uint32_t> found;
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
      found.push_back(static_cast<std::uint32_t>(std::stoul(PQgetvalue(answer.get(), row, 0))));
    }
    return found;
  }

 private:
  Error Failed() const { return StorageError(fmt::format("postgresql: {}", PQerrorMessage(connection_))); }

  // The server will not run as root, so its user must be able to write here, and to come here.
  Status GiveFolder() {
    namespace fs = std::filesystem;
    if (getuid() != 0) return Done{};
    const passwd* const user = getpwnam(kUser);
    if (user == nullptr) return NotFound("not installed: postgresql");
    if (chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
      return StorageError("postgresql: chown failed");
    fs::permissions(fs::path(folder_).parent_path(), fs::perms::others_exec, fs::perm_options::add);
    return Done{};
  }

  Status Connect() {
    PQfinish(connection_);
    connection_ = PQconnectdb(fmt::format("host={} user={} dbname=postgres", folder_, kUser).c_str());
    if (PQstatus(connection_) != CONNECTION_OK) return Failed();
    return Done{};
  }
  Status Do(const char* sql, ExecStatusType wanted = PGRES_COMMAND_OK) {
    const Answer answer(PQexec(connection_, sql), PQclear);
    if (PQresultStatus(answer.get()) != wanted) return Failed();
    return Done{};
  }

  // The binary form of COPY: a count of fields, then each with its length, big-endian. The last batch is the
  // trailer, -1.
  bool NextBatch(SessionStream& rows, Buffer* bytes) {
    std::vector<Session> batch;
    if (trailed_) return false;
    ByteWriter out;
    if (!rows.Next(kBatch, &batch)) {
      trailed_ = true;
      out.U16(0xFFFF);
    }
    for (const Session& row : batch) {
      out.U16(6);
      out.U32(8);
      out.U64(static_cast<std::uint64_t>(row.start_ms));
      for (const std::uint32_t value :
           {static_cast<std::uint32_t>(Biased(row.public_ip)),
            static_cast<std::uint32_t>(row.end_ms - row.start_ms), row.subscriber}) {
        out.U32(4);
        out.U32(value);
      }
      out.U32(2);
      out.U16(static_cast<std::uint16_t>(Biased(row.port)));
      out.U32(2);
      out.U16(row.proto);
    }
    *bytes = out.Take();
    return true;
  }

  std::string folder_;
  std::string data_;
  bool block_ = false;
  bool trailed_ = false;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Child> server_;
  PGconn* connection_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Engine>> MakePostgresql(const std::string& folder) {
  auto engine = std::make_unique<Postgresql>(folder);
  TRY(engine->Start());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace probatio::bench
