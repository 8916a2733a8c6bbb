#include "order/life.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::Decided;
using example::Happened;
using example::UntilAssessed;

Life After(const std::vector<Event>& events) {
  return Replay(events).value();
}

Life AfterThen(std::vector<Event> events, const std::vector<Event>& more) {
  events.insert(events.end(), more.begin(), more.end());
  return After(events);
}

std::string Denial(const Life& life, const Event& event) {
  const auto result = Apply(life, event);
  if (result.ok()) return "allowed";
  EXPECT_EQ(result.error().code(), ErrorCode::kDenied);
  return result.error().what();
}

TEST(Life, GoesFromReceivedToClosed) {
  Life life = After(UntilAssessed());
  EXPECT_EQ(life.state, State::kAssessed);
  EXPECT_EQ(life.transcriber, example::Person("clerk-1"));
  const std::vector<std::pair<EventKind, State>> rest{{EventKind::kApproved, State::kAssessed},
                                                      {EventKind::kApproved, State::kApproved},
                                                      {EventKind::kExecuted, State::kExecuted},
                                                      {EventKind::kDelivered, State::kDelivered},
                                                      {EventKind::kClosed, State::kClosed}};
  int person = 1;
  for (const auto& [kind, state] : rest) {
    life = Apply(life, Happened(kind, "person-" + std::to_string(person++))).value();
    EXPECT_EQ(life.state, state);
  }
  EXPECT_EQ(After(life.events).state, State::kClosed);
}

TEST(Life, NoStepIsSkipped) {
  const Life life = After({Happened(EventKind::kReceived, "clerk-1")});
  EXPECT_EQ(Denial(life, Happened(EventKind::kApproved, "a")), "approved: the order is received");
  EXPECT_EQ(Denial(life, Happened(EventKind::kAuthenticated, "a")),
            "authenticated: a second person has not confirmed the transcription");
  EXPECT_EQ(Denial(life, Happened(EventKind::kExecuted, "a")), "executed: the order is received");
  EXPECT_EQ(Denial(life, Happened(EventKind::kReceived, "a")),
            "received: the order has been received before");
  EXPECT_EQ(Denial(Life{}, Happened(EventKind::kConfirmed, "a")),
            "confirmed: the order has not been received");
}

TEST(Life, AnOrderThatNobodyFoundEnforceableIsAssessedButNeitherApprovedNorExecuted) {
  std::vector<Event> events = UntilAssessed();
  events.erase(events.begin() + 3);  // found enforceable
  const Life life = After(events);
  EXPECT_EQ(life.state, State::kAuthenticated);
  EXPECT_EQ(Denial(life, Happened(EventKind::kApproved, "a")), "approved: the order is authenticated");
  EXPECT_EQ(Denial(life, Happened(EventKind::kExecuted, "a")), "executed: the order is authenticated");
  const Life later = AfterThen(events, {Happened(EventKind::kFoundEnforceable, "counsel-1")});
  EXPECT_EQ(later.state, State::kEnforceable);
  EXPECT_EQ(Denial(later, Happened(EventKind::kApproved, "a")), "approved: the order is enforceable");
}

