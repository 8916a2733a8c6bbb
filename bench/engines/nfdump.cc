// nfdump: nfcapd is fed NetFlow v9 (RFC 3954) over loopback, one flow record a session with its begin, end
// and translated source, and compresses with LZO as it writes. A look-up is nfdump's filter over all files:
// it is a tool for scans and claims nothing else. Rows are offered at a rate that it takes without loss.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/bytes.h"
#include "engines/child.h"
#include "engines/engine.h"

namespace probatio::bench {
namespace {

constexpr char kCollector[] = "/usr/bin/nfcapd";
constexpr char kReader[] = "/usr/bin/nfdump";
constexpr double kRowsPerSecondOffered = 500'000;
constexpr std::uint16_t kTemplate = 256;
constexpr std::size_t kRowsPerPacket = 44;  // 31 bytes each: below an Ethernet frame
constexpr std::size_t kPacketsPerTemplate = 2000;

// Information elements and their lengths: source, translated source, translated port, protocol, begin and end
// in milliseconds.
constexpr std::pair<std::uint16_t, std::uint16_t> kFields[] = {{8, 4}, {225, 4}, {227, 2},
                                                               {4, 1}, {152, 8}, {153, 8}};

class Nfdump : public Engine {
 public:
  explicit Nfdump(const std::string& folder) : folder_(folder), files_(folder + "/flows") {}
  ~Nfdump() override {
    if (socket_ >= 0) close(socket_);
  }

  std::string layout() const override {
    return fmt::format(
        "nfcapd, LZO, NetFlow v9 over loopback at {:.0f} k rows/s offered; nfdump filter over all files",
        kRowsPerSecondOffered / 1000);
  }

  Status Start() {
    setenv("TZ", "UTC", 1);
    std::filesystem::create_directories(files_);
    const std::uint16_t port = TRY(FreePort(SOCK_DGRAM));
    collector_ = TRY(Child::Start({kCollector, "-4", "-b", "127.0.0.1", "-p", std::to_string(port), "-w",
                                   files_, "-z", "-t", "3600", "-B", "33554432"},
                                  folder_ + "/output"));
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return StorageError("nfdump: no socket");
    std::this_thread::sleep_for(std::chrono::seconds(1));  // it says nothing when it is ready
    if (!collector_->Alive()) return StorageError("nfdump: nfcapd does not start");
    return Done{};
  }

  Result<LoadCost> Load(const Trace& trace) override {
    if (trace.options().mode == Mode::kBlock) return Invalid("port blocks are not measured");
    const std::unique_ptr<SessionStream> rows = trace.Sessions();
    std::vector<Session> batch;
    LoadMeter meter([this] { return collector_->CpuSeconds(); });
    const double begin = WallSeconds();
    std::uint64_t sent = 0;
    while (rows->Next(kRowsPerPacket, &batch)) {
      TRY(Send(batch));
      sent += batch.size();
      while (WallSeconds() - begin < static_cast<double>(sent) / kRowsPerSecondOffered) {
      }
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));  // for what is still in the socket's buffer
    if (collector_->Stop(SIGTERM) != 0) return StorageError("nfdump: nfcapd failed");
    const LoadCost cost = meter.Stop();
    TRY(CheckNothingLost(trace.options().rows));
    return cost;
  }

  std::uint64_t BytesOnDisk() const override { return BytesUnder(files_); }

  Status Reopen() override { return Done{}; }  // every look-up is a process of its own

  Result<std::vector<std::uint32_t>> Find(const Question& question) override {
    const std::string text =
        TRY(OutputOf({kReader, "-R", files_, "-q", "-N", "-o", "fmt:%ts %te %sa",
                      fmt::format("src nip {} and src nport {} and proto {}",
                                  IpAddress::V4(question.public_ip).ToText(), question.port, question.proto)},
                     folder_ + "/answer"));
    std::vector<std::uint32_t> found;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      TRY(AddHolder(text.substr(at, end - at), question.at_ms, &found));
      at = end + 1;
    }
    return found;
  }

