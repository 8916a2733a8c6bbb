// How fast NAT events go from IPFIX bytes to sealed blocks on one core, and how many bytes a row costs,
// beside SQLite with an index over the same rows in the same run. SQLite neither encrypts nor commits; we do
// both.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/utsname.h>

#include <chrono>
#include <fstream>
#include <random>

#include "crypto/system_random.h"
#include "decode/ipfix/ipfix_input.h"
#include "decode/ipfix/ipfix_writer.h"
#include "seal/segment.h"

namespace probatio {
namespace {

constexpr int kEvents = 400'000;
constexpr std::uint32_t kAddresses = 16;
const Instant kBegin =
    Instant::FromUnixSeconds(1'729'468'800);  // 2024-10-21T00:00:00Z, the start of a window

Buffer InventIpfix() {
  std::mt19937_64 engine(1);
  decode::IpfixWriter writer(1);
  Buffer file;
  for (int i = 0; i < kEvents; ++i) {
    record::NatEvent event;
    event.event =
        i % 2 == 0 ? record::NatEventKind::kNat44SessionCreate : record::NatEventKind::kNat44SessionDelete;
    event.origin.at.at = kBegin + std::int64_t{i} * (14 * kNsPerMinute / kEvents / kNsPerMs * kNsPerMs);
    event.proto = i % 3 == 0 ? 6 : 17;
    event.inside_ip = IpAddress::V4(0x64400000U + static_cast<std::uint32_t>(engine() % (kAddresses * 64)));
    event.inside_port = static_cast<std::uint16_t>(1024 + engine() % 64'000);
    event.public_ip = IpAddress::V4(0xCB007100U + static_cast<std::uint32_t>(engine() % kAddresses));
    event.public_port = static_cast<std::uint16_t>(1024 + engine() % 64'000);
    CHECK(writer.Add(event).ok());
  }
  while (!writer.empty()) {
    const Buffer message = writer.NextMessage(kBegin);
    file.insert(file.end(), message.begin(), message.end());
  }
  return file;
}

class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

void Print(const char* what, double seconds, double bytes) {
  fmt::print("{:34} {:8.3f} s  {:10.0f} rows/s  {:7.2f} bytes/row\n", what, seconds, kEvents / seconds,
             bytes / kEvents);
}

double SealAll(const std::vector<record::Record>& records, double* bytes) {
  crypto::SystemRandom random;
  const Key key = crypto::RandomKey(random);
  const seal::Window window = seal::WindowOf(seal::Stream::kNatSession, kBegin);
  const Stopwatch watch;
  seal::SegmentBuilder builder(seal::MakeSegmentId(window, "00000001"), window, key);
  for (const record::Record& record : records) CHECK(builder.Add(record).ok());
  const seal::SegmentImage image = builder.Build(random);
  const double seconds = watch.Seconds();
  *bytes = static_cast<double>(image.leaves.size() * seal::kBlockLeafBytes);
  for (const Buffer& block : image.blocks) *bytes += static_cast<double>(block.size());
  return seconds;
}

double SqliteAll(const std::vector<record::Record>& records, double* bytes) {
  const std::string path = "/tmp/probatio-ingest-bench.db";
  std::remove(path.c_str());
  sqlite3* db = nullptr;
  CHECK(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  const Stopwatch watch;
  sqlite3_exec(db,
               "PRAGMA journal_mode=off; BEGIN; CREATE TABLE e(ip INT, port INT, proto INT, at INT, inside "
               "INT, iport INT);"
               "CREATE INDEX i ON e(ip, port, at)",
               nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  CHECK(sqlite3_prepare_v2(db, "INSERT INTO e VALUES(?,?,?,?,?,?)", -1, &insert, nullptr) == SQLITE_OK);
  for (const record::Record& record : records) {
    const auto& event = std::get<record::NatEvent>(record);
    sqlite3_bind_int64(insert, 1, event.public_ip->v4());
    sqlite3_bind_int64(insert, 2, *event.public_port);
    sqlite3_bind_int64(insert, 3, *event.proto);
    sqlite3_bind_int64(insert, 4, event.origin.at.at.unix_ns());
    sqlite3_bind_int64(insert, 5, event.inside_ip->v4());
    sqlite3_bind_int64(insert, 6, *event.inside_port);
    CHECK(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_reset(insert);
  }
  sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  const double seconds = watch.Seconds();
  sqlite3_finalize(insert);
  sqlite3_close(db);
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  *bytes = static_cast<double>(file.tellg());
  std::remove(path.c_str());
  return seconds;
}

}  // namespace
}  // namespace probatio

int main() {
  using namespace probatio;
  utsname machine{};
  uname(&machine);
  fmt::print("ingest: {} NAT44 session events of one 15-minute window, one core, {} {}\n\n", kEvents,
             machine.sysname, machine.machine);
  const Buffer ipfix = InventIpfix();
  const Stopwatch decoding;
  const Result<decode::IpfixContents> decoded = decode::DecodeIpfixFile(ipfix, "bench");
  CHECK(decoded.ok() && decoded.value().records.size() == kEvents);
  Print("decode IPFIX", decoding.Seconds(), static_cast<double>(ipfix.size()));

  double sealed_bytes = 0;
  double sqlite_bytes = 0;
  const double sealed = SealAll(decoded.value().records, &sealed_bytes);
  const double sqlite = SqliteAll(decoded.value().records, &sqlite_bytes);
  Print("group, commit by face, seal", sealed, sealed_bytes);
  Print("SQLite, journal off, one index", sqlite, sqlite_bytes);
  fmt::print("\nours : SQLite  {:.2f} x the time, {:.2f} x the bytes\n", sealed / sqlite,
             sealed_bytes / sqlite_bytes);
  return 0;
}
