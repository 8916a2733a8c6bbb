#include "order/assessment.h"

#include <gtest/gtest.h>

#include "order/holding.h"
#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::France;
using example::Now;
using example::Of;
using example::Parse;
using example::PlatformJson;
using example::With;
using law::Answer;
using law::Verdict;
using nlohmann::json;

Assessment AssessPlatform(Instant now = Now(), const std::string& profile = "ecs_operator") {
  return Assess(example::Platform(), France(), profile, now);
}

TEST(Assess, TheFoundingCaseItemByItem) {
  const Assessment assessment = AssessPlatform();
  std::vector<std::string> verdicts;
  for (const ItemAssessment& item : assessment.items) {
    verdicts.push_back(item.line + " " + item.item + " " + std::string(ToText(item.law.verdict)) + " " +
                       item.law.rule + " " + std::string(ToText(item.holding)));
  }
  EXPECT_EQ(verdicts, (std::vector<std::string>{
                          "L1 phone release fr.cpc145.id retained",
                          "L2 source_ip release fr.cpc145.con retained",
                          "L2 source_port release fr.cpc145.con retained",
                          "L2 connection_time release fr.cpc145.con retained",
                          "L3 source_ip release fr.cpc145.con retained",
                          "L3 source_port release fr.cpc145.con retained",
                          "L3 connection_time release fr.cpc145.con retained",
                          "L4 surname release fr.cpc145.id retained",
                          "L4 first_name release fr.cpc145.id retained",
                          "L4 birth release fr.cpc145.id retained",
                          "L4 postal_address release fr.cpc145.id retained",
                          "L4 email release fr.cpc145.id retained",
                          "L4 phone release fr.cpc145.id retained",
                          "L4 identifier_used release fr.cpc145.acc retained",
                          "L4 pseudonyms release fr.cpc145.acc retained",
                          "L5 identifier_used human fr.cpc145.acc retained",
                          "L5 pseudonyms human fr.cpc145.acc retained",
                      }));
  EXPECT_TRUE(assessment.defects.empty());
  ASSERT_TRUE(assessment.time_limit.has_value());
  EXPECT_EQ(law::ParisText(assessment.time_limit->binding()), "2024-11-14 17:00:00 +01:00");
}

TEST(Assess, ThePlatformTakenAsAHostLeavesAddressAndPortToAPerson) {
  const Assessment assessment = AssessPlatform(Now(), "host_platform");
  EXPECT_EQ(Of(assessment, "L2", "source_ip").law.verdict, Verdict::kHuman);
  EXPECT_EQ(Of(assessment, "L2", "source_port").law.rule, "fr.cpc145.con.host");
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kRelease);
}

TEST(Assess, TheCourtsFindingsStandBesideOurChecks) {
  const Assessment assessment = AssessPlatform();
  ASSERT_EQ(assessment.conditions.size(), 4U);
  const ConditionAssessment& no_trial = assessment.conditions[0];
  EXPECT_EQ(no_trial.court, Answer::kYes);
  EXPECT_EQ(no_trial.our_check, Answer::kYes);
  EXPECT_EQ(no_trial.page, 3);
  EXPECT_EQ(no_trial.note, "the complaint to the prosecutor of 2024-10-25 is not a trial on the merits");
  EXPECT_EQ(assessment.conditions[1].note,
            "offences named: Code pénal 323-1, Code pénal 323-3, Code pénal 313-1");
  EXPECT_EQ(assessment.conditions[2].our_check, Answer::kUnknown);  // L5 names no subject
  EXPECT_EQ(assessment.conditions[2].note, "no subject is named in: L5");
  EXPECT_EQ(assessment.conditions[3].our_check, Answer::kUnknown);
  EXPECT_EQ(assessment.conditions[3].court, Answer::kYes);
}

TEST(Assess, APendingTrialIsOurDoubtAndNotACorrectionOfTheCourt) {
  const Assessment assessment =
      Assess(Parse(With("/pending_merits", "yes")), France(), "ecs_operator", Now());
  EXPECT_EQ(assessment.conditions[0].court, Answer::kYes);
  EXPECT_EQ(assessment.conditions[0].our_check, Answer::kNo);
}

