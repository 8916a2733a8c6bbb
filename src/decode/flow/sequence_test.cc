#include "decode/flow/sequence.h"

#include <gtest/gtest.h>

namespace probatio::decode {
namespace {

MessageHeader At(std::uint32_t sequence, std::int64_t second = 0, std::uint32_t domain = 1) {
  return {FlowVersion::kIpfix, 100, Instant::FromUnixSeconds(second), sequence, domain, {}};
}

TEST(SequenceTracker, CountsTheRecordsBetweenTwoMessages) {
  SequenceTracker tracker;
  tracker.Message(At(100, 10), 20);
  tracker.Message(At(120, 11), 5);
  EXPECT_EQ(tracker.lost(), 0U);
  tracker.Message(At(130, 17), 5);
  EXPECT_EQ(tracker.lost(), 5U);
  const std::vector<SequenceGap> gaps = tracker.TakeGaps();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].first, 125U);
  EXPECT_EQ(gaps[0].records, 5U);
  EXPECT_EQ(gaps[0].exported, (Period{Instant::FromUnixSeconds(11), Instant::FromUnixSeconds(17)}));
}

TEST(SequenceTracker, GoesRoundAt32Bits) {
  SequenceTracker tracker;
  tracker.Message(At(0xFFFF'FFFE), 4);
  tracker.Message(At(2), 1);
  EXPECT_EQ(tracker.lost(), 0U);
  tracker.Message(At(0xFFFF'FFFF, 0, 2), 0);
  tracker.Message(At(1, 0, 2), 0);
  EXPECT_EQ(tracker.lost(), 2U);
}

TEST(SequenceTracker, KeepsDomainsApart) {
  SequenceTracker tracker;
  tracker.Message(At(0, 0, 1), 10);
  tracker.Message(At(500, 0, 2), 10);
  tracker.Message(At(10, 0, 1), 10);
  EXPECT_EQ(tracker.lost(), 0U);
}

TEST(SequenceTracker, NeverTalksALossAwayWhenAMessageComesLateOrTwice) {
  SequenceTracker tracker;
  tracker.Message(At(0), 10);
  tracker.Message(At(20), 10);  // 10 to 19 are missing
  tracker.Message(At(20), 10);  // sent twice
  tracker.Message(At(10), 10);  // the missing ones, late
  tracker.Message(At(30), 10);
  EXPECT_EQ(tracker.lost(), 10U);
  EXPECT_EQ(tracker.late_messages(), 2U);
  EXPECT_EQ(tracker.restarts(), 0U);
}

TEST(SequenceTracker, KnowsARestartByTwoMessagesThatFollowEachOther) {
  SequenceTracker tracker;
  tracker.Message(At(1'000'000), 10);
  tracker.Message(At(0), 10);
  tracker.Message(At(10), 10);
  EXPECT_EQ(tracker.restarts(), 1U);
  tracker.Message(At(25), 10);
  EXPECT_EQ(tracker.lost(), 5U);
}

TEST(SequenceTracker, ForetellsNothingAfterASetThatCouldNotBeRead) {
  SequenceTracker tracker;
  tracker.Message(At(0), 10);
  tracker.Message(At(10), std::nullopt);
  tracker.Message(At(5000), 1);
  EXPECT_EQ(tracker.lost(), 0U);
  tracker.Message(At(5002), 1);
  EXPECT_EQ(tracker.lost(), 1U);
}

TEST(SequenceTracker, HoldsSoManyGapsAndCountsAll) {
  SequenceTracker tracker;
  for (std::uint32_t i = 0; i <= kSequenceGapsMax + 1; ++i) tracker.Message(At(2 * i), 1);
  EXPECT_EQ(tracker.lost(), kSequenceGapsMax + 1);
  EXPECT_EQ(tracker.TakeGaps().size(), kSequenceGapsMax);
}

TEST(SequenceTracker, FollowsSoManyDomains) {
  SequenceTracker tracker;
  for (std::uint32_t domain = 0; domain <= kSequenceDomainsMax; ++domain)
    tracker.Message(At(0, 0, domain), 1);
  for (std::uint32_t domain = 0; domain <= kSequenceDomainsMax; ++domain)
    tracker.Message(At(2, 0, domain), 1);
  EXPECT_EQ(tracker.lost(), kSequenceDomainsMax);
}

}  // namespace
}  // namespace probatio::decode
