// The accounting server of a collector: whom it believes, and when it answers.
#include "collect/radius_listener.h"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "crypto/md5.h"
#include "decode/radius/message_authenticator.h"
#include "decode/radius/packet_for_tests.h"

namespace probatio::collect {
namespace {

using std::chrono::milliseconds;

const FixedClock kClock(Instant::FromUnixSeconds(1'729'498'443));
constexpr int kWaitMs = 5'000;
constexpr int kSilenceMs = 100;

Secret Shared() {
  return Secret(std::string_view("s3cret-of-nobody"));
}

net::UdpSocket Any(const char* address = "127.0.0.1:0") {
  return net::UdpSocket::Bind(net::ParseEndpoint(address).value(), 1U << 20).value();
}

decode::RadiusClients Only(const char* prefix) {
  decode::RadiusClients clients;
  CHECK(clients.Add(IpPrefix::Parse(prefix).value(), Shared()).ok());
  return clients;
}

Buffer Start(std::uint8_t id, const Secret& secret = Shared()) {
  return decode::PacketForTests(id)
      .Number(40, 1)
      .Text(44, "5F2A")
      .Text(1, "L-000123")
      .Add(decode::kProxyState, AsBytes("p1"))
      .MadeWith(secret, crypto::Md5);
}

Buffer Status(bool with_authenticator) {
  decode::PacketForTests packet(3);
  packet.Text(32, "bng1.example");
  if (with_authenticator) packet.Add(decode::kMessageAuthenticator, Buffer(16));
  Buffer made = packet.MadeWith(Shared(), crypto::Md5);
  made[0] = decode::kStatusServer;
  const decode::Md5Digest digest = decode::HmacMd5(Shared().reveal(), made, crypto::Md5).value();
  if (with_authenticator) std::copy(digest.rbegin(), digest.rend(), made.rbegin());
  return made;
}

struct World {
  explicit World(const char* clients = "127.0.0.0/8", std::size_t queue_bytes = kQueueBytesMax)
      : queue(queue_bytes), listener({0, Any(), Only(clients), crypto::Md5, kClock, &queue}) {
    running = std::thread([this] { EXPECT_TRUE(listener.Run(stop).ok()); });
  }
  ~World() {
    stop = true;
    running.join();
  }
  void Send(const Buffer& packet) { ASSERT_TRUE(nas.SendTo(listener.local(), packet).ok()); }
  // What the writer does: stores, then lets answer.
  void Store() {
    for (const ArrivalBatch& batch : queue.PopAll(milliseconds(kWaitMs))) {
      stored += batch.arrivals().size();
      if (batch.on_durable) batch.on_durable();
    }
  }
  void Forget() { queue.PopAll(milliseconds(kWaitMs)); }
  // Empty for none.
  Buffer Answer(int wait_ms = kWaitMs) {
    const auto received = nas.Receive(wait_ms).value();
    EXPECT_LE(received.size(), 1U);
    return received.empty() ? Buffer() : ToBuffer(received[0].payload);
  }
  bool Counts(const std::function<bool(const RadiusCounts&)>& what) const {
    for (int i = 0; i < kWaitMs; ++i) {
      if (what(listener.counts())) return true;
      std::this_thread::sleep_for(milliseconds(1));
    }
    return false;
  }

  ArrivalQueue queue;
  RadiusListener listener;
  net::UdpSocket nas = Any();
  std::atomic<bool> stop = false;
  std::thread running;
  std::size_t stored = 0;
};

Buffer ResponseTo(const Buffer& request) {
  return decode::BuildAccountingResponse(decode::ReadRadiusPacket(request).value(), Shared(), crypto::Md5)
      .value();
}

// Its record would be dropped as a stranger's: an answer would acknowledge what nobody keeps.
TEST(RadiusListener, AClientThatIsNoExporterIsNotAnswered) {
  ArrivalQueue queue;
  RadiusListener listener({0, Any(), Only("127.0.0.0/8"), crypto::Md5, kClock, &queue,
                           [](const IpAddress& ip) { return ip.ToText() != "127.0.0.1"; }});
  std::atomic<bool> stop = false;
  std::thread running([&] { EXPECT_TRUE(listener.Run(stop).ok()); });
  net::UdpSocket nas = Any();
  EXPECT_TRUE(nas.SendTo(listener.local(), Start(1)).ok());
  for (int i = 0; i < kWaitMs && listener.counts().datagrams == 0; ++i)
    std::this_thread::sleep_for(milliseconds(1));
  stop = true;
  running.join();
  EXPECT_EQ(listener.counts().strangers, 1U);
  EXPECT_TRUE(queue.PopAll(milliseconds(0)).empty());
}

TEST(RadiusListener, AnswersOnlyWhenTheReportIsDurable) {
  World world;
  world.Send(Start(1));
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
  world.Store();
  EXPECT_EQ(world.stored, 1U);
  EXPECT_EQ(world.Answer(), ResponseTo(Start(1)));
  EXPECT_TRUE(world.Counts([](const RadiusCounts& counts) { return counts.answered == 1; }));
}

TEST(RadiusListener, AnswersReportsOfAnyStatusAlike) {
  World world;
  for (const std::uint32_t status : {1U, 2U, 3U, 7U, 8U, 15U}) {
    const Buffer request = decode::PacketForTests().Number(40, status).MadeWith(Shared(), crypto::Md5);
    world.Send(request);
    world.Store();
    EXPECT_EQ(world.Answer(), ResponseTo(request)) << status;
  }
}

TEST(RadiusListener, AnswersAgainWhatIsSentAgainAndStoresItOnce) {
  World world;
  world.Send(Start(1));
  world.Store();
  EXPECT_EQ(world.Answer(), ResponseTo(Start(1)));
  world.Send(Start(1));
  EXPECT_EQ(world.Answer(), ResponseTo(Start(1)));
  EXPECT_EQ(world.queue.bytes(), 0U);
  world.Send(Start(2));
  world.Store();
  EXPECT_EQ(world.stored, 2U);
}

TEST(RadiusListener, AnswersOnceWhatWasSentAgainWhileItWaited) {
  World world;
  world.Send(Start(1));
  world.Send(Start(1));
  ASSERT_TRUE(world.Counts([](const RadiusCounts& counts) { return counts.sent_again == 1; }));
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
  world.Store();
  EXPECT_FALSE(world.Answer().empty());
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
  EXPECT_EQ(world.stored, 1U);
}

TEST(RadiusListener, AnswersNothingThatWasNotStored) {
  World world;
  world.Send(Start(1));
  world.Forget();
  world.Send(Start(1));
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
}

TEST(RadiusListener, TakesNothingAndAnswersNothingWhenTheQueueIsFull) {
  World world("127.0.0.0/8", 200);
  world.Send(Start(1));
  ASSERT_TRUE(world.Counts([&](const RadiusCounts&) { return world.queue.bytes() > 0; }));
  world.Send(Start(2));
  ASSERT_TRUE(world.Counts([](const RadiusCounts& counts) { return counts.no_room == 1; }));
  world.Store();
  EXPECT_EQ(world.Answer(), ResponseTo(Start(1)));
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
  world.Send(Start(2));  // the NAS tries again: it is new
  world.Store();
  EXPECT_EQ(world.Answer(), ResponseTo(Start(2)));
}

TEST(RadiusListener, IsSilentToStrangersAndToWhoDoesNotKnowTheSecret) {
  World strangers("192.0.2.0/24");
  strangers.Send(Start(1));
  EXPECT_TRUE(strangers.Counts([](const RadiusCounts& counts) { return counts.strangers == 1; }));
  World world;
  world.Send(Start(1, Secret(std::string_view("guessed"))));
  EXPECT_TRUE(world.Counts([](const RadiusCounts& counts) { return counts.unauthentic == 1; }));
  EXPECT_EQ(world.queue.bytes() + strangers.queue.bytes(), 0U);
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
}

TEST(RadiusListener, IsSilentToWhatItCannotReadOrIsNoAccounting) {
  World world;
  world.Send(Buffer(19, 4));
  // Authentic, and its attribute leaves the packet.
  Buffer broken = decode::PacketForTests().Text(1, "a").MadeWith(Shared(), crypto::Md5);
  broken[decode::kRadiusHeaderSize + 1] = 9;
  std::fill_n(broken.begin() + 4, 16, std::uint8_t{0});
  const decode::Md5Digest digest = crypto::Md5({broken, Shared().reveal()}).value();
  std::copy(digest.begin(), digest.end(), broken.begin() + 4);
  world.Send(broken);
  Buffer access = Start(4);
  access[0] = 1;
  world.Send(access);
  EXPECT_TRUE(world.Counts([](const RadiusCounts& counts) {
    return counts.datagrams == 3 && counts.malformed == 2 && counts.other_codes == 1;
  }));
}

TEST(RadiusListener, RefusesAReportWhoseMessageAuthenticatorDoesNotHold) {
  World world;
  world.Send(decode::PacketForTests()
                 .Number(40, 1)
                 .Add(decode::kMessageAuthenticator, Buffer(16, 1))
                 .MadeWith(Shared(), crypto::Md5));
  EXPECT_TRUE(world.Counts([](const RadiusCounts& counts) { return counts.unauthentic == 1; }));
}

TEST(RadiusListener, SaysThatItIsThereWhenTheWriterIs) {
  World world;
  world.Send(Status(false));
  EXPECT_TRUE(world.Counts([](const RadiusCounts& counts) { return counts.unauthentic == 1; }));
  world.Send(Status(true));
  EXPECT_TRUE(world.Answer(kSilenceMs).empty());
  world.Store();
  EXPECT_EQ(world.Answer(), ResponseTo(Status(true)));
  EXPECT_EQ(world.stored, 0U);
}

TEST(KnownRequests, ForgetsTheOldestBeyondItsLimit) {
  const auto key = [](std::size_t i) {
    RequestKey made;
    std::memcpy(made.authenticator.data(), &i, sizeof i);
    return made;
  };
  KnownRequests known;
  const auto mark = std::make_shared<std::atomic<bool>>(true);
  for (std::size_t i = 0; i < kKnownRequestsMax; ++i) known.Remember(key(i), mark);
  EXPECT_NE(known.Find(key(0)), nullptr);
  known.Remember(key(kKnownRequestsMax), mark);
  EXPECT_EQ(known.Find(key(0)), nullptr);
  EXPECT_NE(known.Find(key(1)), nullptr);
  known.ForgetLast(1);
  EXPECT_EQ(known.Find(key(kKnownRequestsMax)), nullptr);
}

}  // namespace
}  // namespace probatio::collect
