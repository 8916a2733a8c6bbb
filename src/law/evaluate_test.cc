#include "law/evaluate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace probatio::law {
namespace {

const Regime& France() {
  static const Regime regime = [] {
    std::ifstream file("regimes/fr.toml");
    std::stringstream text;
    text << file.rdbuf();
    return ParseRegime(text.str(), "regimes/fr.toml").value();
  }();
  return regime;
}

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

// The founding case: fraudulent access, extraction and attempted fraud, for criminal proceedings.
Facts Founding() {
  return {"fr.cpc145.refere", "criminal_proceedings", "ecs_operator", {2024, 11, 12}, 5, true,
          Answer::kUnknown};
}

Verdict Of(const Facts& facts, const std::string& item) {
  return EvaluateItem(France(), facts, item).verdict;
}

TEST(Evaluate, CriminalProceedingsOpenIdentityForAnyOffence) {
  Facts facts = Founding();
  facts.max_prison_years = 1;
  for (const char* item : {"surname", "first_name", "birth", "company_name", "postal_address", "email",
                           "phone", "identifier_used", "pseudonyms", "payment"}) {
    EXPECT_EQ(Of(facts, item), Verdict::kRelease) << item;
  }
}

TEST(Evaluate, ConnectionDataNeedSeriousCrime) {
  Facts facts = Founding();
  for (const char* item : {"source_ip", "source_port", "connection_time", "user_id_number", "terminal_id"}) {
    EXPECT_EQ(Of(facts, item), Verdict::kRelease) << item;
  }
  facts.max_prison_years = 2;
  const LineVerdict verdict = EvaluateItem(France(), facts, "source_ip");
  EXPECT_EQ(verdict.verdict, Verdict::kHuman);
  EXPECT_EQ(verdict.rule, "fr.cpc145.con");
  EXPECT_EQ(verdict.missing,
            "a finding of serious crime by the court, or a maximum penalty of 3 years or more");
  EXPECT_EQ(verdict.facts_used,
            (std::vector<std::string>{"purpose=criminal_proceedings", "offence_named=yes",
                                      "court_found_serious=unknown", "max_prison_years=2"}));
  facts.max_prison_years = 3;
  EXPECT_EQ(Of(facts, "source_ip"), Verdict::kRelease);
}

TEST(Evaluate, TheCourtsFindingOnSeriousCrimeOutweighsThePenalty) {
  Facts facts = Founding();
  facts.max_prison_years = 1;
  facts.court_found_serious = Answer::kYes;
  EXPECT_EQ(Of(facts, "source_ip"), Verdict::kRelease);
  facts.max_prison_years = 5;
  facts.court_found_serious = Answer::kNo;
  EXPECT_EQ(Of(facts, "source_ip"), Verdict::kHuman);
}

TEST(Evaluate, ACivilClaimIsRefusedWhateverThePenalty) {
  Facts facts = Founding();
  facts.purpose = "civil_claim";
  for (const char* item : {"surname", "pseudonyms", "payment", "source_ip"}) {
    const LineVerdict verdict = EvaluateItem(France(), facts, item);
    EXPECT_EQ(verdict.verdict, Verdict::kRefuse) << item;
    EXPECT_EQ(verdict.rule, "fr.cpc145.civil");
  }
}

TEST(Evaluate, APurposeOrOffenceThatIsNotStatedEndsAtAPerson) {
  Facts facts = Founding();
  facts.purpose = "";
  EXPECT_EQ(EvaluateItem(France(), facts, "phone").missing, "a purpose of criminal proceedings");
  facts = Founding();
  facts.offence_named = false;
  const LineVerdict verdict = EvaluateItem(France(), facts, "phone");
  EXPECT_EQ(verdict.verdict, Verdict::kHuman);
  EXPECT_EQ(verdict.missing, "an offence named in the order");
}

TEST(Evaluate, TrafficLocationAndContentAreRefused) {
  for (const char* item : {"duration", "recipients", "services_used", "mobile_location", "message_content",
                           "content_consulted"}) {
    EXPECT_EQ(Of(Founding(), item), Verdict::kRefuse) << item;
  }
}

TEST(Evaluate, AHostsAddressAndPortEndAtAPersonAndACivilClaimIsStillRefused) {
  Facts facts = Founding();
  facts.profile = "host_platform";
  EXPECT_EQ(Of(facts, "source_ip"), Verdict::kHuman);
  EXPECT_EQ(Of(facts, "source_port"), Verdict::kHuman);
  EXPECT_EQ(Of(facts, "connection_time"), Verdict::kRelease);
  EXPECT_EQ(Of(facts, "phone"), Verdict::kRelease);
  facts.purpose = "civil_claim";
  EXPECT_EQ(Of(facts, "source_ip"), Verdict::kRefuse);
}

TEST(Evaluate, TheRulesInForceOnTheDayOfTheDecisionApply) {
  Facts facts = Founding();
  facts.decided = {2021, 10, 20};
  const LineVerdict verdict = EvaluateItem(France(), facts, "phone");
  EXPECT_EQ(verdict.verdict, Verdict::kHuman);
  EXPECT_EQ(verdict.rule, "");
  facts.decided = {2021, 10, 21};
  EXPECT_EQ(Of(facts, "phone"), Verdict::kRelease);
}

TEST(Evaluate, WhatNoRuleKnowsEndsAtAPerson) {
  Facts facts = Founding();
  facts.instrument = "us.subpoena";
  EXPECT_EQ(Of(facts, "phone"), Verdict::kHuman);
  EXPECT_EQ(EvaluateItem(France(), Founding(), "shoe_size").missing, "the item 'shoe_size' in the regime fr");
}

TEST(Retention, AConnectionIsKeptOneYearToTheEndOfTheLastDayInParis) {
  const RetentionRule* rule = RetentionFor(France(), "CON", "ecs_operator", {2024, 10, 21});
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(RetentionEnd(*rule, At("2024-10-21T08:14:03Z")), At("2025-10-22T00:00:00+02:00"));
  EXPECT_EQ(RetentionEnd(*rule, At("2024-02-29T12:00:00Z")), At("2025-03-01T00:00:00+01:00"));
  // 23:30 UTC on 30 October is already the 31st in Paris.
  EXPECT_EQ(RetentionEnd(*rule, At("2024-10-30T23:30:00Z")), At("2025-11-01T00:00:00+01:00"));
}

TEST(Retention, IdentityIsKeptFiveYearsAfterTheContract) {
  const RetentionRule* rule = RetentionFor(France(), "ID", "host_platform", {2024, 1, 1});
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->start, RetentionStart::kContractEnd);
  EXPECT_EQ(RetentionEnd(*rule, At("2020-02-29T10:00:00+01:00")), At("2025-03-01T00:00:00+01:00"));
}