 private:
  Status Send(const std::vector<Session>& batch) {
    ByteWriter packet;
    const bool with_template = packets_++ % kPacketsPerTemplate == 0;
    const auto exported = static_cast<std::uint32_t>(batch.back().end_ms / 1000);
    packet.U16(9);
    packet.U16(static_cast<std::uint16_t>(batch.size() + (with_template ? 1 : 0)));
    packet.U32(86'400'000);  // uptime in milliseconds
    packet.U32(exported);
    packet.U32(static_cast<std::uint32_t>(packets_ - 1));
    packet.U32(1);
    if (with_template) {
      packet.U16(0);
      packet.U16(static_cast<std::uint16_t>(8 + 4 * std::size(kFields)));
      packet.U16(kTemplate);
      packet.U16(static_cast<std::uint16_t>(std::size(kFields)));
      for (const auto& [element, length] : kFields) {
        packet.U16(element);
        packet.U16(length);
      }
    }
    std::size_t row_bytes = 0;
    for (const auto& [element, length] : kFields) row_bytes += length;
    const std::size_t set_bytes = (4 + batch.size() * row_bytes + 3) / 4 * 4;
    packet.U16(kTemplate);
    packet.U16(static_cast<std::uint16_t>(set_bytes));
    for (const Session& row : batch) {
      packet.U32(kInsideBase + row.subscriber);
      packet.U32(row.public_ip);
      packet.U16(row.port);
      packet.U8(row.proto);
      packet.U64(static_cast<std::uint64_t>(row.start_ms));
      packet.U64(static_cast<std::uint64_t>(row.end_ms));
    }
    for (std::size_t i = 4 + batch.size() * row_bytes; i < set_bytes; ++i) packet.U8(0);
    const Buffer bytes = packet.Take();
    if (send(socket_, bytes.data(), bytes.size(), 0) < 0) return StorageError("nfdump: nfcapd went away");
    return Done{};
  }

  Status CheckNothingLost(std::uint64_t rows) {
    const std::string text = TRY(OutputOf({kReader, "-R", files_, "-I"}, folder_ + "/answer"));
    const std::size_t at = text.find("Flows: ");
    const std::uint64_t kept = at == std::string::npos ? 0 : std::stoull(text.substr(at + 7));
    if (kept == rows) return Done{};
    return StorageError(fmt::format("nfdump: nfcapd kept {} of {} rows", kept, rows));
  }

  // "2026-01-01 19:00:00.123 2026-01-01 19:01:02.003 100.64.0.7": the filter knows no instant inside a flow.
  static Status AddHolder(const std::string& line, std::int64_t at_ms, std::vector<std::uint32_t>* found) {
    const std::size_t first = line.find("20");
    if (first == std::string::npos) return Done{};
    const auto instant = [&](std::size_t at) {
      return Instant::ParseRfc3339(line.substr(at, 10) + "T" + line.substr(at + 11, 12) + "Z");
    };
    const Instant begin = TRY(instant(first));
    const Instant end = TRY(instant(first + 24));
    const std::size_t word = line.find_first_not_of(' ', first + 47);
    if (word == std::string::npos) return Invalid("nfdump: a line without an address");
    const IpAddress inside = TRY(IpAddress::Parse(line.substr(word, line.find_last_not_of(' ') + 1 - word)));
    const Instant at = Instant::FromUnixNs(at_ms * kNsPerMs);
    if (begin <= at && at < end) found->push_back(inside.v4() - kInsideBase);
    return Done{};
  }

  std::string folder_;
  std::string files_;
  std::unique_ptr<Child> collector_;
  int socket_ = -1;
  std::uint64_t packets_ = 0;
};

}  // namespace

Result<std::unique_ptr<Engine>> MakeNfdump(const std::string& folder) {
  auto engine = std::make_unique<Nfdump>(folder);
  TRY(engine->Start());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace probatio::bench
