// How many accounting reports a second are durable and answered: real sockets on the loopback interface, a
// file that is synchronised at every append, NASes that each wait for the answers to a window of requests.
// The NASes run in the same process: on two processors they take a part of what is measured.
#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "collect/radius_listener.h"
#include "collect/test_file_sink.h"
#include "collect/writer.h"
#include "crypto/md5.h"
#include "decode/radius/packet_for_tests.h"
#include "stopwatch.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kNases = 16;
constexpr std::size_t kWindow = 256;  // identifiers have eight bits
constexpr std::size_t kWindows = 50;
constexpr int kAnswerWaitMs = 2'000;

Secret Shared() {
  return Secret(std::string_view("s3cret-of-nobody"));
}

net::UdpSocket Any() {
  return net::UdpSocket::Bind(net::ParseEndpoint("127.0.0.1:0").value(), 32U << 20).value();
}

struct Nas {
  net::UdpSocket socket = Any();
  std::vector<std::vector<net::OutgoingDatagram>> windows;
};

Buffer Report(std::size_t nas, std::size_t number) {
  return decode::PacketForTests(static_cast<std::uint8_t>(number % kWindow))
      .Number(40, 1 + static_cast<std::uint32_t>(number % 2))
      .Text(44, fmt::format("{:08X}", number))
      .Text(32, fmt::format("bng{}.example", nas))
      .Text(1, fmt::format("L-{:06}", number / 2))
      .Number(8, 0x6440'0000U + static_cast<std::uint32_t>(number))
      .Number(55, 1'729'498'443 + static_cast<std::uint32_t>(number / 1'000))
      .Text(31, "00-53-00-12-34-56")
      .Number(46, 3'600)
      .Number(42, 1'000'000)
      .Number(43, 1'000'000)
      .MadeWith(Shared(), crypto::Md5);
}

std::vector<Nas> MakeNases(const net::Endpoint& server) {
  std::vector<Nas> nases(kNases);
  for (std::size_t n = 0; n < kNases; ++n) {
    for (std::size_t w = 0; w < kWindows; ++w) {
      auto& window = nases[n].windows.emplace_back();
      for (std::size_t i = 0; i < kWindow; ++i) window.push_back({server, Report(n, w * kWindow + i)});
    }
  }
  return nases;
}

// All windows in turn, of all NASes at once; how many were answered.
std::size_t Ask(std::vector<Nas>* nases) {
  std::size_t answered = 0;
  for (std::size_t w = 0; w < kWindows; ++w) {
    for (Nas& nas : *nases) CHECK(nas.socket.SendMany(nas.windows[w]) == kWindow);
    for (Nas& nas : *nases) {
      for (std::size_t got = 0; got < kWindow;) {
        const std::size_t some = nas.socket.Receive(kAnswerWaitMs).value().size();
        if (some == 0) break;
        got += some;
        answered += some;
      }
    }
  }
  return answered;
}

void Measure(const std::string& file) {
  const collect::MachineClock clock;
  collect::ArrivalQueue queue;
  decode::RadiusClients clients;
  CHECK(clients.Add(IpPrefix::Parse("127.0.0.1/32").value(), Shared()).ok());
  collect::RadiusListener listener({0, Any(), std::move(clients), crypto::Md5, clock, &queue});
  auto exporters = collect::Exporters::Make({{"", {IpPrefix::Parse("127.0.0.1/32").value()}, {}}});
  collect::Source source(
      std::move(exporters).value(),
      [](const std::string&) {
        return std::make_unique<decode::RadiusDecoder>(decode::RadiusClients{}, crypto::Md5,
                                                       decode::SourceClock{});
      },
      collect::Carries::kAccessSessions);
  collect::FileSink sink(file, [](const std::string&) {});
  const auto say = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  collect::Writer writer({queue,
                          {&source},
                          sink,
                          [&](const collect::Rejected& piece) { say(piece.reason.what()); },
                          say,
                          [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); },
                          [] { return true; }});
  std::vector<Nas> nases = MakeNases(listener.local());
  std::atomic<bool> stop = false;
  ThreadTime listening;
  ThreadTime writing;
  std::thread listener_thread([&] {
    CHECK(listener.Run(stop).ok());
    listening.Stop();
  });
  std::thread writer_thread([&] {
    writer.Run();
    writing.Stop();
  });
  const Stopwatch watch;
  const std::size_t answered = Ask(&nases);
  const double seconds = watch.Seconds();
  stop = true;
  listener_thread.join();
  queue.Close();
  writer_thread.join();
  const auto reports = static_cast<double>(answered);
  fmt::print("reports            {} sent, {} answered, {} records durable\n", kNases * kWindows * kWindow,
             answered, sink.records());
  fmt::print("answers a second   {:.0f}\n", reports / seconds);
  fmt::print("answers a sync     {:.0f} ({} syncs)\n", reports / static_cast<double>(sink.syncs()),
             sink.syncs());
  fmt::print("processor time     listener {:.2f} us, writer {:.2f} us a report\n",
             1e6 * listening.Seconds() / reports, 1e6 * writing.Seconds() / reports);
}

}  // namespace
}  // namespace probatio::bench

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "--work") {
    fmt::print(stderr, "usage: radius_bench --work FOLDER\n");
    return 2;
  }
  probatio::bench::Measure(std::string(argv[2]) + "/records.jsonl");
  return 0;
}