TEST(Assess, AnEnforceableDecisionIsNeverEdited) {
  json order = PlatformJson();
  order["purpose"] = "civil_claim";
  const Assessment served = Assess(Parse(order.dump()), France(), "ecs_operator", Now());
  const law::LineVerdict& verdict = Of(served, "L2", "source_ip").law;
  EXPECT_EQ(verdict.verdict, Verdict::kHuman);
  EXPECT_EQ(verdict.rule, "fr.cpc145.civil");
  EXPECT_NE(
      verdict.missing.find("the enforceable decision grants what the rule 'fr.cpc145.civil' would refuse"),
      std::string::npos);
  EXPECT_EQ(verdict.facts_used.back(), "operative_part=granted");

  order["service"].erase("at");
  const Assessment unserved = Assess(Parse(order.dump()), France(), "ecs_operator", Now());
  EXPECT_EQ(Of(unserved, "L2", "source_ip").law.verdict, Verdict::kRefuse);
  order = PlatformJson();
  order["purpose"] = "civil_claim";
  order["provisionally_enforceable"] = false;
  const Assessment not_enforceable = Assess(Parse(order.dump()), France(), "ecs_operator", Now());
  EXPECT_EQ(Of(not_enforceable, "L2", "source_ip").law.verdict, Verdict::kRefuse);
}

TEST(Assess, ContentStaysRefusedBecauseItIsNeverAmongRetainedData) {
  const Assessment assessment = Assess(Parse(With("/lines/0/items", {"message_content", "mobile_location"})),
                                       France(), "ecs_operator", Now());
  EXPECT_EQ(Of(assessment, "L1", "message_content").law.verdict, Verdict::kRefuse);
  EXPECT_EQ(Of(assessment, "L1", "message_content").holding, Holding::kOutside);
  EXPECT_EQ(Of(assessment, "L1", "mobile_location").law.verdict, Verdict::kHuman);
  EXPECT_EQ(Of(assessment, "L1", "mobile_location").holding, Holding::kOutside);
}

TEST(Assess, DataThatNeedAnInjunctionAreHeldForItsDaysOnly) {
  law::Regime regime = France();
  const auto holding = [&] {
    return Of(Assess(Parse(With("/lines/0/items", {"mobile_location"})), regime, "ecs_operator", Now()), "L1",
              "mobile_location")
        .holding;
  };
  EXPECT_EQ(holding(), Holding::kOutside) << "no injunction of the regime covers the autumn of 2024";
  regime.injunctions.push_back({"test.2024", {"LOC"}, "invented", {2024, 1, 1}, {2024, 12, 31}});
  EXPECT_NE(holding(), Holding::kOutside);
}

TEST(Assess, PasswordsNeverComeInThroughAnOpenEndedLine) {
  const Assessment open = Assess(Parse(With("/lines/3/items", {"phone", "password_verification"})), France(),
                                 "ecs_operator", Now());
  EXPECT_EQ(Of(open, "L4", "password_verification").law.verdict, Verdict::kRefuse);
  EXPECT_EQ(Of(open, "L4", "phone").law.verdict, Verdict::kRelease);
  const Assessment express =
      Assess(Parse(With("/lines/0/items", {"password_verification"})), France(), "ecs_operator", Now());
  EXPECT_EQ(Of(express, "L1", "password_verification").law.verdict, Verdict::kHuman);
}

TEST(Assess, IdentityFoundThroughAnAddressNeedsTheAddresssGate) {
  json order = PlatformJson();
  order["lines"][0]["subject"] = {{"tuple",
                                   {{"ip", "203.0.113.7"},
                                    {"port", 40001},
                                    {"proto", "tcp"},
                                    {"at", "2024-10-21T10:14:03+02:00"},
                                    {"error_s", 1}}}};
  EXPECT_EQ(Of(Assess(Parse(order.dump()), France(), "ecs_operator", Now()), "L1", "phone").law.verdict,
            Verdict::kRelease);
  order["offences"] = json::array({{{"article", "a"}, {"title", "t"}, {"max_prison_years", 1}}});
  const Assessment minor = Assess(Parse(order.dump()), France(), "ecs_operator", Now());
  EXPECT_EQ(Of(minor, "L1", "phone").law.verdict, Verdict::kHuman);
  EXPECT_EQ(Of(minor, "L4", "phone").law.verdict, Verdict::kRelease);  // found through the message's account
}

