#include "collect/arrivals.h"

#include <gtest/gtest.h>

#include <thread>

#include "collect/drop_watch.h"

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

TEST(ArrivalBatch, SaysMoreThanPieces) {
  ArrivalBatch batch(3, Instant::FromUnixSeconds(5));
  EXPECT_FALSE(batch.says_something());
  batch.AddEnded({IpAddress::V4(1), 10, 4});
  EXPECT_TRUE(batch.says_something());
  EXPECT_EQ(batch.cost(), kPieceOverheadBytes);
}

TEST(ArrivalBatch, AddsUpWhatWasDropped) {
  const auto at = [](std::int64_t s) { return Instant::FromUnixSeconds(s); };
  ArrivalBatch batch(3, at(5));
  batch.AddDropped({{at(4), at(5)}, 7});
  batch.AddDropped({{at(1), at(2)}, 1});
  EXPECT_EQ(batch.dropped()->pieces, 8U);
  EXPECT_EQ(batch.dropped()->period, (Period{at(1), at(5)}));
  EXPECT_EQ(batch.cost(), kPieceOverheadBytes);
}

TEST(DropWatch, TellsEachLossOnceAndBetweenWhichLooksItWas) {
  const auto at = [](std::int64_t s) { return Instant::FromUnixSeconds(s); };
  DropWatch watch(at(10));
  EXPECT_FALSE(watch.Look(0, at(11)).has_value());
  const std::optional<Dropped> dropped = watch.Look(5, at(14));
  EXPECT_EQ(dropped->pieces, 5U);
  EXPECT_EQ(dropped->period, (Period{at(11), at(14) + 1}));
  EXPECT_FALSE(watch.Look(5, at(15)).has_value());
  EXPECT_EQ(watch.Look(6, at(16))->period.begin, at(15));
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

TEST(ArrivalQueue, GivesTheOldestFirstAndNoMoreThanAskedButOne) {
  ArrivalQueue queue;
  for (const std::size_t bytes : {500U, 300U, 100U}) ASSERT_TRUE(queue.TryPush(BatchOf(bytes)));
  const std::size_t left = 100 + kPieceOverheadBytes;
  EXPECT_EQ(queue.PopUpTo(1, milliseconds(0)).size(), 1U);
  EXPECT_EQ(queue.PopUpTo(300 + left + kPieceOverheadBytes - 1, milliseconds(0)).size(), 1U);
  EXPECT_EQ(queue.bytes(), left);
  EXPECT_EQ(queue.PopUpTo(left, milliseconds(0)).size(), 1U);
  EXPECT_EQ(queue.bytes(), 0U);
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
