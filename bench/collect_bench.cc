// From the socket to the disk: IPFIX NAT44 events over loopback, at rising rates, into our collector
// (received, decoded, paired, journaled and fsynced as they come; sealed and committed at the close) and, in
// the same run from the same sender, into nfcapd, which neither seals nor commits. A rate holds when nothing
// was lost: ours by what was accepted of what was sent, nfcapd's by the flows in its files.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "collect/udp_listener.h"
#include "collect/writer.h"
#include "court.h"
#include "custody/custody_request.h"
#include "decode/flow/flow_decoder.h"
#include "decode/flow/ipfix_writer.h"
#include "engines/child.h"
#include "keep/run.h"
#include "ledger/memory_storage.h"
#include "meter.h"
#include "store/rocksdb/rocks_box.h"
#include "trace.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kReceiveBufferBytes = 32U << 20;  // as nfcapd is given

struct Options {
  std::uint64_t records = 2'000'000;
  std::vector<double> rates{250'000, 500'000, 1'000'000, 1'500'000, 2'000'000, 2'500'000};
  std::string json;
  std::string work = "/var/tmp";
};

struct Outcome {
  double rate = 0;  // offered, records a second
  double sent_rate = 0;
  std::uint64_t lost = 0;
  double cpu_s_per_million = 0;
};

struct Traffic {
  std::vector<Buffer> messages;
  std::vector<std::size_t> records;  // of each message
  std::uint64_t total = 0;
  Instant end;
};