TEST(Assess, ConnectionsOlderThanAYearAreOutsideRetention) {
  EXPECT_EQ(Of(AssessPlatform(At("2025-10-21T23:59:59+02:00")), "L3", "source_ip").holding,
            Holding::kRetained);
  const ItemAssessment outside = Of(AssessPlatform(At("2025-10-22T00:00:00+02:00")), "L3", "source_ip");
  EXPECT_EQ(outside.holding, Holding::kOutside);
  EXPECT_FALSE(outside.kept.has_value());
  EXPECT_EQ(outside.retention_reference, "CPCE L34-1 II bis 3°; R10-13 IV; décret 2021-1362 art. 5 1°");
}

TEST(Assess, APeriodThatIsPartlyTooOldIsCutToWhatIsKept) {
  const ItemAssessment partly = Of(AssessPlatform(At("2025-10-10T12:00:00+02:00")), "L2", "source_ip");
  EXPECT_EQ(partly.holding, Holding::kPartly);
  EXPECT_EQ(partly.kept->begin, At("2024-10-10T00:00:00+02:00"));
  EXPECT_EQ(partly.kept->end, At("2024-10-22T00:00:00+02:00"));
}

TEST(Assess, TheOrdersOwnHoldKeepsWhatCouldBeUsedWhenItWasHeld) {
  const Instant now = At("2026-01-05T12:00:00+01:00");
  const Order order = Parse(PlatformJson().dump());
  const OwnHold hold{{{"L3", record::RecordClass::kActivity}, At("2024-11-13T10:00:00+01:00")}};
  const Assessment own = Assess(order, France(), "ecs_operator", now, hold);
  const ItemAssessment held = Of(own, "L3", "source_ip");
  EXPECT_EQ(held.holding, Holding::kRetained);
  EXPECT_EQ(*held.kept, order.lines[2].period);
  EXPECT_EQ(held.held_since, At("2024-11-13T10:00:00+01:00"));
  EXPECT_NE(ToJson(own).find("\"held_since\":\"2024-11-13T09:00:00Z\""), std::string::npos);
  // Another line of the same order, and every other order, have no such hold.
  EXPECT_EQ(Of(own, "L2", "source_ip").holding, Holding::kOutside);
  EXPECT_EQ(Of(AssessPlatform(now), "L3", "source_ip").holding, Holding::kOutside);
}

TEST(Assess, AHoldRevivesNothingThatWasOutsideRetentionWhenItWasMade) {
  const OwnHold late{{{"L3", record::RecordClass::kActivity}, At("2025-10-22T00:00:00+02:00")}};
  const ItemAssessment item = Of(
      Assess(Parse(PlatformJson().dump()), France(), "ecs_operator", At("2026-01-05T12:00:00+01:00"), late),
      "L3", "source_ip");
  EXPECT_EQ(item.holding, Holding::kOutside);
  EXPECT_FALSE(item.held_since.has_value());
}

TEST(Assess, AHoldSaysNothingWhereTheRulesKeepAllTheSame) {
  const OwnHold hold{{{"L3", record::RecordClass::kActivity}, At("2024-11-13T10:00:00+01:00")}};
  const ItemAssessment item = Of(
      Assess(Parse(PlatformJson().dump()), France(), "ecs_operator", At("2024-12-01T10:00:00+01:00"), hold),
      "L3", "source_ip");
  EXPECT_EQ(item.holding, Holding::kRetained);
  EXPECT_FALSE(item.held_since.has_value());
}

