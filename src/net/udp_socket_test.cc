// Real sockets on the loopback interface.
#include "net/udp_socket.h"

#include <gtest/gtest.h>

namespace probatio::net {
namespace {

constexpr int kWaitMs = 2'000;
constexpr std::size_t kBuffer = 1U << 20;

UdpSocket Any(const char* address = "127.0.0.1:0", std::size_t buffer = kBuffer) {
  return UdpSocket::Bind(ParseEndpoint(address).value(), buffer).value();
}

TEST(UdpSocket, ReceivesWhatWasSentAndBySource) {
  UdpSocket collector = Any();
  UdpSocket exporter = Any();
  const Buffer large(60'000, 7);
  ASSERT_TRUE(exporter.SendTo(collector.local(), AsBytes("one")).ok());
  ASSERT_TRUE(exporter.SendTo(collector.local(), large).ok());
  std::vector<Buffer> got;
  while (got.size() < 2) {
    const auto received = collector.Receive(kWaitMs).value();
    ASSERT_FALSE(received.empty());
    for (const ReceivedDatagram& datagram : received) {
      EXPECT_EQ(datagram.source, exporter.local());
      got.push_back(ToBuffer(datagram.payload));
    }
  }
  EXPECT_EQ(AsText(got[0]), "one");
  EXPECT_EQ(got[1], large);
}

TEST(UdpSocket, WaitsNoLongerThanAsked) {
  UdpSocket socket = Any();
  EXPECT_TRUE(socket.Receive(1).value().empty());
}

TEST(UdpSocket, SeesAnIpv4PeerAsIpv4AlsoThroughIpv6) {
  UdpSocket collector = Any("[::]:0");
  UdpSocket exporter = Any();
  ASSERT_TRUE(
      exporter.SendTo({IpAddress::Parse("127.0.0.1").value(), collector.local().port}, AsBytes("x")).ok());
  const auto received = collector.Receive(kWaitMs).value();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].source, exporter.local());
}

TEST(UdpSocket, CountsWhatTheKernelThrewAway) {
  UdpSocket collector = Any("127.0.0.1:0", 16U << 10);
  UdpSocket exporter = Any();
  const Buffer datagram(1'400, 1);
  const std::size_t sent = collector.receive_buffer() * 4 / datagram.size() + 1'000;
  for (std::size_t i = 0; i < sent; ++i) ASSERT_TRUE(exporter.SendTo(collector.local(), datagram).ok());
  // Known before anything more is received, also of what came last.
  const std::uint64_t dropped = collector.KernelDrops();
  std::size_t got = 0;
  for (auto received = collector.Receive(0).value(); !received.empty();
       received = collector.Receive(0).value())
    got += received.size();
  ASSERT_LT(got, sent);
  EXPECT_EQ(dropped + got, sent);
  EXPECT_EQ(collector.KernelDrops(), dropped);
}

TEST(UdpSocket, SendsManyAtOnceToDifferentPeers) {
  UdpSocket server = Any();
  UdpSocket first = Any();
  UdpSocket second = Any();
  std::vector<OutgoingDatagram> answers;
  for (std::uint8_t i = 0; i < 200; ++i)
    answers.push_back({i % 2 == 0 ? first.local() : second.local(), Buffer{i}});
  EXPECT_EQ(server.SendMany(answers), 200U);
  for (UdpSocket* const client : {&first, &second}) {
    std::size_t got = 0;
    for (auto received = client->Receive(kWaitMs).value(); !received.empty();
         received = client->Receive(0).value())
      got += received.size();
    EXPECT_EQ(got, 100U);
  }
}

TEST(UdpSocket, SendsTheOthersWhereOneHasNoWayToGo) {
  UdpSocket server = Any();
  UdpSocket client = Any();
  const Endpoint nowhere{IpAddress::Parse("2001:db8::1").value(), 1813};  // of another family than the socket
  const std::vector<OutgoingDatagram> answers = {{nowhere, Buffer{1}}, {client.local(), Buffer{2}}};
  EXPECT_EQ(server.SendMany(answers), 1U);
  EXPECT_EQ(client.Receive(kWaitMs).value().size(), 1U);
}

TEST(UdpSocket, NamesTheEndpointThatIsTaken) {
  const UdpSocket first = Any();
  const Result<UdpSocket> second = UdpSocket::Bind(first.local(), kBuffer);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().what(),
            "udp " + first.local().ToText() + ": cannot listen: Address already in use");
}

}  // namespace
}  // namespace probatio::net
