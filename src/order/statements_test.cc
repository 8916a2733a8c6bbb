// What an order says of itself, and what that does to its lines.
#include "order/statements.h"

#include <gtest/gtest.h>

#include "order/plan.h"
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

std::string ErrorOf(const std::string& text) {
  const auto order = ParseOrder(text, France());
  return order.ok() ? "accepted" : order.error().what();
}

Assessment AssessOrder(const std::string& text, const std::string& profile = "ecs_operator") {
  return Assess(Parse(text), France(), profile, Now());
}

TEST(Statements, AnErrorNamesThePlaceAndTheReason) {
  EXPECT_EQ(ErrorOf(With("/facts", {{"luck", "yes"}})),
            "order: facts.luck: no such fact (docs/formats/order.md lists them)");
  EXPECT_EQ(ErrorOf(With("/facts", {{"emergency", "perhaps"}})),
            "order: facts.emergency: answer: one of yes, no, unknown");
  EXPECT_EQ(ErrorOf(With("/mentions", {{"weather", "yes"}})),
            "order: mentions.weather: no such mention in the regime");
  EXPECT_EQ(ErrorOf(With("/provider_profile", "host")),
            "order: provider_profile: not one of ecs_operator, access_provider, host_platform, public_wifi");
  EXPECT_EQ(ErrorOf(With("/issuer", {{"kind", "king"}})),
            "order: issuer.kind: no such kind of issuer in the regime");
  EXPECT_EQ(ErrorOf(With("/lines/0/granted", "partly")),
            "order: lines[0].granted: answer: one of yes, no, unknown");
  EXPECT_EQ(ErrorOf(With("/seriousness", {{"found", "yes"}, {"quote", "q"}, {"page", 1}})),
            "order: seriousness: given twice: court_found_serious is there too");
  EXPECT_EQ(ErrorOf(With("/offences/0", {{"article", "a"}, {"title", "t"}})),
            "order: offences[0]: exactly one of max_prison_years and max_prison_months is needed");
  EXPECT_EQ(ErrorOf(With("/offences/0", {{"article", "a"}, {"title", "t"}, {"max_prison_months", 1201}})),
            "order: offences[0].max_prison_months: not from 0 to 1200");
  EXPECT_EQ(ErrorOf(With("/offences/0", {{"article", "a"}, {"title", "t"}, {"max_prison_months", 1200}})),
            "accepted");
}

TEST(Statements, MonthsOfPrisonCountInWholeYears) {
  for (const auto& [months, years] : {std::pair{35, 2}, {36, 3}, {6, 0}}) {
    const json offences = {{{"article", "a"}, {"title", "t"}, {"max_prison_months", months}}};
    EXPECT_EQ(FactsOf(Parse(With("/offences", offences)), "ecs_operator").max_prison_years, years);
  }
}

TEST(Statements, TheCourtsFindingOfSeriousnessIsQuoted) {
  json order = PlatformJson();
  order.erase("court_found_serious");
  order["offences"][1]["max_prison_years"] = order["offences"][2]["max_prison_years"] = 1;
  order["offences"][0]["max_prison_years"] = 1;
  order["seriousness"] = {{"found", "yes"}, {"quote", "des faits de délinquance grave"}, {"page", 4}};
  EXPECT_EQ(Of(AssessOrder(order.dump()), "L2", "source_ip").law.verdict, Verdict::kRelease);
  order["seriousness"]["found"] = "no";
  EXPECT_EQ(Of(AssessOrder(order.dump()), "L2", "source_ip").law.verdict, Verdict::kHuman);
}

TEST(Lines, WhatTheOperativePartDoesNotGrantIsRefusedWhateverTheRules) {
  json order = PlatformJson();
  order["lines"][0]["granted"] = "no";
  order["lines"][1]["granted"] = "unknown";
  const Assessment assessment = AssessOrder(order.dump());
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kRefuse);
  EXPECT_EQ(Of(assessment, "L2", "source_ip").law.verdict, Verdict::kHuman);
  EXPECT_EQ(Of(assessment, "L3", "source_ip").law.verdict, Verdict::kRelease);
}

