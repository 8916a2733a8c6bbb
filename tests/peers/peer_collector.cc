// A collector for peers_test.py: one listener, a file that is synchronised at every append, and on standard
// output the port, then each record that is durable as a line of JSON. Ends with its standard input; what was
// counted goes to standard error.
//
//   peer_collector FILE syslog [CERTIFICATE KEY [CLIENT_CA]]
//   peer_collector FILE radius SECRET
#include <fmt/format.h>

#include <cstdio>
#include <thread>

#include "collect/radius_listener.h"
#include "collect/stream_listener.h"
#include "collect/test_file_sink.h"
#include "collect/writer.h"
#include "crypto/md5.h"
#include "decode/syslog/syslog_decoder.h"
#include "decode/syslog/syslog_framing.h"

using namespace probatio;

namespace {

net::Endpoint AnyPort() {
  return net::ParseEndpoint("127.0.0.1:0").value();
}

void Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// Runs the listener and the writer behind it until standard input ends.
template <class Listener>
void Collect(Listener* listener, collect::ArrivalQueue* queue, collect::Source* source, const char* file) {
  collect::FileSink sink(file, Print);
  collect::Writer writer(
      {*queue,
       {source},
       sink,
       [](const collect::Rejected& piece) { fmt::print(stderr, "put aside: {}\n", piece.reason.what()); },
       [](const std::string& line) { fmt::print(stderr, "{}\n", line); },
       [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); },
       [] { return true; }});
  std::atomic<bool> stop = false;
  std::thread listening([&] {
    const Status run = listener->Run(stop);
    if (!run.ok()) fmt::print(stderr, "{}\n", run.error().what());
  });
  std::thread writing([&] { writer.Run(); });
  Print(fmt::format("{}\n", listener->local().port));
  while (std::getchar() != EOF) {
  }
  stop = true;
  listening.join();
  queue->Close();
  writing.join();
}

collect::Source SourceOf(collect::Source::MakeDecoder make, collect::Carries carries) {
  auto exporters = collect::Exporters::Make({{"", {IpPrefix::Parse("127.0.0.1/32").value()}, {}}});
  return {std::move(exporters).value(), std::move(make), carries};
}

int CollectSyslog(const char* file, const std::vector<std::string>& tls_files) {
  const collect::MachineClock clock;
  collect::ArrivalQueue queue;
  std::shared_ptr<const net::TlsServer> tls;
  if (tls_files.size() >= 2) {
    const Result<net::TlsServer> loaded =
        net::TlsServer::Load({tls_files[0], tls_files[1], tls_files.size() > 2 ? tls_files[2] : "", {}});
    if (!loaded.ok()) {
      fmt::print(stderr, "{}\n", loaded.error().what());
      return 1;
    }
    tls = std::make_shared<const net::TlsServer>(loaded.value());
  }
  const auto listener =
      collect::StreamListener::Make(
          {0,
           net::TcpAcceptor::Bind(AnyPort()).value(),
           tls,
           [](const IpAddress&) { return true; },
           [] { return std::make_unique<decode::SyslogFraming>(decode::SyslogFrames::kDetect); },
           clock,
           &queue,
           {}})
          .value();
  collect::Source source = SourceOf(
      [](const std::string&) { return std::make_unique<decode::SyslogDecoder>("", decode::SourceClock{}); },
      collect::Carries::kNatEvents);
  Collect(listener.get(), &queue, &source, file);
  const collect::StreamCounts counts = listener->counts();
  fmt::print(stderr, "connections: {}\npieces: {}\n", counts.connections, counts.pieces);
  for (const auto& [why, count] : counts.ended) fmt::print(stderr, "ended, {}: {}\n", why, count);
  return 0;
}

int CollectRadius(const char* file, const char* secret) {
  const collect::MachineClock clock;
  collect::ArrivalQueue queue;
  decode::RadiusClients clients;
  CHECK(clients.Add(IpPrefix::Parse("127.0.0.1/32").value(), Secret(std::string_view(secret))).ok());
  collect::RadiusListener listener(
      {0, net::UdpSocket::Bind(AnyPort(), 8U << 20).value(), std::move(clients), crypto::Md5, clock, &queue});
  collect::Source source = SourceOf(
      [](const std::string&) {
        return std::make_unique<decode::RadiusDecoder>(decode::RadiusClients{}, crypto::Md5,
                                                       decode::SourceClock{});
      },
      collect::Carries::kAccessSessions);
  Collect(&listener, &queue, &source, file);
  const collect::RadiusCounts counts = listener.counts();
  fmt::print(stderr, "datagrams: {}\nanswered: {}\nunauthentic: {}\nsent again: {}\n", counts.datagrams,
             counts.answered, counts.unauthentic, counts.sent_again);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() >= 2 && arguments[1] == "syslog")
    return CollectSyslog(argv[1], {arguments.begin() + 2, arguments.end()});
  if (arguments.size() == 3 && arguments[1] == "radius") return CollectRadius(argv[1], argv[3]);
  fmt::print(stderr,
             "usage: peer_collector FILE syslog [CERTIFICATE KEY [CLIENT_CA]] | FILE radius SECRET\n");
  return 2;
}
