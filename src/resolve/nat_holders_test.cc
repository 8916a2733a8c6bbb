// The rules of docs/operate/resolve.md on who held a public address and port, each with a test that it can
// fail.
#include <gtest/gtest.h>

#include "resolve/example_rows.h"
#include "resolve/resolver.h"

namespace probatio::resolve {
namespace {

using record::NatEvent;
using record::NatEventKind;

Holders At0814(const std::vector<NatEvent>& events, std::int64_t error_ns = 0) {
  return HoldersAt(events, ExampleTuple(error_ns), Limits{});
}

std::vector<std::string> Inside(const std::vector<NatEvent>& events, const Holders& holders) {
  std::vector<std::string> addresses;
  for (const Holder& holder : holders.at_instant) {
    addresses.push_back(events.at(holder.events.front()).inside_ip->ToText());
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

std::vector<std::string> InsideAt0814(const std::vector<NatEvent>& events, std::int64_t error_ns = 0) {
  return Inside(events, At0814(events, error_ns));
}

using Names = std::vector<std::string>;

TEST(HoldersAt, ASessionHoldsItsPortFromItsCreateToItsDelete) {
  const std::vector<NatEvent> events{SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"),
                                     SessionDelete("2024-10-21T08:15:00Z", "10.0.0.1")};
  const Holders holders = At0814(events);
  ASSERT_EQ(holders.at_instant.size(), 1U);
  EXPECT_EQ(holders.at_instant[0].events, (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(holders.at_instant[0].rules.empty());
}

NatEvent WholeSession(std::string_view from, std::string_view to, std::string_view inside) {
  NatEvent session = SessionCreate(from, inside);
  session.end_at = Instant::ParseRfc3339(to).value();
  return session;
}

TEST(HoldersAt, ARowThatIsCreateAndDeleteSpeaksForBoth) {
  const std::vector<NatEvent> rows{WholeSession("2024-10-21T08:13:00Z", "2024-10-21T08:15:00Z", "10.0.0.1"),
                                   WholeSession("2024-10-21T08:10:00Z", "2024-10-21T08:12:00Z", "10.0.0.2")};
  const Holders holders = At0814(rows);
  EXPECT_EQ(Inside(rows, holders), Names{"10.0.0.1"});
  EXPECT_EQ(holders.at_instant[0].events, std::vector<std::size_t>{0});
  EXPECT_TRUE(holders.at_instant[0].rules.empty());
}

TEST(HoldersAt, ACreateThatIsAlsoKeptAloneIsTheSameEventAsInItsSession) {
  const std::vector<NatEvent> rows{SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"),
                                   WholeSession("2024-10-21T08:13:00Z", "2024-10-21T08:15:00Z", "10.0.0.1")};
  const Holders holders = At0814(rows);
  ASSERT_EQ(holders.at_instant.size(), 1U);
  EXPECT_EQ(holders.at_instant[0].events, (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(holders.at_instant[0].rules.empty()) << "the session's end is also the lone create's";
}

TEST(HoldersAt, ASessionThatEndedBeforeOrBeganAfterIsNobody) {
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"),
                          SessionDelete("2024-10-21T08:14:00Z", "10.0.0.1")}),
            Names{});
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-21T08:14:04Z", "10.0.0.1"),
                          SessionDelete("2024-10-21T08:15:00Z", "10.0.0.1")}),
            Names{});
}

TEST(HoldersAt, AnotherAddressPortOrProtocolSaysNothing) {
  NatEvent address = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  address.public_ip = Ip("203.0.113.8");
  NatEvent port = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.2");
  port.public_port = 51'235;
  NatEvent proto = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.3");
  proto.proto = 17;
  EXPECT_EQ(InsideAt0814({address, port, proto}), Names{});
}

TEST(HoldersAt, AnEventWithoutProtocolCoversAllProtocols) {
  NatEvent event = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  event.proto.reset();
  EXPECT_EQ(InsideAt0814({event}), Names{"10.0.0.1"});
}

TEST(HoldersAt, ABlockHoldsItsFirstAndLastPortAndNoMore) {
  NatEvent block = BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.1");
  const auto held = [&](std::uint16_t first, std::uint16_t last) {
    block.port_first = first;
    block.port_last = last;
    return InsideAt0814({block}).size();
  };
  EXPECT_EQ(held(51'234, 51'300), 1U);
  EXPECT_EQ(held(51'235, 51'300), 0U);
  EXPECT_EQ(held(51'000, 51'234), 1U);
  EXPECT_EQ(held(51'000, 51'233), 0U);
}

TEST(HoldersAt, AStridedBlockHoldsOnlyThePortsOfItsStep) {
  NatEvent mine = BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.1");
  NatEvent other = BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.2");
  mine.port_first = 51'202;
  other.port_first = 51'203;
  mine.port_step = other.port_step = 4;
  EXPECT_EQ(InsideAt0814({mine, other}), Names{"10.0.0.1"});
}

TEST(HoldersAt, TheHistoricCreateWithAPortRangeIsABlock) {
  const std::vector<NatEvent> events{Block(NatEventKind::kCreate, "2024-10-20T08:00:00Z", "10.0.0.1"),
                                     Block(NatEventKind::kDelete, "2024-10-21T09:00:00Z", "10.0.0.1")};
  EXPECT_EQ(InsideAt0814(events), Names{"10.0.0.1"});
}

TEST(HoldersAt, TwoLiveSessionsAreBothListedAndNeverChosenBetween) {
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-21T08:10:00Z", "10.0.0.1"),
                          SessionCreate("2024-10-21T08:13:00Z", "10.0.0.2"),
                          SessionDelete("2024-10-21T08:20:00Z", "10.0.0.1"),
                          SessionDelete("2024-10-21T08:21:00Z", "10.0.0.2")}),
            (Names{"10.0.0.1", "10.0.0.2"}));
}

