// Many exporters on connections of their own: what is taken, who is sent away, who has to wait.
#include "collect/stream_listener.h"

#include <gtest/gtest.h>

#include <thread>

#include "decode/flow/ipfix_framing.h"
#include "decode/syslog/syslog_framing.h"
#include "net/test_tls.h"

namespace probatio::collect {
namespace {

using std::chrono::milliseconds;

const FixedClock kClock(Instant::FromUnixSeconds(1'729'498'443));
constexpr milliseconds kPatience{30'000};  // on a busy machine

bool Eventually(const std::function<bool()>& what) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!what()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

struct Settings {
  StreamLimits limits = {};
  std::size_t queue_bytes = kQueueBytesMax;
  std::shared_ptr<const net::TlsServer> tls = nullptr;
  std::string stranger = {};
  bool ipfix = false;
};

// A listener in its own thread.
struct World {
  explicit World(const Settings& settings = Settings()) : queue(settings.queue_bytes) {
    StreamListener::Parts parts{
        0,
        net::TcpAcceptor::Bind(net::ParseEndpoint("127.0.0.1:0").value()).value(),
        settings.tls,
        [stranger = settings.stranger](const IpAddress& ip) { return ip.ToText() != stranger; },
        [ipfix = settings.ipfix]() -> std::unique_ptr<decode::Framing> {
          if (ipfix) return std::make_unique<decode::IpfixFraming>();
          return std::make_unique<decode::SyslogFraming>(decode::SyslogFrames::kDetect);
        },
        kClock,
        &queue,
        settings.limits};
    listener = StreamListener::Make(std::move(parts)).value();
    running = std::thread([this] { EXPECT_TRUE(listener->Run(stop).ok()); });
  }
  ~World() {
    if (running.joinable()) Stop();
  }
  void Stop() {
    stop = true;
    running.join();
    TakeWaiting();
  }

  void TakeWaiting() {
    for (const ArrivalBatch& batch : queue.PopAll(milliseconds(0))) {
      for (const ArrivalBatch::Arrival& arrival : batch.arrivals()) {
        pieces.emplace_back(AsText(batch.BytesOf(arrival)));
        connections.push_back(arrival.connection);
      }
      for (const EndedConnection& one : batch.ended()) ended.push_back(one.connection);
      if (batch.dropped().has_value()) dropped += batch.dropped()->pieces;
    }
  }
  bool Gets(std::size_t count) {
    return Eventually([&] {
      TakeWaiting();
      return pieces.size() >= count;
    });
  }
  bool Ends(const std::string& why, std::uint64_t times = 1) {
    return Eventually([&] {
      const StreamCounts counts = listener->counts();
      const auto found = counts.ended.find(why);
      return found != counts.ended.end() && found->second == times;
    });
  }

  ArrivalQueue queue;
  std::unique_ptr<StreamListener> listener;
  std::atomic<bool> stop = false;
  std::thread running;
  std::vector<std::string> pieces;
  std::vector<std::uint64_t> connections;
  std::vector<std::uint64_t> ended;
  std::uint64_t dropped = 0;
};

struct Exporter {
  explicit Exporter(const World& world) : fd(net::TestConnect(world.listener->local())) {}
  // How much of it went without waiting.
  std::size_t Send(std::string_view text, int flags = 0) {
    const ssize_t sent = ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL | flags);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  net::FileDescriptor fd;
};

std::string IpfixMessage(std::uint16_t length, std::uint16_t version = 10) {
  ByteWriter out;
  out.U16(version);
  out.U16(length);
  out.Raw(Buffer(length - 4U));
  return std::string(AsText(out.bytes()));
}

TEST(StreamListener, TakesMessagesOfManyExportersWithWhereTheyCameFrom) {
  World world;
  Exporter one(world);
  Exporter two(world);
  one.Send("5 <1>ab6 <2>c");
  ASSERT_TRUE(world.Gets(1));
  two.Send("<3>line\n");
  one.Send("de");
  ASSERT_TRUE(world.Gets(3));
  world.Stop();
  EXPECT_EQ(world.pieces, (std::vector<std::string>{"<1>ab", "<3>line", "<2>cde"}));
  EXPECT_EQ(world.connections[0], world.connections[2]);
  EXPECT_NE(world.connections[0], world.connections[1]);
  EXPECT_EQ(world.listener->counts().pieces, 3U);
  EXPECT_EQ(world.dropped, 0U);
}

TEST(StreamListener, SaysWhichConnectionIsOverAndNeverUsesItsNumberAgain) {
  World world;
  { Exporter(world).Send("<1>a\n"); }
  ASSERT_TRUE(world.Ends("by the exporter", 1));
  { Exporter(world).Send("<2>b\n"); }
  ASSERT_TRUE(world.Ends("by the exporter", 2));
  world.Stop();
  EXPECT_EQ(world.pieces, (std::vector<std::string>{"<1>a", "<2>b"}));
  EXPECT_EQ(world.ended, world.connections);
  EXPECT_NE(world.ended[0], world.ended[1]);
}

TEST(StreamListener, CountsAMessageThatIsCutOffAsLost) {
  World world;
  { Exporter(world).Send("<1>a\n<2>port 5234"); }
  ASSERT_TRUE(world.Ends("by the exporter"));
  world.Stop();
  EXPECT_EQ(world.pieces, std::vector<std::string>{"<1>a"});
  EXPECT_EQ(world.listener->counts().cut_off, 1U);
  EXPECT_EQ(world.dropped, 1U);
}

TEST(StreamListener, EndsAConnectionThatCannotBeFollowedAndKeepsTheOthers) {
  World world({.ipfix = true});
  Exporter good(world);
  Exporter bad(world);
  good.Send(IpfixMessage(20));
  bad.Send(IpfixMessage(16) + IpfixMessage(16, 9));
  ASSERT_TRUE(world.Ends("ipfix stream: version is not 10"));
  good.Send(IpfixMessage(24));
  EXPECT_TRUE(world.Gets(3));
}

TEST(StreamListener, SendsStrangersAway) {
  World world({.stranger = "127.0.0.1"});
  Exporter stranger(world);
  stranger.Send("<1>a\n");
  EXPECT_TRUE(Eventually([&] { return world.listener->counts().strangers == 1; }));
  world.Stop();
  EXPECT_TRUE(world.pieces.empty());
  EXPECT_EQ(world.listener->counts().connections, 0U);
}

TEST(StreamListener, TakesNoMoreConnectionsThanItsLimitUntilOneEnds) {
  World world({.limits = {.connections_max = 2}});
  const Exporter one(world);
  auto two = std::make_unique<Exporter>(world);
  ASSERT_TRUE(Eventually([&] { return world.listener->counts().connections == 2; }));
  const Exporter three(world);
  ASSERT_TRUE(Eventually([&] { return world.listener->counts().too_many == 1; }));
  two.reset();
  ASSERT_TRUE(world.Ends("by the exporter"));
  Exporter four(world);
  four.Send("<4>d\n");
  EXPECT_TRUE(world.Gets(1));
}

TEST(StreamListener, RefusesLimitsOutOfBounds) {
  ArrivalQueue queue;
  for (const std::size_t connections : {std::size_t{0}, kConnectionsMax, kConnectionsMax + 1}) {
    StreamListener::Parts parts{
        0,       net::TcpAcceptor::Bind(net::ParseEndpoint("127.0.0.1:0").value()).value(),
        nullptr, {},
        {},      kClock,
        &queue,  {.connections_max = connections}};
    EXPECT_EQ(StreamListener::Make(std::move(parts)).ok(), connections == kConnectionsMax);
  }
}

TEST(StreamListener, EndsAConnectionThatIsSilentTooLong) {
  World world({.limits = {.idle_max = milliseconds(300)}});
  const Exporter silent(world);
  Exporter talks(world);
  const auto until = std::chrono::steady_clock::now() + milliseconds(700);
  while (std::chrono::steady_clock::now() < until) {
    talks.Send("<1>a\n");
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_TRUE(world.Ends("idle"));
  EXPECT_EQ(world.listener->counts().ended.size(), 1U);
}

TEST(StreamListener, MakesExportersWaitWhenTheQueueIsFullAndLosesNothing) {
  World world({.limits = {.idle_max = milliseconds(500)}, .queue_bytes = 100'000});
  Exporter exporter(world);
  const std::string lines = [] {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += fmt::format("<14>{:0>1000}\n", i);
    return text;
  }();
  std::string_view left = lines;
  // TCP takes a while to make it wait: nothing more goes for half a second, which nobody holds against it.
  auto last = std::chrono::steady_clock::now();
  while (!left.empty() && std::chrono::steady_clock::now() - last < milliseconds(800)) {
    const std::size_t sent = exporter.Send(left, MSG_DONTWAIT);
    if (sent > 0) last = std::chrono::steady_clock::now();
    left.remove_prefix(sent);
    std::this_thread::sleep_for(milliseconds(1));
  }
  ASSERT_FALSE(left.empty()) << "it never had to wait";
  EXPECT_LE(world.queue.bytes(), kBatchBytesMax + kStreamTurnBytes * 2);
  std::thread sending([&] {
    for (std::size_t sent = 1; !left.empty() && sent > 0; left.remove_prefix(sent))
      sent = exporter.Send(left);
  });
  const bool got_all = world.Gets(20'000);
  if (!got_all) world.queue.Close();  // or the exporter would wait forever
  sending.join();
  world.Stop();
  ASSERT_EQ(world.pieces.size(), 20'000U);
  for (int i = 0; i < 20'000; ++i)
    ASSERT_EQ(world.pieces[static_cast<std::size_t>(i)], fmt::format("<14>{:0>1000}", i));
  EXPECT_EQ(world.dropped, 0U);
}

TEST(StreamListener, ReadsWhatWasSentBeforeItWasStopped) {
  World world;
  Exporter exporter(world);
  exporter.Send("<0>first\n");
  ASSERT_TRUE(world.Gets(1));
  for (int i = 0; i < 1'000; ++i) exporter.Send("<1>a\n");
  world.Stop();
  EXPECT_EQ(world.pieces.size(), 1'001U);
  EXPECT_EQ(world.listener->counts().ended.at("stopped"), 1U);
}

TEST(StreamListener, OverTlsTakesClientsOfTheAuthorityAndCountsTheOthers) {
  const net::TestTlsFolder folder;
  const auto tls = std::make_shared<const net::TlsServer>(net::TlsServer::Load(folder.Files(true)).value());
  World world({.tls = tls});
  net::TestTlsClient known(world.listener->local(), folder, "cgn-1.example");
  ASSERT_TRUE(known.connected());
  const std::string large(60'000, 'x');
  ASSERT_TRUE(known.Send("5 <1>ab60000 " + large));
  ASSERT_TRUE(world.Gets(2));
  EXPECT_EQ(world.pieces[0], "<1>ab");
  EXPECT_EQ(world.pieces[1], large);
  net::TestTlsClient unknown(world.listener->local(), folder, "stranger.example");
  EXPECT_TRUE(world.Ends("tls: client certificate: unable to get local issuer certificate"));
  EXPECT_EQ(world.dropped, 0U);
}

TEST(StreamListener, GivesAHandshakeNoMoreThanItsTime) {
  const net::TestTlsFolder folder;
  const auto tls = std::make_shared<const net::TlsServer>(net::TlsServer::Load(folder.Files(false)).value());
  World world({.limits = {.handshake_max = milliseconds(200)}, .tls = tls});
  Exporter drips(world);
  drips.Send(std::string_view("\x16\x03\x01\x10\x00", 5));  // a record of 4096 octets, one by one
  EXPECT_TRUE(Eventually([&] {
    drips.Send("\x01");
    return world.listener->counts().ended.contains("tls: handshake took too long");
  }));
}

}  // namespace
}  // namespace probatio::collect