// Whatever people do, in whatever order: what was executed had been authenticated, found enforceable,
// assessed after that, and approved by two people after the last assessment or decision; and a second person
// had confirmed it, or it was urgent, called back, and still within its day.
TEST(Life, NoSequenceOfEventsReachesDeliveryByAShorterWay) {
  std::mt19937 dice(489);
  const auto roll = [&](int last) { return std::uniform_int_distribution<int>(0, last)(dice); };
  int delivered = 0;
  int urgent = 0;
  for (int walk = 0; walk < 2'000; ++walk) {
    Life life;
    for (int step = 0; step < 250 && life.state != State::kDelivered; ++step) {
      const auto kind = static_cast<EventKind>(roll(static_cast<int>(EventKind::kCost)));
      // Most walks would end here, long before anything interesting.
      if ((kind == EventKind::kRefused || kind == EventKind::kWithdrawn) && roll(20) != 0) continue;
      // Nor would many urgent orders wait long for their second person.
      if (kind == EventKind::kConfirmed && roll(9) != 0) continue;
      Event event = Happened(kind, "person-" + std::to_string(roll(3)));
      event.line = "L1";
      event.item = kind == EventKind::kServed ? "bailiff" : "formula";
      event.choice = Choice::kComply;
      event.served = event.at;
      event.at = event.at + step * kNsPerHour / 8;  // 250 steps are more than the day of an urgent order
      if (kind == EventKind::kAuthenticated && roll(1) == 0) {
        event.item = roll(3) == 0 ? "signature" : std::string(kByCallBack);
        event.until = event.at + kUrgentConfirmNs;
      }
      auto next = Apply(life, event);
      if (next.ok()) life = std::move(next).value();
    }
    if (life.state != State::kDelivered) continue;
    ++delivered;
    int authenticated = -1;
    int enforceable = -1;
    int assessed = -1;
    std::set<PersonId> approvers;
    for (int i = 0; i < static_cast<int>(life.events.size()); ++i) {
      const Event& event = life.events[static_cast<std::size_t>(i)];
      if (event.kind == EventKind::kAuthenticated) authenticated = i;
      if (event.kind == EventKind::kFoundEnforceable) enforceable = i;
      if (event.kind == EventKind::kAssessed) assessed = i;
      if (event.kind == EventKind::kAssessed || event.kind == EventKind::kDecided) approvers.clear();
      if (event.kind == EventKind::kApproved) approvers.insert(event.person);
    }
    ASSERT_LE(0, authenticated);
    ASSERT_LT(authenticated, enforceable);
    ASSERT_LT(enforceable, assessed);
    ASSERT_GE(approvers.size(), 2U);
    ASSERT_FALSE(life.stayed);
    const Event& authentication = life.events[static_cast<std::size_t>(authenticated)];
    if (life.confirmed) {
      const auto confirmed = std::find_if(life.events.begin(), life.events.end(), [](const Event& event) {
        return event.kind == EventKind::kConfirmed;
      });
      ASSERT_NE(confirmed->person, life.transcriber);
      ASSERT_TRUE(!authentication.until || confirmed->person != authentication.person);
    } else {
      ++urgent;
      ASSERT_EQ(authentication.item, kByCallBack);
      ASSERT_LT(life.events.back().at, *authentication.until);
    }
  }
  EXPECT_GT(delivered, 50);
  EXPECT_GT(urgent, 5);
}

TEST(Life, WhoTranscribedAnOrderCannotConfirmIt) {
  const Life life = After({Happened(EventKind::kReceived, "clerk-1")});
  EXPECT_EQ(Denial(life, Happened(EventKind::kConfirmed, "clerk-1")),
            "confirmed: the transcriber cannot confirm the transcription");
  EXPECT_TRUE(Apply(life, Happened(EventKind::kConfirmed, "clerk-2")).value().confirmed);
}

// Authenticated by one person who called back.
Event Urgently(const std::string& by) {
  Event event = Happened(EventKind::kAuthenticated, by, "called the number of the list");
  event.item = kByCallBack;
  event.until = event.at + kUrgentConfirmNs;
  return event;
}

TEST(Life, AnUrgentOrderIsAuthenticatedByACallBackOfOnePersonAndConfirmedAfterwardsByAnother) {
  Life life = After({Happened(EventKind::kReceived, "clerk-1")});
  Event signature = Urgently("counsel-1");
  signature.item = "signature";
  EXPECT_EQ(Denial(life, signature),
            "authenticated: urgent: only a call back to a number known before can stand alone");
  Event late = Urgently("counsel-1");
  late.until = *late.until + 1;
  EXPECT_EQ(Denial(life, late), "authenticated: urgent: a second person confirms within 24 hours");
  life = Apply(life, Urgently("counsel-1")).value();
  EXPECT_EQ(life.state, State::kAuthenticated);
  EXPECT_TRUE(life.IsUnconfirmed());
  EXPECT_EQ(Denial(life, Happened(EventKind::kConfirmed, "clerk-1")),
            "confirmed: the transcriber cannot confirm the transcription");
  EXPECT_EQ(Denial(life, Happened(EventKind::kConfirmed, "counsel-1")),
            "confirmed: whoever authenticated it alone is not the second person");
  life = Apply(life, Happened(EventKind::kConfirmed, "clerk-2")).value();
  EXPECT_FALSE(life.IsUnconfirmed());
  EXPECT_EQ(Denial(life, Happened(EventKind::kConfirmed, "clerk-2")), "confirmed: already confirmed");
}