TEST(Lines, WithoutALinkToTheDisputeEndAtAPerson) {
  const Assessment assessment = AssessOrder(With("/lines/0/linked", "no"));
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kHuman);
  EXPECT_EQ(assessment.conditions[2].our_check, Answer::kNo);
  EXPECT_EQ(assessment.conditions[2].Verdict(), "human") << "the court found it met";
}

TEST(Lines, OfAPendingTrialEndAtAPerson) {
  const Assessment assessment = AssessOrder(With("/pending_merits", "yes"));
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kHuman);
  json order = PlatformJson();
  order["pending_merits"] = "yes";
  order["conditions"] = json::object();
  EXPECT_EQ(AssessOrder(order.dump()).conditions[0].Verdict(), "not_met");
}

TEST(Lines, OfAPaperThatLacksWhatItMustBearEndAtAPerson) {
  const Assessment assessment = AssessOrder(With("/mentions", {{"signed", "no"}, {"lawyers_named", "no"}}));
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kHuman);
  ASSERT_EQ(assessment.warnings.size(), 2U);
  EXPECT_EQ(Of(AssessOrder(With("/mentions", {{"lawyers_named", "no"}})), "L1", "phone").law.verdict,
            Verdict::kRelease);
}

TEST(Lines, OfSeveralSubjectsAreJudgedApart) {
  json order = PlatformJson();
  order["lines"][0].erase("subject");
  order["lines"][0]["subjects"] = {{{"account", "u-1"}}, {{"other", "IMEI 356938035643809"}}};
  const Assessment assessment = AssessOrder(order.dump());
  EXPECT_EQ(Of(assessment, "L1.1", "phone").holding, Holding::kRetained);
  EXPECT_EQ(Of(assessment, "L1.2", "phone").holding, Holding::kNoData);
  order["lines"][0]["subject"] = {{"account", "u-1"}};
  EXPECT_EQ(ErrorOf(order.dump()), "order: lines[0]: exactly one of subject and subjects is needed");
}

TEST(Lines, WithTheirSubjectsHaveALimit) {
  json order = PlatformJson();
  json subjects = json::array();
  for (std::size_t i = 0; i < kOrderLinesMax; ++i)
    subjects.push_back({{"account", "u-" + std::to_string(i)}});
  const json line = {{"id", "L"},
                     {"items", {"phone"}},
                     {"subjects", subjects},
                     {"period", order["lines"][0]["period"]},
                     {"cite", order["lines"][0]["cite"]}};
  order["lines"] = json::array({line});
  EXPECT_EQ(Parse(order.dump()).lines.size(), kOrderLinesMax);
  json second = line;
  second["id"] = "M";
  second["subjects"] = json::array({{{"account", "u"}}});
  order["lines"].push_back(second);
  EXPECT_EQ(ErrorOf(order.dump()), "order: lines: more than 1000 with their subjects");
}

TEST(Instruments, AreKnownByTheirAliasesAndImplyAPurpose) {
  json order = PlatformJson();
  order["instrument"] = "FR_CPP_REQUISITION";
  order["court"] = "Procureur de la République";
  order["purpose"] = "";
  order["cites"].erase("purpose");
  const Assessment assessment = AssessOrder(order.dump());
  EXPECT_EQ(assessment.instrument, "fr.cpp.requisition");
  EXPECT_EQ(Of(assessment, "L2", "source_ip").law.verdict, Verdict::kRelease);
  EXPECT_TRUE(assessment.conditions.empty());
}

TEST(Instruments, ARefusedRequisitionIsRefusedForItIsNoDecision) {
  json order = PlatformJson();
  order["instrument"] = "fr.cpp.60-1";
  order["court"] = "Procureur de la République";
  order["offences"] = {{{"article", "a"}, {"title", "t"}, {"max_prison_months", 6}, {"online", "no"}}};
  const Assessment assessment = AssessOrder(order.dump());
  EXPECT_EQ(Of(assessment, "L2", "source_ip").law.verdict, Verdict::kRefuse);
  EXPECT_EQ(Of(assessment, "L1", "phone").law.verdict, Verdict::kRelease);
}

