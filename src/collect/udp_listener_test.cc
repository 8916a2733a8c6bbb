#include "collect/udp_listener.h"

#include <gtest/gtest.h>

#include <thread>

namespace probatio::collect {
namespace {

net::UdpSocket Any(std::size_t buffer) {
  return net::UdpSocket::Bind(net::ParseEndpoint("127.0.0.1:0").value(), buffer).value();
}

TEST(UdpListener, TellsWithItsBatchesWhatTheKernelThrewAway) {
  FixedClock clock(Instant::FromUnixSeconds(1'729'498'443));
  ArrivalQueue queue;
  UdpListener listener(0, Any(16U << 10), clock, &queue);
  net::UdpSocket exporter = Any(1U << 20);
  constexpr std::size_t kSent = 200;
  const Buffer datagram(1'400);
  for (std::size_t i = 0; i < kSent; ++i) ASSERT_TRUE(exporter.SendTo(listener.local(), datagram).ok());

  clock.Set(clock.Now() + 5 * kNsPerSecond);
  std::atomic<bool> stop = false;
  std::thread reading([&] { EXPECT_TRUE(listener.Run(stop).ok()); });
  std::size_t got = 0;
  std::optional<Dropped> dropped;
  while (got + (dropped.has_value() ? dropped->pieces : 0) < kSent) {
    for (const ArrivalBatch& batch : queue.PopAll(std::chrono::milliseconds(5'000))) {
      got += batch.arrivals().size();
      if (batch.dropped().has_value()) dropped = batch.dropped();
    }
  }
  stop = true;
  reading.join();
  ASSERT_TRUE(dropped.has_value());
  EXPECT_GT(got, 0U);
  EXPECT_EQ(got + dropped->pieces, kSent);
  EXPECT_EQ(listener.kernel_drops(), dropped->pieces);
  // From when the socket was made to when it was looked at.
  EXPECT_EQ(dropped->period.begin, Instant::FromUnixSeconds(1'729'498'443));
  EXPECT_EQ(dropped->period.end, clock.Now() + 1);
}

TEST(UdpListener, FollowsAnotherInItsSocketWithWhatWaitsThereTheCountOfDropsAndTheRoomItWants) {
  FixedClock clock(Instant::FromUnixSeconds(1'729'498'443));
  ArrivalQueue queue;
  auto before = std::make_unique<UdpListener>(0, Any(16U << 10), clock, &queue);
  UdpListener after(0, before->ShareSocket().value(), clock, &queue);
  net::UdpSocket exporter = Any(1U << 20);
  constexpr std::size_t kSent = 200;
  for (std::size_t i = 0; i < kSent; ++i) ASSERT_TRUE(exporter.SendTo(before->local(), Buffer(1'400)).ok());
  const std::size_t small = after.UseReceiveBuffer(8U << 10);
  EXPECT_GT(after.UseReceiveBuffer(64U << 10), small);
  after.ContinueDrops(10);  // the one before told so many
  before.reset();

  std::atomic<bool> stop = false;
  std::thread reading([&] { EXPECT_TRUE(after.Run(stop).ok()); });
  std::size_t got = 0;
  std::optional<Dropped> dropped;
  while (got + 10 + (dropped.has_value() ? dropped->pieces : 0) < kSent) {
    const std::vector<ArrivalBatch> batches = queue.PopAll(std::chrono::milliseconds(5'000));
    ASSERT_FALSE(batches.empty());
    for (const ArrivalBatch& batch : batches) {
      got += batch.arrivals().size();
      if (batch.dropped().has_value()) dropped = batch.dropped();
    }
  }
  stop = true;
  reading.join();
  ASSERT_TRUE(dropped.has_value());
  EXPECT_GT(got, 0U);
  EXPECT_EQ(got + 10 + dropped->pieces, kSent);
}

}  // namespace
}  // namespace probatio::collect
