#include "collect/arrivals.h"

#include <gtest/gtest.h>

#include <thread>

namespace probatio::collect {
namespace {

using std::chrono::milliseconds;

ArrivalBatch BatchOf(std::size_t bytes) {
  ArrivalBatch batch(0, Instant());
  batch.Add(Buffer(bytes), IpAddress(), 1);
  return batch;
}

TEST(ArrivalBatch, KeepsPiecesApart) {
  ArrivalBatch batch(3, Instant::FromUnixSeconds(5));
  batch.Add(AsBytes("one"), IpAddress::V4(1), 10);
  batch.Add(AsBytes(""), IpAddress::V4(2), 20);
  batch.Add(AsBytes("three"), IpAddress::V4(3), 30);
  ASSERT_EQ(batch.arrivals().size(), 3U);
  EXPECT_EQ(AsText(batch.BytesOf(batch.arrivals()[0])), "one");
  EXPECT_EQ(AsText(batch.BytesOf(batch.arrivals()[1])), "");
  EXPECT_EQ(AsText(batch.BytesOf(batch.arrivals()[2])), "three");
  EXPECT_EQ(batch.arrivals()[2].source_port, 30);
  EXPECT_EQ(batch.cost(), 8 + 3 * kPieceOverheadBytes);
}

TEST(ArrivalQueue, IsBoundedInBytesAndOnePieceAlwaysFits) {
  ArrivalQueue queue(1'000);
  EXPECT_TRUE(queue.TryPush(BatchOf(5'000)));
  EXPECT_FALSE(queue.TryPush(BatchOf(1)));
  EXPECT_EQ(queue.PopAll(milliseconds(0)).size(), 1U);
  EXPECT_TRUE(queue.TryPush(BatchOf(1'000 - kPieceOverheadBytes)));
  EXPECT_FALSE(queue.TryPush(BatchOf(0)));
  EXPECT_EQ(queue.bytes(), 1'000U);
}

TEST(ArrivalQueue, WaitsForRoom) {
  ArrivalQueue queue(100);
  ASSERT_TRUE(queue.Push(BatchOf(100)));
  std::thread listener([&] { EXPECT_TRUE(queue.Push(BatchOf(100))); });
  std::size_t got = 0;
  while (got < 2) got += queue.PopAll(milliseconds(1'000)).size();
  listener.join();
  EXPECT_EQ(got, 2U);
}

TEST(ArrivalQueue, ClosedTakesNothingAndStillGivesWhatItHas) {
  ArrivalQueue queue(100);
  ASSERT_TRUE(queue.Push(BatchOf(100)));
  std::thread listener([&] { EXPECT_FALSE(queue.Push(BatchOf(100))); });
  queue.Close();
  listener.join();
  EXPECT_FALSE(queue.TryPush(BatchOf(1)));
  EXPECT_EQ(queue.PopAll(milliseconds(0)).size(), 1U);
  EXPECT_TRUE(queue.PopAll(milliseconds(0)).empty());
}

}  // namespace
}  // namespace probatio::collect