TEST(Assess, HoldingAgreesWithTheEndOfRetentionDayByDay) {
  const Instant now = At("2025-02-28T12:00:00+01:00");
  for (law::CivilDate day{2024, 2, 20}; day < law::CivilDate{2024, 3, 10}; day = law::AddDays(day, 1)) {
    const Period one_day{law::ParisMidnight(day), law::ParisMidnight(law::AddDays(day, 1))};
    const law::RetentionRule* rule = law::RetentionFor(France(), "CON", "ecs_operator", day);
    const bool kept = now < law::RetentionEnd(*rule, one_day.begin);
    EXPECT_EQ(HeldAt(France(), "CON", "ecs_operator", one_day, now).holding == Holding::kRetained, kept)
        << law::ToText(day);
  }
}

TEST(Assess, DefectsSayWhatKeepsAnOrderFromBeingEnforceable) {
  json order = PlatformJson();
  order["service"] = json::object();
  order["provisionally_enforceable"] = false;
  const Assessment assessment = Assess(Parse(order.dump()), France(), "ecs_operator", Now());
  EXPECT_EQ(assessment.defects,
            (std::vector<std::string>{
                "service: the order has not been served",
                "enforceability: neither provisional enforceability nor final force is stated"}));
  EXPECT_FALSE(assessment.time_limit.has_value());

  EXPECT_EQ(AssessPlatform(At("2024-11-12T10:00:00+01:00")).defects,
            (std::vector<std::string>{"service: the instant of service is still to come"}));
  EXPECT_EQ(AssessPlatform(At("2024-11-11T10:00:00+01:00")).defects.front(),
            "date: the decision is dated after today");
}

TEST(Assess, AnOrderMadeWithoutHearingTheOtherSideComesWithItsRequest) {
  json order = PlatformJson();
  order["instrument"] = "fr.cpc145.requete";
  const std::string defect =
      "papers: an order made without hearing the other side needs a copy of the request";
  EXPECT_EQ(Assess(Parse(order.dump()), France(), "ecs_operator", Now()).defects,
            (std::vector<std::string>{defect}));
  order["papers"] = {{{"name", "Requête du 5 novembre.pdf"}, {"sha256", std::string(64, '0')}}};
  EXPECT_TRUE(Assess(Parse(order.dump()), France(), "ecs_operator", Now()).defects.empty());
}

TEST(Assess, AnInstrumentTheRegimeDoesNotKnowEndsAtAPerson) {
  const Assessment assessment =
      Assess(Parse(With("/instrument", "us.subpoena")), France(), "ecs_operator", Now());
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kHuman);
  EXPECT_EQ(assessment.defects.front(), "instrument: the regime fr has no rule for it");
}

TEST(Assess, PrintsTheSameJsonForTheSameAssessment) {
  const std::string text = ToJson(AssessPlatform());
  EXPECT_EQ(text, ToJson(AssessPlatform()));
  const json value = json::parse(text);
  EXPECT_EQ(
      value["items"][0].dump(),
      "{\"by_rule\":\"release\",\"choices\":[],\"confidence\":\"text\",\"effect\":\"disclose\","
      "\"facts\":[\"purpose=criminal_proceedings\",\"offence_named=yes\"],\"granted\":\"yes\","
      "\"holding\":\"retained\","
      "\"item\":\"phone\",\"kept\":{\"from\":\"2024-08-31T22:00:00Z\",\"to\":\"2024-11-11T23:00:00Z\"},"
      "\"line\":\"L1\",\"missing\":\"\",\"not_before\":null,\"notes\":[],\"open_point\":\"\",\"readings\":[],"
      "\"reference\":\"CPC 145; CPCE L34-1 II bis 1°; R10-13 I; décret "
      "2021-1362 art. 2; CPCE L34-1 II bis 1° et 2° (besoins des procédures pénales)\","
      "\"retention_reference\":\"CPCE L34-1 II bis 1°; R10-13 I; décret 2021-1362 art. 2\","
      "\"rule\":\"fr.cpc145.id\",\"verdict\":\"release\"}");
  EXPECT_EQ(value["time_limit"]["binding"], "2024-11-14T16:00:00Z");
  EXPECT_EQ(value["time_limit"]["readings"][0]["expires_paris"], "2024-11-14 17:00:00 +01:00");
  EXPECT_EQ(value["conditions"][0]["condition"], "no_trial");
}

}  // namespace
}  // namespace probatio::order