// Messages of one exporter, templates repeated as over UDP they must be.
Traffic MakeTraffic(std::uint64_t records) {
  TraceOptions options;
  options.rows = records / 2;
  const Trace trace(options);
  const std::unique_ptr<EventStream> events = trace.Events();
  decode::IpfixWriter writer(1);
  Traffic traffic;
  record::NatEventBatch batch;
  while (events->Next(40, &batch)) {
    for (const record::NatEventRow& row : batch.rows) {
      record::NatEvent event = batch.EventOf(row);
      event.inside_port = event.public_port;
      CHECK(writer.Add(event).ok());
      traffic.end = event.origin.at.at;
    }
    while (!writer.empty()) {
      const std::uint32_t before = writer.sequence();
      traffic.messages.push_back(writer.NextMessage(traffic.end));
      traffic.records.push_back(writer.sequence() - before);
      traffic.total += traffic.records.back();
    }
    if (traffic.messages.size() % 1'000 == 0) writer.RepeatTemplates();
  }
  return traffic;
}

// Sends all of it at the rate, from a process of its own; its wall time is the pipe's only word.
double SendAll(const Traffic& traffic, std::uint16_t port, double rate) {
  int pipe_ends[2];
  CHECK(pipe(pipe_ends) == 0);
  const pid_t sender = fork();
  CHECK(sender >= 0);
  if (sender == 0) {
    const net::Endpoint to = net::ParseEndpoint(fmt::format("127.0.0.1:{}", port)).value();
    net::UdpSocket socket = net::UdpSocket::Bind(net::ParseEndpoint("127.0.0.1:0").value(), 1U << 20).value();
    const double begin = WallSeconds();
    std::uint64_t sent = 0;
    for (std::size_t i = 0; i < traffic.messages.size(); ++i) {
      CHECK(socket.SendTo(to, traffic.messages[i]).ok());
      sent += traffic.records[i];
      while (WallSeconds() - begin < static_cast<double>(sent) / rate) {
      }
    }
    const double seconds = WallSeconds() - begin;
    CHECK(write(pipe_ends[1], &seconds, sizeof seconds) == sizeof seconds);
    _exit(0);
  }
  double seconds = 0;
  CHECK(read(pipe_ends[0], &seconds, sizeof seconds) == sizeof seconds);
  int status = 0;
  CHECK(waitpid(sender, &status, 0) == sender && status == 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  return seconds;
}

class OneYear : public resolve::Retention {
 public:
  Instant OldestKept(seal::Stream, Instant now) const override { return now - 365 * kNsPerDay; }
  bool Kept(std::span<const seal::ProvenRow>, const seal::ProvenRow&, Instant) const override { return true; }
};

class RunSink : public collect::Sink {
 public:
  explicit RunSink(keep::Run* run) : run_(*run) {}
  Status Append(std::span<const record::Record> records) override { return run_.Append(records); }
  Status AppendEvents(const record::NatEventBatch& events) override { return run_.AppendEvents(events); }
  void NoteLost(const collect::Loss& loss) override {
    run_.NoteLost(seal::Stream::kNatSession, loss.period, loss.records);
  }

 private:
  keep::Run& run_;
};

Result<Buffer> WrapNobody(const Key&, seal::Stream, const seal::SubjectHandle&, std::string_view) {
  return Invalid("bench: a trace has no identities");
}

// One rate into a fresh store. Processor time is that of this process: the sender is another.
Result<Outcome> Ours(const Traffic& traffic, double rate, const std::string& folder) {
  std::filesystem::create_directories(folder + "/store");
  std::filesystem::create_directories(folder + "/journal");
  FixedClock clock(traffic.end + kNsPerMinute);
  crypto::SystemRandom random;
  Court court(clock);
  ledger::MemoryStorage storage;
  ledger::Ledger ledger =
      TRY(ledger::Ledger::Open(storage, "probatio.example/bench", crypto::PrivateKey::GenerateEd25519()));
  std::unique_ptr<store::RocksBox> box =
      TRY(store::RocksBox::Open(folder + "/store", store::Access::kReadWrite));
  keep::Subjects subjects(*box, crypto::RandomKey(random), WrapNobody, random);
  const OneYear retention;
  const std::unique_ptr<keep::Journals> journals = keep::DiskJournals(folder + "/journal");
  const auto wrap = [&](const Key& key, const SegmentId& segment) {
    return custody::WrapKey(key, court.custodians(), custody::SegmentContext(segment));
  };
  std::unique_ptr<keep::Run> run = TRY(keep::Run::Open(
      {*box, ledger, *journals, subjects, retention, clock, random, wrap, folder + "/journal"}));

  RunSink sink(run.get());
  collect::ArrivalQueue queue;
  collect::Source source(
      TRY(collect::Exporters::Make({{"cgn-1.example", {TRY(IpPrefix::ParseOrAddress("127.0.0.1"))}, {}}})),
      [](const std::string& name) { return std::make_unique<decode::FlowDecoder>(name); });
  std::string trouble;
  collect::Writer writer({queue,
                          {&source},
                          sink,
                          [](const collect::Rejected&) {},
                          [&](const std::string& line) { trouble = line; },
                          [](std::chrono::milliseconds) {},
                          [] { return true; }});
  net::UdpSocket socket =
      TRY(net::UdpSocket::Bind(TRY(net::ParseEndpoint("127.0.0.1:0")), kReceiveBufferBytes));
  collect::UdpListener listener(0, std::move(socket), clock, &queue);
  std::atomic<bool> stop = false;
  const double cpu = ProcessCpuSeconds();
  std::thread receiving([&] { CHECK(listener.Run(stop).ok()); });
  std::thread writing([&] { writer.Run(); });
  const double seconds = SendAll(traffic, listener.local().port, rate);
  std::this_thread::sleep_for(std::chrono::seconds(1));  // for what is still in the socket's buffer
  stop = true;
  receiving.join();
  queue.Close();
  writing.join();
  if (!trouble.empty()) return StorageError(trouble);
  const keep::RunCounts counts = TRY(run->Close());
  box.reset();
  const double used = ProcessCpuSeconds() - cpu;
  CHECK(counts.accepted <= traffic.total);
  const auto total = static_cast<double>(traffic.total);
  return Outcome{rate, total / seconds, traffic.total - counts.accepted, used * 1e6 / total};
}

// How many flows nfdump finds in the files.
Result<std::uint64_t> FlowsIn(const std::string& files, const std::string& log) {
  const std::string text = TRY(OutputOf({"/usr/bin/nfdump", "-R", files, "-I"}, log));
  const std::size_t at = text.find("Flows: ");
  if (at == std::string::npos) return StorageError("nfdump -I: no count");
  return std::strtoull(text.c_str() + at + 7, nullptr, 10);
}

Result<Outcome> Nfcapd(const Traffic& traffic, double rate, const std::string& folder) {
  if (!std::filesystem::exists("/usr/bin/nfcapd")) return NotFound("not installed: nfdump");
  const std::string files = folder + "/flows";
  std::filesystem::create_directories(files);
  const std::uint16_t port = TRY(FreePort(SOCK_DGRAM));
  const std::unique_ptr<Child> child =
      TRY(Child::Start({"/usr/bin/nfcapd", "-4", "-b", "127.0.0.1", "-p", std::to_string(port), "-w", files,
                        "-z", "-t", "3600", "-B", std::to_string(kReceiveBufferBytes)},
                       folder + "/output"));
  std::this_thread::sleep_for(std::chrono::seconds(1));  // it says nothing when it is ready
  const double cpu = child->CpuSeconds();
  const double seconds = SendAll(traffic, port, rate);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  if (child->Stop(SIGTERM) != 0) return StorageError("nfcapd failed");
  const double used = child->CpuSeconds() - cpu;
  const std::uint64_t flows = TRY(FlowsIn(files, folder + "/count"));
  CHECK(flows <= traffic.total);
  const auto total = static_cast<double>(traffic.total);
  return Outcome{rate, total / seconds, traffic.total - flows, used * 1e6 / total};
}

using Measure = Result<Outcome> (*)(const Traffic&, double, const std::string&);

// Rising rates, up to and with the first that loses something.
std::vector<Outcome> MeasureRates(const char* name, Measure measure, const Traffic& traffic,
                                  const Options& options) {
  std::vector<Outcome> outcomes;
  for (const double rate : options.rates) {
    const std::string folder = options.work + "/" + name;
    const Result<Outcome> outcome = measure(traffic, rate, folder);
    std::filesystem::remove_all(folder);
    if (!outcome.ok()) {
      fmt::print("{:10} {}\n", name, outcome.error().what());
      break;
    }
    const Outcome& one = outcome.value();
    outcomes.push_back(one);
    fmt::print("{:10} {:>9.0f} {:>9.0f} {:>9} {:>9.3f}\n", name, one.rate, one.sent_rate, one.lost,
               one.cpu_s_per_million);
    std::fflush(stdout);
    if (one.lost != 0) break;
  }
  return outcomes;
}

double BestWithoutLoss(const std::vector<Outcome>& outcomes) {
  double best = 0;
  for (const Outcome& one : outcomes) {
    if (one.lost == 0) best = std::max(best, one.sent_rate);
  }
  return best;
}

std::string ToJson(const std::vector<Outcome>& outcomes) {
  std::string text;
  for (const Outcome& one : outcomes) {
    text += fmt::format(R"({}{{"offered":{},"sent":{:.0f},"lost":{},"cpu_s_per_million":{:.4f}}})",
                        text.empty() ? "" : ",", one.rate, one.sent_rate, one.lost, one.cpu_s_per_million);
  }
  return "[" + text + "]";
}

Status RunAll(const Options& options) {
  const Traffic traffic = MakeTraffic(options.records);
  fmt::print("{} NAT44 events in {} IPFIX messages; {}\n", traffic.total, traffic.messages.size(),
             MachineText());
  fmt::print("{:10} {:>9} {:>9} {:>9} {:>9}\n", "", "offered/s", "sent/s", "lost", "CPU s/M");
  const std::vector<Outcome> ours = MeasureRates("probatio", Ours, traffic, options);
  const std::vector<Outcome> theirs = MeasureRates("nfcapd", Nfcapd, traffic, options);
  const double best = BestWithoutLoss(ours);
  const double peer = BestWithoutLoss(theirs);
  fmt::print("without loss: probatio {:.0f}/s, nfcapd {:.0f}/s", best, peer);
  fmt::print("{}\n", peer > 0 ? fmt::format("; ratio {:.2f}", best / peer) : "");
  if (options.json.empty()) return Done{};
  std::ofstream file(options.json);
  file << fmt::format("{{\"records\":{},\"probatio\":{},\"nfcapd\":{}}}\n", traffic.total, ToJson(ours),
                      ToJson(theirs))
       << std::flush;
  return file.good() ? Status(Done{}) : StorageError(options.json + ": cannot be written");
}

}  // namespace
}  // namespace probatio::bench

int main(int argc, char** argv) {
  using namespace probatio::bench;
  Options options;
  CLI::App app{"from the socket to the disk, and nfcapd beside it"};
  app.add_option("--records", options.records, "events of one rate")->check(CLI::PositiveNumber);
  app.add_option("--rate", options.rates, "records a second, rising")->delimiter(',');
  app.add_option("--json", options.json, "write the figures to this file");
  app.add_option("--work", options.work, "a folder on the disk to be measured");
  CLI11_PARSE(app, argc, argv);
  const probatio::Status status = RunAll(options);
  if (status.ok()) return 0;
  fmt::print(stderr, "collect_bench: {}\n", status.error().what());
  return 1;
}