TEST(Instruments, TheAcceleratedProcedureNoLongerYieldsIdentification) {
  json order = PlatformJson();
  order["instrument"] = "fr.lcen.6-3";
  const ItemAssessment item = Of(AssessOrder(order.dump()), "L1", "phone");
  EXPECT_EQ(item.by_rule, Verdict::kRefuse);
  EXPECT_EQ(item.law.verdict, Verdict::kHuman);
  EXPECT_NE(item.law.reference.find("LCEN 6-3"), std::string::npos);
}

TEST(Epoc, TrafficWaitsForTheEndOfTenDaysUnlessCleared) {
  json order = json::parse(example::ReadText("examples/decisions/epoc-traffic-by-a-prosecutor/order.json"));
  order["issuer"] = {{"kind", "court"}};
  order["facts"] = json::object();
  const auto judged = [&](const char* at) {
    const auto& regime = example::UnionOnFrance();
    const Order parsed = ParseOrder(order.dump(), regime).value();
    return Of(Assess(parsed, regime, "ecs_operator", At(at)), "L1", "recipients");
  };
  EXPECT_EQ(judged("2026-09-12T12:00:00+02:00").law.verdict, Verdict::kHuman);
  // Received on 2 September: the tenth day is Saturday the 12th, so Monday the 14th.
  EXPECT_EQ(judged("2026-09-12T12:00:00+02:00").not_before, At("2026-09-15T00:00:00+02:00"));
  EXPECT_EQ(judged("2026-09-15T00:00:00+02:00").law.verdict, Verdict::kRelease);
  order["facts"]["notification_cleared"] = "yes";
  EXPECT_EQ(judged("2026-09-03T12:00:00+02:00").law.verdict, Verdict::kRelease);
  order["facts"]["notification_cleared"] = "no";
  EXPECT_EQ(judged("2026-09-20T12:00:00+02:00").law.verdict, Verdict::kHuman);
}

TEST(EpocPr, IsAScopeToPreserveAndNeverOneToDisclose) {
  const auto& regime = example::UnionOnFrance();
  json value = json::parse(example::ReadText("examples/decisions/epoc-pr/order.json"));
  const Order order = ParseOrder(value.dump(), regime).value();
  const Assessment assessment = Assess(order, regime, "ecs_operator", At("2026-09-03T09:00:00+02:00"));
  EXPECT_TRUE(MakePlan(order, {}, assessment, GrantKind::kDisclose).lines.empty());
  const Plan plan = MakePlan(order, {}, assessment, GrantKind::kPreserve);
  ASSERT_EQ(plan.lines.size(), 2U);
  EXPECT_TRUE(plan.decided);
  value["facts"]["production_confirmed"] = "yes";
  const Order confirmed = ParseOrder(value.dump(), regime).value();
  EXPECT_FALSE(Assess(confirmed, regime, "ecs_operator", Now()).preservation->until.has_value());
}

TEST(Plan, ShowsStepsAndWhatWaitsForAPerson) {
  const Order order = example::Platform();
  const Assessment assessment = Assess(order, France(), "ecs_operator", Now());
  const Plan plan = MakePlan(order, {}, assessment, GrantKind::kDisclose);
  EXPECT_FALSE(plan.decided);
  ASSERT_EQ(plan.lines.size(), 5U);
  ASSERT_EQ(plan.lines[0].steps.size(), 2U);
  EXPECT_EQ(plan.lines[0].steps[0].by, "message");
  EXPECT_EQ(plan.lines[0].steps[1].reads, record::RecordClass::kIdentity);
  EXPECT_FALSE(plan.lines[4].items[0].waits.empty());
  EXPECT_EQ(json::parse(ToJson(plan))["schema"], "probatio-plan/1");
}

TEST(Plan, IsTheScopeOnceEverythingIsDecided) {
  const Order order = example::Platform();
  const Assessment assessment = Assess(order, France(), "ecs_operator", Now());
  std::vector<Event> events = example::UntilAssessed();
  for (const char* item : {"identifier_used", "pseudonyms"})
    events.push_back(example::Decided("L5", item, Choice::kDecline));
  const Life life = Replay(events).value();
  const Plan plan = MakePlan(order, life, assessment, GrantKind::kDisclose);
  EXPECT_TRUE(plan.decided);
  EXPECT_EQ(plan.lines.size(), 4U);
  EXPECT_EQ(plan.left_out.size(), 2U);
}

}  // namespace
}  // namespace probatio::order
