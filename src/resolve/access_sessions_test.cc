// Which subscriber had an inside address: sessions from starts, interims and stops, and how lost ones are
// closed.
#include "resolve/access_sessions.h"

#include <gtest/gtest.h>

#include "resolve/example_rows.h"

namespace probatio::resolve {
namespace {

using record::AccessSession;
using record::SessionEventKind;

const Period kAsked{At("2024-10-21T08:14:03Z"), At("2024-10-21T08:14:03Z") + 1};

AccessSession Start(std::string_view at, std::string_view session, std::string_view subscriber) {
  return Access(SessionEventKind::kStart, at, session, subscriber);
}
AccessSession Interim(std::string_view at, std::string_view session, std::string_view subscriber) {
  return Access(SessionEventKind::kInterim, at, session, subscriber);
}
AccessSession Stop(std::string_view at, std::string_view session, std::string_view subscriber) {
  return Access(SessionEventKind::kStop, at, session, subscriber);
}

std::vector<AccessHolder> Had(const std::vector<AccessSession>& events) {
  return SubscribersAt(events, kAsked, kAccessLookBackMaxNs);
}
std::vector<std::string> Names(const std::vector<AccessHolder>& holders) {
  std::vector<std::string> names;
  for (const AccessHolder& holder : holders) names.push_back(holder.subscriber);
  return names;
}
using Strings = std::vector<std::string>;

TEST(SubscribersAt, ASessionCoversTheInstantFromItsStartToItsStop) {
  const auto holders = Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"),
                            Interim("2024-10-21T07:00:00Z", "5F2A", "L-000123"),
                            Stop("2024-10-21T09:00:00Z", "5F2A", "L-000123")});
  ASSERT_EQ(Names(holders), Strings{"L-000123"});
  EXPECT_EQ(holders[0].events, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(holders[0].rules.empty());
}

TEST(SubscribersAt, AStoppedSessionIsNobodys) {
  EXPECT_EQ(Names(Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"),
                       Stop("2024-10-21T08:14:00Z", "5F2A", "L-000123")})),
            Strings{});
}

TEST(SubscribersAt, TheNextStartOnTheAddressClosesASessionWithoutStop) {
  const auto holders = Had(
      {Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"), Start("2024-10-21T08:00:00Z", "5F2B", "L-000124")});
  EXPECT_EQ(Names(holders), Strings{"L-000124"});
  const auto before = Had(
      {Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"), Start("2024-10-21T08:20:00Z", "5F2B", "L-000124")});
  ASSERT_EQ(Names(before), Strings{"L-000123"});
  EXPECT_EQ(before[0].rules, Strings{"closed by the next start on the same address"});
}

TEST(SubscribersAt, AStopThatWasSeenIsBelievedBeforeTheNextStart) {
  EXPECT_EQ(Names(Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"),
                       Start("2024-10-21T08:00:00Z", "5F2B", "L-000124"),
                       Stop("2024-10-21T08:30:00Z", "5F2A", "L-000123")})),
            (Strings{"L-000123", "L-000124"}));
}

TEST(SubscribersAt, ARestartOfTheNasClosesItsSessions) {
  AccessSession on = Access(SessionEventKind::kOn, "2024-10-21T08:00:00Z", "", "");
  on.subscriber.reset();
  on.session.reset();
  EXPECT_EQ(Names(Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"), on})), Strings{});
  on.nas = "nas-2.example";
  EXPECT_EQ(Names(Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"), on})), Strings{"L-000123"});
}

TEST(SubscribersAt, ASessionWithoutStopHoldsUntilItsAgeIsOver) {
  const auto holders = Had({Start("2024-09-21T08:14:03Z", "5F2A", "L-000123")});
  ASSERT_EQ(Names(holders), Strings{"L-000123"});
  EXPECT_EQ(holders[0].rules, Strings{"no stop was seen"});
  EXPECT_EQ(Names(Had({Start("2024-09-21T08:14:02.99Z", "5F2A", "L-000123")})), Strings{});
}

TEST(SubscribersAt, ASessionWhoseStartWasLostReachesBackToTheOneBefore) {
  const auto holders = Had({Stop("2024-10-21T08:00:00Z", "5F2A", "L-000123"),
                            Interim("2024-10-21T08:30:00Z", "5F2B", "L-000124"),
                            Stop("2024-10-21T09:00:00Z", "5F2B", "L-000124")});
  ASSERT_EQ(Names(holders), Strings{"L-000124"});
  EXPECT_EQ(holders[0].rules, Strings{"its start was not seen"});
}

TEST(SubscribersAt, ARetransmittedReportIsOneEvent) {
  const auto holders = Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"),
                            Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"),
                            Stop("2024-10-21T09:00:00Z", "5F2A", "L-000123")});
  ASSERT_EQ(holders.size(), 1U);
  EXPECT_EQ(holders[0].events.size(), 3U);
  EXPECT_TRUE(holders[0].rules.empty());
}

TEST(SubscribersAt, ASessionIdThatBeginsAgainForAnotherSubscriberIsAnotherSession) {
  EXPECT_EQ(Names(Had({Start("2024-10-01T07:00:00Z", "5F2A", "L-000123"),
                       Interim("2024-10-21T08:10:00Z", "5F2A", "L-000124"),
                       Stop("2024-10-21T09:00:00Z", "5F2A", "L-000124")})),
            (Strings{"L-000123", "L-000124"}));
}

TEST(SubscribersAt, ASessionWithinOneStepOfTheClockIsOver) {
  EXPECT_EQ(Names(Had({Start("2024-10-21T08:00:00Z", "5F2A", "L-000123"),
                       Stop("2024-10-21T08:00:00Z", "5F2A", "L-000123")})),
            Strings{});
}

TEST(SubscribersAt, AnAddressHandedOverWithinTheExportersStepHasTwoHolders) {
  AccessSession stop = Stop("2024-10-21T08:14:03Z", "5F2A", "L-000123");
  AccessSession start = Start("2024-10-21T08:14:03Z", "5F2B", "L-000124");
  stop.origin.at.resolution_ns = start.origin.at.resolution_ns = kNsPerSecond;
  EXPECT_EQ(Names(Had({Start("2024-10-20T07:00:00Z", "5F2A", "L-000123"), stop, start})),
            (Strings{"L-000123", "L-000124"}));
}

}  // namespace
}  // namespace probatio::resolve