TEST(Life, WhatNobodyConfirmedInTimeNeitherLeavesNorIsClosed) {
  const Life executed =
      After({Happened(EventKind::kReceived, "clerk-1"), Urgently("clerk-1"),
             Happened(EventKind::kFoundEnforceable, "counsel-1"), Happened(EventKind::kAssessed, "counsel-1"),
             Happened(EventKind::kApproved, "approver-1"), Happened(EventKind::kApproved, "approver-2"),
             Happened(EventKind::kExecuted, "operator-1")});
  Event delivered = Happened(EventKind::kDelivered, "operator-1");
  delivered.at = *executed.confirm_until - 1;
  const Life in_time = Apply(executed, delivered).value();
  EXPECT_EQ(Denial(in_time, Happened(EventKind::kClosed, "counsel-1")),
            "closed: a second person has not confirmed the transcription");
  delivered.at = *executed.confirm_until;
  EXPECT_NE(Denial(executed, delivered).find("should have confirmed"), std::string::npos);
  EXPECT_EQ(CheckConfirmed(executed, delivered.at).error().code(), ErrorCode::kDenied);
  const Life late = Apply(executed, Happened(EventKind::kConfirmed, "clerk-2")).value();
  EXPECT_TRUE(CheckConfirmed(late, delivered.at).ok());
  EXPECT_EQ(Apply(late, delivered).value().state, State::kDelivered);
}

TEST(Life, AnOrderConfirmedBeforeIsNotUrgent) {
  const Life life =
      After({Happened(EventKind::kReceived, "clerk-1"), Happened(EventKind::kConfirmed, "clerk-2")});
  EXPECT_EQ(Denial(life, Urgently("counsel-1")),
            "authenticated: a second person has confirmed already: it is not urgent");
}

TEST(Life, ADecisionHasAReasonAnItemAndAChoice) {
  const Life life = After(UntilAssessed());
  Event decision = Decided("L5", "pseudonyms", Choice::kComply);
  decision.reason = "";
  EXPECT_EQ(Denial(life, decision), "decided: a reason is needed");
  decision = Decided("L5", "pseudonyms", Choice::kComply);
  decision.choice.reset();
  EXPECT_EQ(Denial(life, decision), "decided: a decision names a line, an item and a choice");
  EXPECT_EQ(Denial(life, Happened(EventKind::kRefused, "counsel-1", "")), "refused: a reason is needed");
}

TEST(Life, TheLastDecisionOnAnItemCounts) {
  const Life life = AfterThen(UntilAssessed(), {Decided("L5", "pseudonyms", Choice::kComply),
                                                Decided("L5", "pseudonyms", Choice::kDecline)});
  ASSERT_NE(life.DecisionOn("L5", "pseudonyms"), nullptr);
  EXPECT_EQ(life.DecisionOn("L5", "pseudonyms")->choice, Choice::kDecline);
  EXPECT_EQ(life.DecisionOn("L5", "phone"), nullptr);
}

TEST(Life, OnePersonCannotApproveTwice) {
  const Life life = AfterThen(UntilAssessed(), {Happened(EventKind::kApproved, "approver-1")});
  EXPECT_EQ(life.state, State::kAssessed);
  EXPECT_EQ(Denial(life, Happened(EventKind::kApproved, "approver-1")),
            "approved: this person has already approved");
}

TEST(Life, ADecisionAfterAnApprovalMakesBothApprovalsNecessaryAgain) {
  Life life = AfterThen(UntilAssessed(), {Happened(EventKind::kApproved, "approver-1"),
                                          Decided("L5", "pseudonyms", Choice::kComply),
                                          Happened(EventKind::kApproved, "approver-2")});
  EXPECT_EQ(life.state, State::kAssessed);
  life = Apply(life, Happened(EventKind::kApproved, "approver-1")).value();
  EXPECT_EQ(life.state, State::kApproved);
}

TEST(Life, AnApprovedOrderMayBeAssessedAgainAndNeedsBothApprovalsAnew) {
  Life life = AfterThen(UntilAssessed(), {Happened(EventKind::kApproved, "approver-1"),
                                          Happened(EventKind::kApproved, "approver-2"),
                                          Happened(EventKind::kAssessed, "counsel-1")});
  EXPECT_EQ(life.state, State::kAssessed);
  life = Apply(life, Happened(EventKind::kApproved, "approver-1")).value();
  EXPECT_EQ(life.state, State::kAssessed);
  life = Apply(life, Happened(EventKind::kApproved, "approver-2")).value();
  EXPECT_EQ(life.state, State::kApproved);
}

