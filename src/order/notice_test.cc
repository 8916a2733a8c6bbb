#include "order/notice.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::Happened;
using example::Person;

constexpr std::int64_t kRepeat = 4 * kNsPerHour;

// Served on Friday 8 November 2024 at 17:00; 48 hours end on Sunday at 17:00, and Monday is a holiday.
Order FridayOrder() {
  nlohmann::json value = example::PlatformJson();
  value["date"] = "2024-11-08";
  value["service"]["at"] = "2024-11-08T17:00:00+01:00";
  return example::Parse(value.dump());
}

Life ReceivedAt(std::string_view at) {
  Event event = Happened(EventKind::kReceived, "clerk-1");
  event.at = At(at);
  return Replay({event}).value();
}

std::string DueAt(std::string_view now, const Life& life = ReceivedAt("2024-11-08T17:05:00+01:00")) {
  const auto notice = NoticeDue(FridayOrder(), life, kRepeat, At(now));
  return notice ? notice->Key() : "none";
}

TEST(Notice, FortyEightHoursFromFridayEveningWakePeopleAtTheWeekend) {
  EXPECT_EQ(DueAt("2024-11-08T17:05:00+01:00"), "rg-24-57625/received/0");
  EXPECT_EQ(DueAt("2024-11-09T16:59:59+01:00"), "rg-24-57625/received/0");
  EXPECT_EQ(DueAt("2024-11-09T17:00:00+01:00"), "rg-24-57625/half/0");  // Saturday evening
  EXPECT_EQ(DueAt("2024-11-10T07:23:59+01:00"), "rg-24-57625/half/0");
  EXPECT_EQ(DueAt("2024-11-10T07:24:00+01:00"), "rg-24-57625/eighty/0");  // Sunday morning
  EXPECT_EQ(DueAt("2024-11-10T16:59:59+01:00"), "rg-24-57625/eighty/0");
  EXPECT_EQ(DueAt("2024-11-10T17:00:00+01:00"), "rg-24-57625/overdue/0");
  EXPECT_EQ(DueAt("2024-11-10T21:00:00+01:00"), "rg-24-57625/overdue/1");
  EXPECT_EQ(DueAt("2024-11-11T17:00:00+01:00"), "rg-24-57625/overdue/6");
}

TEST(Notice, SaysTheTimeLimitAndSinceWhenItWasDue) {
  const auto notice = NoticeDue(FridayOrder(), ReceivedAt("2024-11-08T17:05:00+01:00"), kRepeat,
                                At("2024-11-10T22:30:00+01:00"));
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->limit, At("2024-11-10T17:00:00+01:00"));
  EXPECT_EQ(notice->since, At("2024-11-10T21:00:00+01:00"));
}

TEST(Notice, AnOrderWithoutATimeLimitIsToldAtReceptionOnly) {
  nlohmann::json value = example::PlatformJson();
  value.erase("service");
  const Order order = example::Parse(value.dump());
  const Life life = ReceivedAt("2024-11-12T18:00:00+01:00");
  const auto notice = NoticeDue(order, life, kRepeat, At("2025-11-12T18:00:00+01:00"));
  ASSERT_TRUE(notice.has_value());
  EXPECT_EQ(notice->kind, NoticeKind::kReceived);
  EXPECT_FALSE(notice->limit.has_value());
}

TEST(Notice, AServiceRecordedLaterStartsTheReckoning) {
  nlohmann::json value = example::PlatformJson();
  value.erase("service");
  const Order order = example::Parse(value.dump());
  Event served = Happened(EventKind::kServed, "clerk-1", "the act");
  served.at = At("2024-11-13T10:00:00+01:00");
  served.served = At("2024-11-13T09:00:00+01:00");
  served.item = "bailiff";
  const Life life = Apply(ReceivedAt("2024-11-12T18:00:00+01:00"), served).value();
  EXPECT_EQ(NoticeDue(order, life, kRepeat, At("2024-11-14T09:00:00+01:00"))->kind, NoticeKind::kHalf);
}

TEST(Notice, NobodyIsToldWhileStayedNorAfterTheEnd) {
  const char* late = "2024-11-11T17:00:00+01:00";
  const Life received = ReceivedAt("2024-11-08T17:05:00+01:00");
  const Life stayed = Apply(received, Happened(EventKind::kStayed, "counsel-1")).value();
  EXPECT_EQ(DueAt(late, stayed), "none");
  EXPECT_EQ(DueAt(late, Apply(stayed, Happened(EventKind::kStayLifted, "counsel-1")).value()),
            "rg-24-57625/overdue/6");
  EXPECT_EQ(DueAt(late, Apply(received, Happened(EventKind::kRefused, "counsel-1")).value()), "none");
  EXPECT_EQ(DueAt(late, Apply(received, Happened(EventKind::kWithdrawn, "counsel-1")).value()), "none");
}

TEST(Notice, AnOverdueOrderIsStillToBeAnsweredUntilItIsDelivered) {
  std::vector<Event> events = example::UntilAssessed();
  events.push_back(Happened(EventKind::kApproved, "approver-1"));
  events.push_back(Happened(EventKind::kApproved, "approver-2"));
  events.push_back(Happened(EventKind::kExecuted, "counsel-1"));
  const Life executed = Replay(events).value();
  EXPECT_EQ(DueAt("2024-11-11T17:00:00+01:00", executed), "rg-24-57625/overdue/6");
  const Life delivered = Apply(executed, Happened(EventKind::kDelivered, "counsel-1")).value();
  EXPECT_EQ(DueAt("2024-11-11T17:00:00+01:00", delivered), "none");
}

