// The worked cases of examples/decisions: each order.json is judged and compared with its expected.json,
// whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "order/plan.h"
#include "order/test_case.h"

namespace probatio::order {
namespace {

using nlohmann::json;

constexpr const char* kFolder = "examples/decisions";

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  return names;
}

class Decision : public testing::TestWithParam<std::string> {
 protected:
  Decision()
      : folder_(std::string(kFolder) + "/" + GetParam()),
        expected_(json::parse(example::ReadText(folder_ + "/expected.json"))),
        order_(ParseOrder(example::ReadText(folder_ + "/order.json"), example::UnionOnFrance()).value()),
        assessment_(Assess(order_, example::UnionOnFrance(), expected_["profile"].get<std::string>(),
                           example::At(expected_["at"].get<std::string>()))) {}

  std::string folder_;
  json expected_;
  Order order_;
  Assessment assessment_;
};

std::string RuleOf(const ItemAssessment& item) {
  return item.law.rule.empty() ? "-" : item.law.rule;
}

TEST_P(Decision, IsJudgedLineByLineAsExpected) {
  json verdicts = json::object();
  for (const ItemAssessment& item : assessment_.items) {
    verdicts[item.line + " " + item.item] =
        std::string(ToText(item.law.verdict)) + " " + RuleOf(item) + " " + std::string(ToText(item.holding));
  }
  EXPECT_EQ(verdicts, expected_["verdicts"]) << verdicts.dump(2);
  json conditions = json::object();
  for (const ConditionAssessment& condition : assessment_.conditions)
    conditions[condition.condition] = condition.Verdict();
  EXPECT_EQ(conditions, expected_["conditions"]) << conditions.dump(2);
  EXPECT_EQ(json(assessment_.defects), expected_["defects"]);
  EXPECT_EQ(json(assessment_.warnings), expected_["warnings"]);
}

TEST_P(Decision, SaysWhatTheRulesSaidAndWhatAPersonMayChoose) {
  for (const ItemAssessment& item : assessment_.items) {
    const std::string name = item.line + " " + item.item;
    if (expected_.contains("by_rule") && expected_["by_rule"].contains(name)) {
      EXPECT_EQ(json(ToText(item.by_rule)), expected_["by_rule"][name]) << name;
    }
    if (expected_.contains("choices") && expected_["choices"].contains(name)) {
      EXPECT_EQ(json(item.choices), expected_["choices"][name]) << name;
    }
    const bool human = item.law.verdict == law::Verdict::kHuman;
    EXPECT_EQ(human && item.law.missing.empty(), false) << name << ": a person must be told what is missing";
    EXPECT_EQ(human, !item.choices.empty()) << name;
  }
  const json value = json::parse(ToJson(assessment_));
  const json preservation = expected_.contains("preservation") ? expected_["preservation"] : json(nullptr);
  EXPECT_EQ(value["preservation"], preservation);
}

// Whatever the case: the plan holds nothing that was not asked, is not kept, or is refused.
TEST_P(Decision, PlansNothingThatWasNotAskedOrIsRefused) {
  const Plan plan = MakePlan(order_, {}, assessment_, GrantKind::kDisclose);
  for (const PlanLine& line : plan.lines) {
    for (const PlanItem& item : line.items) {
      const ItemAssessment& judged = example::Of(assessment_, line.id, item.item);
      EXPECT_NE(judged.law.verdict, law::Verdict::kRefuse);
      EXPECT_EQ(item.basis.empty(), judged.law.verdict == law::Verdict::kHuman);
      ASSERT_TRUE(judged.kept.has_value());
      EXPECT_GE(line.kept.begin, judged.kept->begin);
      EXPECT_LE(line.kept.end, judged.kept->end);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Worked, Decision, testing::ValuesIn(Names()), [](const auto& worked) {
  std::string name = worked.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Decisions, CoverTheKindsThatAProviderMeets) {
  const std::vector<std::string> names = Names();
  const std::set<std::string> known(names.begin(), names.end());
  for (const char* kind :
       {"founding-case", "offence-below-the-gate", "purely-civil-purpose", "host-not-operator",
        "requisition-same-facts", "ex-parte-without-request", "epoc-identification-only", "epoc-pr",
        "expired-retention", "passwords-asked", "lawyers-number"}) {
    EXPECT_EQ(known.count(kind), 1U) << kind;
  }
}

}  // namespace
}  // namespace probatio::order