TEST(Life, AStayStopsTheOrderAndItsEndReturnsItToWhereItWas) {
  Life life = AfterThen(UntilAssessed(), {Happened(EventKind::kApproved, "approver-1"),
                                          Happened(EventKind::kApproved, "approver-2"),
                                          Happened(EventKind::kStayed, "counsel-1")});
  EXPECT_TRUE(life.stayed);
  EXPECT_EQ(life.state, State::kContested);
  EXPECT_EQ(Denial(life, Happened(EventKind::kExecuted, "operator-1")), "executed: the order is contested");
  EXPECT_EQ(Denial(life, Happened(EventKind::kStayed, "counsel-1")), "stayed: the order is contested");
  life = Apply(life, Happened(EventKind::kStayLifted, "counsel-1")).value();
  EXPECT_FALSE(life.stayed);
  EXPECT_EQ(life.state, State::kApproved);
}

TEST(Life, ARefusedOrWithdrawnOrderCanOnlyBeClosed) {
  for (const EventKind end : {EventKind::kRefused, EventKind::kWithdrawn}) {
    const Life life = AfterThen(UntilAssessed(), {Happened(end, "counsel-1")});
    for (const EventKind kind : {EventKind::kApproved, EventKind::kExecuted, EventKind::kStayed,
                                 EventKind::kRefused, EventKind::kWithdrawn, EventKind::kDecided}) {
      Event event =
          kind == EventKind::kDecided ? Decided("L1", "phone", Choice::kComply) : Happened(kind, "a");
      EXPECT_NE(Denial(life, event), "allowed") << ToText(kind);
    }
    EXPECT_EQ(Apply(life, Happened(EventKind::kClosed, "a")).value().state, State::kClosed);
  }
}

TEST(Life, WhatHasLeftCanNoLongerBeRefused) {
  const Life life = AfterThen(UntilAssessed(), {Happened(EventKind::kApproved, "approver-1"),
                                                Happened(EventKind::kApproved, "approver-2"),
                                                Happened(EventKind::kExecuted, "operator-1")});
  EXPECT_EQ(Denial(life, Happened(EventKind::kRefused, "counsel-1")), "refused: the order is executed");
}

TEST(Life, ReasonsAndEventsHaveLimits) {
  const Life life = After(UntilAssessed());
  EXPECT_EQ(Denial(life, Happened(EventKind::kApproved, "a", std::string(kReasonBytesMax, 'x'))), "allowed");
  EXPECT_EQ(Denial(life, Happened(EventKind::kApproved, "a", std::string(kReasonBytesMax + 1, 'x'))),
            "approved: the reason is longer than 2048 bytes");
  EXPECT_NE(Denial(life, Happened(EventKind::kApproved, "a", "\xFF")), "allowed");
  Life long_life = life;
  long_life.events.resize(kLifeEventsMax - 1, Decided("L5", "pseudonyms", Choice::kComply));
  long_life = Apply(std::move(long_life), Decided("L5", "pseudonyms", Choice::kComply)).value();
  EXPECT_EQ(Denial(long_life, Decided("L5", "pseudonyms", Choice::kComply)),
            "decided: the order has 10000 events already");
}

TEST(Event, IsReadBackAsItWasWritten) {
  const Event decision = Decided("L5", "pseudonyms", Choice::kAskInterpretation);
  const std::string text = EventToJson(decision);
  EXPECT_EQ(
      text,
      R"({"at":"2024-11-13T08:00:00Z","choice":"ask_interpretation","item":"pseudonyms","kind":"decided",)"
      R"("line":"L5","person":"counsel-1","reason":"read with the operative part"})");
  const Event back = EventFromJson(text).value();
  EXPECT_EQ(EventToJson(back), text);
  EXPECT_EQ(back.choice, Choice::kAskInterpretation);
  EXPECT_EQ(EventFromJson(R"({"kind":"approved","at":"2024-11-13T08:00:00Z"})").error().what(),
            "event: person: missing");
  EXPECT_EQ(EventFromJson(R"({"kind":"vanished","at":"2024-11-13T08:00:00Z","person":"a"})").error().what(),
            "event: kind: event kind: no such word");
  for (const char* word : {"comply", "decline", "appeal", "ask_interpretation", "ask_rectification"}) {
    EXPECT_EQ(ToText(ParseChoice(word).value()), word);
  }
}

}  // namespace
}  // namespace probatio::order
