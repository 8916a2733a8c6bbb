// What is recorded of an order beside the way from reception to delivery.
#include <gtest/gtest.h>

#include "order/enforceability.h"
#include "order/extension.h"
#include "order/fate.h"
#include "order/notice.h"
#include "order/test_case.h"
#include "order/user_notice.h"

namespace probatio::order {
namespace {

using example::At;
using example::Happened;

Life Executed() {
  std::vector<Event> events = example::UntilAssessed();
  events.push_back(Happened(EventKind::kApproved, "approver-1"));
  events.push_back(Happened(EventKind::kApproved, "approver-2"));
  Event executed = Happened(EventKind::kExecuted, "operator-1");
  executed.package = std::string(64, 'a');
  executed.sources = {{"activity", "platform", {executed.at, executed.at}, {executed.at, executed.at}}};
  events.push_back(executed);
  return Replay(events).value();
}

std::string Denial(const Life& life, const Event& event) {
  const auto result = Apply(life, event);
  return result.ok() ? "allowed" : result.error().what();
}

Order Of(const std::string& instrument) {
  return ParseOrder(example::With("/instrument", instrument), example::UnionOnFrance()).value();
}

Assessment AssessmentOf(const std::string& instrument, Instant now) {
  return Assess(Of(instrument), example::UnionOnFrance(), "ecs_operator", now);
}

TEST(Recall, OfWhatWasExecutedMakesItApprovedAgainUntilItIsAnsweredAnew) {
  const Event recalled = Happened(EventKind::kRecalled, "counsel-1", "the clock of cgn-1 was 40 s slow");
  Life life = Executed();
  EXPECT_FALSE(RecallDue(Of("fr.cpc145.refere"), life).has_value());
  for (const EventKind later : {EventKind::kDelivered, EventKind::kClosed})
    life = Apply(life, Happened(later, "counsel-1")).value();
  life = Apply(life, recalled).value();
  EXPECT_EQ(life.state, State::kApproved);
  EXPECT_TRUE(life.recalled);
  EXPECT_EQ(life.package, std::string(64, 'a'));
  EXPECT_EQ(RecallDue(Of("fr.cpc145.refere"), life)->Key(), "rg-24-57625/recalled/0");
  EXPECT_EQ(Denial(life, recalled), "recalled: the order is approved");
  life = Apply(life, Happened(EventKind::kExecuted, "operator-1")).value();
  EXPECT_FALSE(life.recalled);
  EXPECT_EQ(RecallDue(Of("fr.cpc145.refere"), Apply(life, recalled).value())->Key(),
            "rg-24-57625/recalled/1");
}

TEST(Recall, NeedsSomethingThatWasExecuted) {
  const Event recalled = Happened(EventKind::kRecalled, "counsel-1", "a decoder's fault");
  std::vector<Event> events = example::UntilAssessed();
  EXPECT_EQ(Denial(Replay(events).value(), recalled), "recalled: the order is assessed");
  events.push_back(Happened(EventKind::kRefused, "counsel-1", "quashed"));
  events.push_back(Happened(EventKind::kClosed, "counsel-1"));
  EXPECT_EQ(Denial(Replay(events).value(), recalled), "recalled: nothing was executed");
}

TEST(Partial, IsAFlagThatNamesTheLineAndTheNextExecutionClears) {
  Event partial = Happened(EventKind::kPartial, "operator-1", "the second collector answers tomorrow");
  EXPECT_EQ(Denial(Executed(), partial), "partial: the line is missing");
  partial.line = "L2";
  Life life = Apply(Executed(), partial).value();
  EXPECT_TRUE(life.partial);
  EXPECT_EQ(life.state, State::kExecuted);
  EXPECT_EQ(Denial(Replay(example::UntilAssessed()).value(), partial), "partial: the order is assessed");
}

TEST(Extension, OfTheTimeLimitIsGrantedBySomebodyOnAPaperAndMovesTheLimit) {
  Order order = Of("fr.cpc145.refere");
  Event extended = Happened(EventKind::kExtended, "clerk-1", "the judge, on our request");
  extended.item = kTimeLimitExtended;
  extended.until = At("2024-11-20T18:00:00+01:00");
  const Life life = Replay(example::UntilAssessed()).value();
  EXPECT_EQ(Denial(life, extended), "extended: who granted it is missing");
  extended.authority = "Tribunal judiciaire de Paris";
  EXPECT_EQ(Denial(life, extended), "extended: the paper that grants it is missing");
  extended.paper = std::string(64, 'b');
  const Order later = WithRecordedService(order, Apply(life, extended).value());
  EXPECT_EQ(TimeLimitOf(later, example::Now())->binding(), *extended.until);
  Assessment assessment;
  EXPECT_FALSE(CheckLater(assessment, *extended.until).ok());
  assessment.time_limit = TimeLimitOf(order, example::Now());
  EXPECT_TRUE(CheckLater(assessment, *extended.until).ok());
  EXPECT_FALSE(CheckLater(assessment, assessment.time_limit->binding()).ok());
}

TEST(Extension, OfAPreservationIsThirtyDaysOnceAndWithinTheSixty) {
  const Assessment assessment = AssessmentOf("eu.epoc-pr", example::Now());
  ASSERT_TRUE(assessment.preservation && assessment.preservation->until);
  const Instant until = *assessment.preservation->until;
  EXPECT_EQ(PreservationExtended(assessment, until - 1).value(), *assessment.preservation->extended_until);
  EXPECT_FALSE(PreservationExtended(assessment, until).ok());
  EXPECT_FALSE(PreservationExtended(AssessmentOf("eu.epoc", example::Now()), example::Now()).ok());

  Event extended = Happened(EventKind::kExtended, "clerk-1", "Annex VI");
  extended.item = kPreservationExtended;
  extended.until = *assessment.preservation->extended_until;
  extended.authority = "Staatsanwaltschaft";
  extended.paper = std::string(64, 'b');
  const Life life = Apply(Replay(example::UntilAssessed()).value(), extended).value();
  EXPECT_EQ(Denial(life, extended), "extended: the preservation was extended before, and only once");
  const Order order = WithRecordedService(Of("eu.epoc-pr"), life);
  const Assessment after = Assess(order, example::UnionOnFrance(), "ecs_operator", example::Now());
  EXPECT_EQ(after.preservation->until, assessment.preservation->extended_until);
  EXPECT_FALSE(PreservationExtended(after, example::Now()).ok());
}

TEST(UserNotice, IsGivenByWhomTheRegimeSaysAndNotBeforeItsDelayHasEnded) {
  EXPECT_TRUE(CheckMayTell(Of("eu.dsa.10"), "").ok());
  EXPECT_TRUE(CheckMayTell(Of("fr.cpc145.refere"), "").ok());
  EXPECT_FALSE(CheckMayTell(Of("eu.epoc"), "Staatsanwaltschaft").ok());
  EXPECT_FALSE(CheckMayTell(Of("fr.cpp.60-1"), "").ok());
  EXPECT_TRUE(CheckMayTell(Of("fr.cpp.60-1"), "the prosecutor").ok());

  Event delay = Happened(EventKind::kUserNoticeDelayed, "counsel-1", "the inquiry would be endangered");
  delay.authority = "the prosecutor";
  EXPECT_EQ(Denial(Executed(), delay), "user_notice_delayed: until when is missing, or past");
  delay.until = delay.at + 30 * 24 * kNsPerHour;
  Life life = Apply(Executed(), delay).value();
  EXPECT_NE(UserNoticeText(Of("eu.dsa.10"), life, delay.at).find("[DSA 10(5)]; delayed until"),
            std::string::npos);
  Event told = Happened(EventKind::kUserNotified, "counsel-1", "a letter to the subscriber");
  EXPECT_EQ(Denial(life, told), "user_notified: delayed until " + delay.until->ToRfc3339());
  told.at = *delay.until;
  life = Apply(life, told).value();
  EXPECT_EQ(UserNoticeText(Of("eu.dsa.10"), life, told.at), "told " + told.at.ToRfc3339());
}

TEST(Decision, IsOneOfTheChoicesThatTheAssessmentOffered) {
  Assessment assessment;
  ItemAssessment human;
  human.line = "L1";
  human.item = "phone";
  human.choices = {"comply", "decline"};
  ItemAssessment ruled;
  ruled.line = "L2";
  ruled.item = "phone";
  ruled.law.verdict = law::Verdict::kRelease;
  assessment.items = {human, ruled};
  const auto check = [&](const char* line, Choice choice) {
    const Status status = CheckChoice(assessment, example::Decided(line, "phone", choice));
    return status.ok() ? std::string("allowed") : status.error().what();
  };
  EXPECT_EQ(check("L1", Choice::kDecline), "allowed");
  EXPECT_EQ(check("L1", Choice::kAppeal), "decide: L1 phone: appeal is not offered; one of comply, decline");
  EXPECT_EQ(check("L2", Choice::kDecline), "allowed");
  EXPECT_EQ(check("L2", Choice::kComply), "decide: L2 phone: a rule decides it (release)");
  EXPECT_EQ(check("L9", Choice::kComply), "decide: the order asks no L9 phone");
}

TEST(Cost, HasAnAmountACurrencyAndABasisAndIsAddedUpByCurrency) {
  EXPECT_EQ(ParseCents("18.5").value(), 1'850);
  EXPECT_EQ(ParseCents("999999999.99").value(), 99'999'999'999);
  for (const char* wrong : {"", "-1", "1.234", "1.", "1000000000", "1,50", ".5"})
    EXPECT_FALSE(ParseCents(wrong).ok()) << wrong;
  Event cost = Happened(EventKind::kCost, "clerk-1", "CPP R213-1");
  EXPECT_NE(Denial(Executed(), cost), "allowed");
  cost.cost = Cost{0, "EUR"};
  EXPECT_NE(Denial(Executed(), cost), "allowed");
  cost.cost = Cost{kCostCentsMax + 1, "EUR"};
  EXPECT_NE(Denial(Executed(), cost), "allowed");
  cost.cost = Cost{1'850, "euro"};
  EXPECT_NE(Denial(Executed(), cost), "allowed");
  cost.cost = Cost{1'850, "EUR"};
  Life life = Apply(Executed(), cost).value();
  life = Apply(life, cost).value();
  EXPECT_EQ(CostsText(life), "37.00 EUR");
}

TEST(Event, OfEveryLaterKindIsReadBackAsItWasWritten) {
  Event event = Happened(EventKind::kRecalled, "counsel-1", "a wrong clock");
  event.package = std::string(64, 'a');
  event.authority = "court";
  event.paper = std::string(64, 'b');
  event.until = At("2024-11-20T18:00:00Z");
  event.cost = Cost{1'850, "EUR"};
  event.sources = {{"nat_session", "cgn-1", {event.at, event.at}, {event.at, event.at}}};
  const std::string text = EventToJson(event);
  const Event back = EventFromJson(text).value();
  EXPECT_EQ(EventToJson(back), text);
  EXPECT_EQ(back.sources, event.sources);
  EXPECT_EQ(back.cost->cents, 1'850);
}

}  // namespace
}  // namespace probatio::order
