// ClickHouse, Debian's server (18.16, which has no codecs by column): a MergeTree sorted by (address, port,
// begin), Zstandard throughout, a granularity for point look-ups, merged into one part at the end. Rows go in
// and questions are asked over one HTTP connection that stays open.
#include <fmt/format.h>
#include <sys/socket.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engines/child.h"
#include "engines/engine.h"
#include "engines/http_connection.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kBatch = 1'000'000;  // one part each; merges fold them
constexpr int kStartSecondsMax = 60;
constexpr char kServer[] = "/usr/sbin/clickhouse-server";

constexpr char kConfig[] = R"(<yandex>
  <logger><level>warning</level><log>{0}/log</log><errorlog>{0}/errorlog</errorlog></logger>
  <http_port>{1}</http_port><tcp_port>{2}</tcp_port><listen_host>127.0.0.1</listen_host>
  <path>{0}/data/</path><tmp_path>{0}/tmp/</tmp_path><users_config>{0}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>1073741824</mark_cache_size><uncompressed_cache_size>1073741824</uncompressed_cache_size>
  <compression><case><min_part_size>0</min_part_size><min_part_size_ratio>0</min_part_size_ratio>
    <method>zstd</method></case></compression>
</yandex>
)";
constexpr char kUsers[] = R"(<yandex>
  <profiles><default><max_threads>1</max_threads><use_uncompressed_cache>1</use_uncompressed_cache></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
    <quota>default</quota></default></users>
  <quotas><default></default></quotas>
</yandex>
)";

template <class T>
void PutLittleEndian(T value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

class Clickhouse : public Engine {
 public:
  explicit Clickhouse(const std::string& folder) : folder_(folder) {}

  std::string layout() const override {
    return "MergeTree ORDER BY (ip, port, start), ZSTD, index_granularity 256, one part, over HTTP";
  }

  Status Start() {
    http_port_ = TRY(FreePort(SOCK_STREAM));
    const std::uint16_t tcp_port = TRY(FreePort(SOCK_STREAM));
    std::filesystem::create_directories(folder_ + "/data");
    std::filesystem::create_directories(folder_ + "/tmp");
    std::ofstream(folder_ + "/config.xml") << fmt::format(kConfig, folder_, http_port_, tcp_port);
    std::ofstream(folder_ + "/users.xml") << kUsers;
    server_ = TRY(Child::Start({kServer, "--config-file=" + folder_ + "/config.xml"}, folder_ + "/output"));
    for (int tenth = 0; tenth < kStartSecondsMax * 10 && server_->Alive(); ++tenth) {
      if (connection_.Connect(http_port_).ok()) return Done{};
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return StorageError("clickhouse: the server does not start");
  }

  Result<LoadCost> Load(const Trace& trace) override {
    block_ = trace.options().mode == Mode::kBlock;
    const std::unique_ptr<SessionStream> rows = trace.Sessions();
    std::string batch;
    TRY(connection_.Post(
        "/",
        "CREATE TABLE n (ip UInt32, port UInt16, proto UInt8, start UInt64, dur UInt32, sub UInt32)"
        " ENGINE=MergeTree ORDER BY (ip, port, start) SETTINGS index_granularity=256"));
    LoadMeter meter([this] { return server_->CpuSeconds(); });
    while (meter.Feeding([&] { return NextBatch(*rows, &batch); })) {
      TRY(connection_.Post("/?query=INSERT%20INTO%20n%20FORMAT%20RowBinary", batch));
    }
    meter.EndStage("insert");
    TRY(connection_.Post("/", "OPTIMIZE TABLE n FINAL"));
    meter.EndStage("optimize");
    const LoadCost cost = meter.Stop();
    const std::string bytes =
        TRY(connection_.Post("/", "SELECT sum(bytes) FROM system.parts WHERE active AND table='n'"));
    bytes_ = std::stoull(bytes);
    return cost;
  }

  // Of the active parts: those that were merged away wait some minutes for their removal.
  std::uint64_t BytesOnDisk() const override { return bytes_; }

  Status Reopen() override {
    TRY(connection_.Connect(http_port_));
    TRY(connection_.Post("/", "SYSTEM DROP MARK CACHE"));
    TRY(connection_.Post("/", "SYSTEM DROP UNCOMPRESSED CACHE"));
    return Done{};
  }

  Result<std::vector<std::uint32_t>> Find(const Question& question) override {
    const std::uint16_t port = block_ ? BlockOf(question.port) : question.port;
    const std::string answer = TRY(connection_.Post(
        "/", fmt::format(
                 "SELECT sub FROM n WHERE ip={0} AND port={1} AND proto={2} AND start<={3} AND start+dur>{3}",
                 question.public_ip, port, question.proto, question.at_ms)));
    std::vector<std::uint32_t> found;
    for (std::size_t at = 0; at < answer.size(); at = answer.find('\n', at) + 1) {
      found.push_back(static_cast<std::uint32_t>(std::stoul(answer.substr(at))));
    }
    return found;
  }

 private:
  static bool NextBatch(SessionStream& rows, std::string* bytes) {
    std::vector<Session> batch;
    bytes->clear();
    if (!rows.Next(kBatch, &batch)) return false;
    for (const Session& row : batch) {
      PutLittleEndian(row.public_ip, bytes);
      PutLittleEndian(row.port, bytes);
      PutLittleEndian(row.proto, bytes);
      PutLittleEndian(static_cast<std::uint64_t>(row.start_ms), bytes);
      PutLittleEndian(static_cast<std::uint32_t>(row.end_ms - row.start_ms), bytes);
      PutLittleEndian(row.subscriber, bytes);
    }
    return true;
  }

  std::string folder_;
  bool block_ = false;
  std::uint16_t http_port_ = 0;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Child> server_;
  HttpConnection connection_;
};

}  // namespace

Result<std::unique_ptr<Engine>> MakeClickhouse(const std::string& folder) {
  auto engine = std::make_unique<Clickhouse>(folder);
  TRY(engine->Start());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace probatio::bench
