// How many syslog lines a second come through TCP: octet-counted, over a few connections of the loopback
// interface, cut into messages by the listener, read into records by the writer. Lines are invented. The
// sender runs in the same process: on two processors it takes a part of what is measured.
#include <fmt/format.h>

#include <sys/socket.h>

#include <thread>

#include "collect/stream_listener.h"
#include "collect/test_file_sink.h"
#include "collect/writer.h"
#include "decode/syslog/syslog_decoder.h"
#include "decode/syslog/syslog_framing.h"
#include "net/socket_address.h"
#include "stopwatch.h"

namespace probatio::bench {
namespace {

constexpr std::size_t kLines = 2'000'000;
constexpr std::size_t kConnections = 4;

struct CountingSink : collect::Sink {
  Status Append(std::span<const record::Record> appended) override {
    records += appended.size();
    return Done{};
  }
  Status AppendEvents(const record::NatEventBatch& events) override {
    records += events.rows.size();
    return Done{};
  }
  void NoteLost(const collect::Loss& loss) override { lost += loss.records; }
  std::atomic<std::size_t> records = 0;
  std::uint64_t lost = 0;
};

std::string LinesOf(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t port = 1'024 + 512 * (i % 120);
    const std::string line = fmt::format(
        "<134>1 2024-10-21T08:14:03Z cgn1 nfware - - - A VRF 0 INT 100.64.{}.{} EXT 203.0.113.7:{}-{}",
        i / 250 % 64, i % 250, port, port + 511);
    text += fmt::format("{} {}", line.size(), line);
  }
  return text;
}

void Send(const net::Endpoint& to, std::string_view text) {
  const net::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const net::SocketAddress address = net::ToSocketAddress(to);
  CHECK(::connect(fd.get(), address.get(), address.size) == 0);
  while (!text.empty()) {
    const ssize_t sent = ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
    CHECK(sent > 0);
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Measure() {
  const collect::MachineClock clock;
  collect::ArrivalQueue queue;
  const auto listener =
      collect::StreamListener::Make(
          {0,
           net::TcpAcceptor::Bind(net::ParseEndpoint("127.0.0.1:0").value()).value(),
           nullptr,
           [](const IpAddress&) { return true; },
           [] { return std::make_unique<decode::SyslogFraming>(decode::SyslogFrames::kCounted); },
           clock,
           &queue,
           {}})
          .value();
  auto exporters = collect::Exporters::Make({{"", {IpPrefix::Parse("127.0.0.1/32").value()}, {}}});
  collect::Source source(std::move(exporters).value(), [](const std::string&) {
    return std::make_unique<decode::SyslogDecoder>("", decode::SourceClock{});
  });
  CountingSink sink;
  const auto say = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  collect::Writer writer({queue,
                          {&source},
                          sink,
                          [&](const collect::Rejected& piece) { say(piece.reason.what()); },
                          say,
                          [](std::chrono::milliseconds) {},
                          [] { return true; }});
  const std::string text = LinesOf(kLines / kConnections);
  std::atomic<bool> stop = false;
  ThreadTime listening;
  ThreadTime writing;
  std::thread listener_thread([&] {
    CHECK(listener->Run(stop).ok());
    listening.Stop();
  });
  std::thread writer_thread([&] {
    writer.Run();
    writing.Stop();
  });
  const Stopwatch watch;
  std::vector<std::thread> senders;
  for (std::size_t i = 0; i < kConnections; ++i) senders.emplace_back([&] { Send(listener->local(), text); });
  for (std::thread& sender : senders) sender.join();
  while (sink.records < kLines) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const double seconds = watch.Seconds();
  stop = true;
  listener_thread.join();
  queue.Close();
  writer_thread.join();
  fmt::print("lines              {} of {:.0f} octets, {} lost\n", sink.records.load(),
             static_cast<double>(text.size()) * kConnections / kLines, sink.lost);
  fmt::print("lines a second     {:.0f}\n", kLines / seconds);
  fmt::print("processor time     listener {:.0f} ns, writer {:.0f} ns a line\n",
             1e9 * listening.Seconds() / kLines, 1e9 * writing.Seconds() / kLines);
}

}  // namespace
}  // namespace probatio::bench

int main() {
  probatio::bench::Measure();
  return 0;
}