OnCall Someone(const char* id, bool on_call, const char* substitute = nullptr,
               std::vector<Period> absences = {}) {
  OnCall one{Person(id), on_call, std::nullopt, std::move(absences)};
  if (substitute != nullptr) one.substitute = Person(substitute);
  return one;
}
const Period kWeekend{At("2024-11-08T18:00:00+01:00"), At("2024-11-12T08:00:00+01:00")};
const Instant kSaturday = At("2024-11-09T12:00:00+01:00");

std::string Told(const std::vector<OnCall>& people, NoticeKind kind = NoticeKind::kHalf,
                 Instant now = kSaturday) {
  std::string told;
  for (const PersonId& person : WhoIsTold(people, kind, now)) told += person.text() + " ";
  return told;
}

TEST(WhoIsTold, WhoeverIsOnCallAndThere) {
  EXPECT_EQ(Told({Someone("a", true), Someone("b", false), Someone("c", true)}), "a c ");
  EXPECT_EQ(Told({Someone("b", false)}), "");
}

TEST(WhoIsTold, TheSubstituteOfWhoeverIsAbsentAndTheSubstitutesSubstitute) {
  EXPECT_EQ(Told({Someone("a", true, "b", {kWeekend}), Someone("b", false)}), "b ");
  EXPECT_EQ(
      Told({Someone("a", true, "b", {kWeekend}), Someone("b", false, "c", {kWeekend}), Someone("c", false)}),
      "c ");
  EXPECT_EQ(
      Told({Someone("a", true, "b", {kWeekend}), Someone("b", false)}, NoticeKind::kHalf, kWeekend.begin - 1),
      "a ");
  EXPECT_EQ(Told({Someone("a", true, "b", {kWeekend}), Someone("b", false)}, NoticeKind::kHalf, kWeekend.end),
            "a ");
}

TEST(WhoIsTold, TheAbsentPersonWhenNobodyElseIsThere) {
  EXPECT_EQ(Told({Someone("a", true, nullptr, {kWeekend})}), "a ");
  EXPECT_EQ(Told({Someone("a", true, "gone", {kWeekend})}), "a ");
  // Substitutes of each other, both away.
  EXPECT_EQ(Told({Someone("a", true, "b", {kWeekend}), Someone("b", false, "a", {kWeekend})}), "a ");
}

TEST(WhoIsTold, EverybodyWhenItIsOverdueAndEachOnce) {
  EXPECT_EQ(Told({Someone("a", true, "b", {kWeekend}), Someone("b", true, "a"), Someone("c", false)},
                 NoticeKind::kOverdue),
            "a b ");
}

TEST(WhoIsTold, SubstitutesLeadOnlySoFar) {
  std::vector<OnCall> people;
  for (std::size_t i = 0; i <= kSubstitutesMax + 1; ++i) {
    const std::string next = "p" + std::to_string(i + 1);
    people.push_back(Someone(("p" + std::to_string(i)).c_str(), i == 0, next.c_str(), {kWeekend}));
  }
  people[kSubstitutesMax].absences.clear();
  EXPECT_EQ(Told(people), "p8 ");
  people[kSubstitutesMax].absences = {kWeekend};
  people[kSubstitutesMax + 1].absences.clear();
  EXPECT_EQ(Told(people), "p0 ");
}

TEST(NextTry, WaitsTwiceAsLongEachTimeUpToHalfAnHour) {
  EXPECT_EQ(NextTry(1, kSaturday), kSaturday + kNsPerMinute);
  EXPECT_EQ(NextTry(2, kSaturday), kSaturday + 2 * kNsPerMinute);
  EXPECT_EQ(NextTry(5, kSaturday), kSaturday + 16 * kNsPerMinute);
  EXPECT_EQ(NextTry(6, kSaturday), kSaturday + kRetryMaxNs);
  EXPECT_EQ(NextTry(1'000'000, kSaturday), kSaturday + kRetryMaxNs);
}

TEST(Notice, AnUrgentOrderWaitsLoudlyForItsSecondPersonEvenWhenItHasLeft) {
  Event authenticated = Happened(EventKind::kAuthenticated, "counsel-1", "called the registry");
  authenticated.at = At("2024-11-08T18:00:00+01:00");
  authenticated.item = kByCallBack;
  authenticated.until = At("2024-11-09T18:00:00+01:00");
  const Life life = Apply(ReceivedAt("2024-11-08T17:05:00+01:00"), authenticated).value();
  const auto due = [&](const Life& of, const char* now) {
    const auto notice = ConfirmationDue(FridayOrder(), of, kRepeat, At(now));
    return notice ? notice->Key() : "none";
  };
  EXPECT_EQ(due(life, "2024-11-08T18:00:00+01:00"), "rg-24-57625/unconfirmed/0");
  EXPECT_EQ(due(life, "2024-11-09T17:59:59+01:00"), "rg-24-57625/unconfirmed/0");
  EXPECT_EQ(due(life, "2024-11-09T18:00:00+01:00"), "rg-24-57625/unconfirmed_overdue/0");
  EXPECT_EQ(due(life, "2024-11-09T22:00:00+01:00"), "rg-24-57625/unconfirmed_overdue/1");
  Life left = life;
  left.state = State::kDelivered;
  EXPECT_EQ(due(left, "2024-11-09T18:00:00+01:00"), "rg-24-57625/unconfirmed_overdue/0");
  const Life confirmed = Apply(life, Happened(EventKind::kConfirmed, "clerk-2")).value();
  EXPECT_EQ(due(confirmed, "2024-11-09T18:00:00+01:00"), "none");
  EXPECT_EQ(NoticesDue(FridayOrder(), life, kRepeat, At("2024-11-10T17:00:00+01:00")).size(), 2U);
}

}  // namespace
}  // namespace probatio::order