TEST(Retention, WhatNoRuleCoversMayNotBeKept) {
  EXPECT_EQ(RetentionFor(France(), "TRA", "ecs_operator", {2024, 1, 1}), nullptr);
  EXPECT_EQ(RetentionFor(France(), "CNT", "ecs_operator", {2024, 1, 1}), nullptr);
  EXPECT_EQ(RetentionFor(France(), "CON", "ecs_operator", {2021, 10, 20}), nullptr);
  EXPECT_EQ(RetentionFor(France(), "CON", "unheard_of", {2024, 1, 1}), nullptr);
}

// CPCE L34-1 III.
TEST(Retention, TrafficIsKeptOnlyFromDaysOfAnInjunctionAndItsLapseShortensNothing) {
  EXPECT_EQ(RetentionFor(France(), "TRA", "ecs_operator", {2025, 10, 20}), nullptr);
  const RetentionRule* rule = RetentionFor(France(), "TRA", "ecs_operator", {2025, 10, 21});
  ASSERT_NE(rule, nullptr);
  EXPECT_NE(RetentionFor(France(), "LOC", "ecs_operator", {2026, 10, 20}), nullptr);
  EXPECT_EQ(RetentionFor(France(), "TRA", "ecs_operator", {2026, 10, 21}), nullptr);
  // Recorded on its last day: kept for a year, though the injunction has lapsed.
  EXPECT_EQ(RetentionEnd(*rule, At("2026-10-20T12:00:00Z")), At("2027-10-21T00:00:00+02:00"));
}

TEST(Retention, AnInjunctionAddsNothingToACategoryThatNeedsNone) {
  EXPECT_FALSE(IsEnjoined(France(), "CON", {2026, 1, 1}));
  EXPECT_NE(RetentionFor(France(), "CON", "ecs_operator", {2026, 11, 1}), nullptr);
}

TEST(Answer, IsReadFromItsThreeWords) {
  for (const Answer answer : {Answer::kYes, Answer::kNo, Answer::kUnknown}) {
    EXPECT_EQ(ParseAnswer(ToText(answer)).value(), answer);
  }
  EXPECT_FALSE(ParseAnswer("maybe").ok());
}

}  // namespace
}  // namespace probatio::law