TEST(HoldersAt, ASecondCreateDoesNotCloseASession) {
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-21T08:10:00Z", "10.0.0.1"),
                          SessionCreate("2024-10-21T08:13:00Z", "10.0.0.2")}),
            (Names{"10.0.0.1", "10.0.0.2"}));
}

TEST(HoldersAt, ReallocationClosesABlockWhoseReleaseNeverCame) {
  const std::vector<NatEvent> events{BlockAllocate("2024-10-20T08:00:00Z", "10.0.0.1"),
                                     BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.2")};
  EXPECT_EQ(InsideAt0814(events), Names{"10.0.0.2"});
  order::Tuple before = ExampleTuple();
  before.at = At("2024-10-21T07:59:00Z");
  const Holders earlier = HoldersAt(events, before, Limits{});
  ASSERT_EQ(Inside(events, earlier), Names{"10.0.0.1"});
  EXPECT_EQ(earlier.at_instant[0].rules, Names{"closed by re-allocation"});
}

TEST(HoldersAt, TwoAllocationsAtOneInstantCloseNeitherOfThem) {
  EXPECT_EQ(InsideAt0814({BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.1"),
                          BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.2")}),
            (Names{"10.0.0.1", "10.0.0.2"}));
}

TEST(HoldersAt, AReleaseThatWasSeenOutlivesAReallocation) {
  EXPECT_EQ(InsideAt0814({BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.1"),
                          BlockAllocate("2024-10-21T08:10:00Z", "10.0.0.2"),
                          BlockRelease("2024-10-21T09:00:00Z", "10.0.0.1")}),
            (Names{"10.0.0.1", "10.0.0.2"}));
}

TEST(HoldersAt, AReleaseEndsTheLatestOfTwoAllocationsToOneCustomer) {
  EXPECT_EQ(InsideAt0814({BlockAllocate("2024-10-21T07:00:00Z", "10.0.0.1"),
                          BlockAllocate("2024-10-21T07:30:00Z", "10.0.0.1"),
                          BlockRelease("2024-10-21T08:00:00Z", "10.0.0.1")}),
            Names{});
}

TEST(HoldersAt, ASessionWithoutDeleteHoldsUntilItsAgeIsOver) {
  const std::vector<NatEvent> young{SessionCreate("2024-10-20T08:14:03Z", "10.0.0.1")};
  const Holders holders = At0814(young);
  ASSERT_EQ(holders.at_instant.size(), 1U);
  EXPECT_EQ(holders.at_instant[0].rules, Names{"no end was seen"});
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-20T08:14:02.999Z", "10.0.0.1")}), Names{});
}

TEST(HoldersAt, ADeleteWithoutCreateHoldsUntilTheDelete) {
  const std::vector<NatEvent> events{SessionDelete("2024-10-21T08:20:00Z", "10.0.0.1")};
  const Holders holders = At0814(events);
  ASSERT_EQ(holders.at_instant.size(), 1U);
  EXPECT_EQ(holders.at_instant[0].rules, Names{"its beginning was not seen"});
}

TEST(HoldersAt, ACreateBetweenTheInstantAndTheLoneDeleteClearsTheHolder) {
  // The create pairs with the first delete; the second delete's own create came after it, not before
  // 08:14:03.
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-21T08:16:00Z", "10.0.0.1"),
                          SessionDelete("2024-10-21T08:17:00Z", "10.0.0.1"),
                          SessionDelete("2024-10-21T08:20:00Z", "10.0.0.1")}),
            Names{});
}

TEST(HoldersAt, ALoneReleaseReachesBackToTheReleaseBefore) {
  EXPECT_EQ(InsideAt0814({BlockAllocate("2024-10-21T07:00:00Z", "10.0.0.1"),
                          BlockRelease("2024-10-21T08:30:00Z", "10.0.0.1"),
                          BlockRelease("2024-10-21T09:00:00Z", "10.0.0.2")}),
            Names{"10.0.0.1"});
}

TEST(HoldersAt, OneEventThroughTwoCollectorsIsOneHoldingWithTwoSupports) {
  NatEvent copy = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  copy.origin.exporter = "collector-2.example";
  copy.origin.seq = 991;
  const std::vector<NatEvent> events{SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"), copy,
                                     SessionDelete("2024-10-21T08:15:00Z", "10.0.0.1")};
  const Holders holders = At0814(events);
  ASSERT_EQ(holders.at_instant.size(), 1U);
  EXPECT_EQ(holders.at_instant[0].events, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(holders.at_instant[0].rules.empty());
}

TEST(HoldersAt, EqualEventsUnderTwoSequenceNumbersAreTwoSessions) {
  NatEvent second = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  second.origin.seq = 2;
  // Two creates, one delete: one of the two is still alive.
  EXPECT_EQ(InsideAt0814({SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"), second,
                          SessionDelete("2024-10-21T08:14:00Z", "10.0.0.1")}),
            Names{"10.0.0.1"});
}

TEST(HoldersAt, TheSameInsideAddressInTwoRealmsIsTwoCustomers) {
  NatEvent a = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  NatEvent b = a;
  a.inside_realm = "vrf-1";
  b.inside_realm = "vrf-2";
  EXPECT_EQ(At0814({a, b}).at_instant.size(), 2U);
}

TEST(HoldersAt, ABindingIsHeardOnlyWhenNothingNamesThePort) {
  NatEvent binding = Session(NatEventKind::kAddressBindingCreate, "2024-10-21T08:00:00Z", "10.0.0.2");
  binding.public_port.reset();
  binding.inside_port.reset();
  binding.proto.reset();
  EXPECT_EQ(InsideAt0814({binding}), Names{"10.0.0.2"});
  EXPECT_EQ(InsideAt0814({binding, SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1")}), Names{"10.0.0.1"});
}

TEST(HoldersAt, ASessionAndItsBlockAreOneHolderAndADisagreementIsTwo) {
  const NatEvent session = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  EXPECT_EQ(At0814({session, BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.1")}).at_instant.size(), 1U);
  EXPECT_EQ(At0814({session, BlockAllocate("2024-10-21T08:00:00Z", "10.0.0.2")}).at_instant.size(), 2U);
}

TEST(HoldersAt, TheErrorOfTheInstantBringsInTheNeighbour) {
  const std::vector<NatEvent> events{
      SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"), SessionDelete("2024-10-21T08:14:10Z", "10.0.0.1"),
      SessionCreate("2024-10-21T08:14:12Z", "10.0.0.2"), SessionDelete("2024-10-21T08:20:00Z", "10.0.0.2")};
  EXPECT_EQ(InsideAt0814(events, 8 * kNsPerSecond), Names{"10.0.0.1"});
  EXPECT_EQ(InsideAt0814(events, 9 * kNsPerSecond), (Names{"10.0.0.1", "10.0.0.2"}));
}

TEST(HoldersAt, TheErrorOfTheExportersClockBringsInTheNeighbourToo) {
  NatEvent late = SessionCreate("2024-10-21T08:14:05Z", "10.0.0.2");
  EXPECT_EQ(InsideAt0814({late}), Names{});
  late.origin.at.error_ns = 2 * kNsPerSecond;
  EXPECT_EQ(InsideAt0814({late}), Names{"10.0.0.2"});
}

TEST(HoldersAt, AHolderOfPartOfTheStatedErrorIsSaidToBeSo) {
  const std::vector<NatEvent> events{SessionCreate("2024-10-21T08:14:04Z", "10.0.0.1"),
                                     SessionDelete("2024-10-21T08:15:00Z", "10.0.0.1")};
  const Holders holders = At0814(events, 5 * kNsPerSecond);
  ASSERT_EQ(holders.at_instant.size(), 1U);
  EXPECT_EQ(holders.at_instant[0].rules, Names{"held for part of the instant's stated error only"});
}

TEST(HoldersAt, TheAnswerSaysOverWhichOffsetItStaysTheSame) {
  const std::vector<NatEvent> events{SessionCreate("2024-10-21T08:13:22Z", "10.0.0.1"),
                                     SessionDelete("2024-10-21T08:14:12Z", "10.0.0.1")};
  const OffsetProfile offsets = At0814(events).offsets;
  EXPECT_EQ(offsets.unchanged_from_ns, -41 * kNsPerSecond);
  // The delete happened within one step of its clock after 08:14:12.
  EXPECT_EQ(offsets.unchanged_to_ns, 9 * kNsPerSecond + kNsPerMs - 1);
}

TEST(HoldersAt, TheOffsetIsExactAtBothOfItsEnds) {
  const std::vector<NatEvent> events{SessionCreate("2024-10-21T08:13:22Z", "10.0.0.1"),
                                     SessionDelete("2024-10-21T08:14:12Z", "10.0.0.1"),
                                     SessionCreate("2024-10-21T08:14:11Z", "10.0.0.2")};
  const OffsetProfile offsets = At0814(events).offsets;
  const auto count_at = [&](std::int64_t offset) {
    order::Tuple tuple = ExampleTuple();
    tuple.at = tuple.at + offset;
    return HoldersAt(events, tuple, Limits{}).at_instant.size();
  };
  EXPECT_EQ(count_at(*offsets.unchanged_from_ns), 1U);
  EXPECT_EQ(count_at(*offsets.unchanged_from_ns - 1), 0U);
  EXPECT_EQ(count_at(*offsets.unchanged_to_ns), 1U);
  EXPECT_EQ(count_at(*offsets.unchanged_to_ns + 1), 2U);
}

TEST(HoldersAt, NobodyNearbyLeavesTheOffsetUnbounded) {
  const OffsetProfile offsets = At0814({}).offsets;
  EXPECT_FALSE(offsets.unchanged_from_ns.has_value());
  EXPECT_FALSE(offsets.unchanged_to_ns.has_value());
}

TEST(HoldersAt, AbsurdBoundsNeitherWrapNorStopIt) {
  NatEvent event = SessionCreate("2024-10-21T08:20:00Z", "10.0.0.1");
  event.origin.at.error_ns = std::numeric_limits<std::int64_t>::max();
  event.origin.at.resolution_ns = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(InsideAt0814({event}, std::numeric_limits<std::int64_t>::max()), Names{"10.0.0.1"});
}

TEST(HoldersAt, EventsThatNeitherBeginNorEndAreNoHolders) {
  EXPECT_EQ(InsideAt0814({Session(NatEventKind::kPortsExhausted, "2024-10-21T08:14:03Z", "10.0.0.1")}),
            Names{});
}

}  // namespace
}  // namespace probatio::resolve
