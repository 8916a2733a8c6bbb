#include "casebook/duty.h"

#include <gtest/gtest.h>

#include <set>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

constexpr Duty kDuties[] = {Duty::kTakeIn, Duty::kJudge, Duty::kApprove, Duty::kExecute};

Person Of(Role role) {
  return {ExamplePersonId("somebody-1"), "Basile Fictif", role, "", true};
}

std::set<Duty> DutiesOf(Role role, const DutyRules& rules = {}) {
  std::set<Duty> duties;
  for (const Duty duty : kDuties) {
    if (CheckDuty(Of(role), duty, rules).ok()) duties.insert(duty);
  }
  return duties;
}

TEST(Duties, OfEachRoleAreThoseOfTheTable) {
  EXPECT_EQ(DutiesOf(Role::kIntake), (std::set{Duty::kTakeIn}));
  EXPECT_EQ(DutiesOf(Role::kLegal), (std::set{Duty::kTakeIn, Duty::kJudge, Duty::kExecute}));
  EXPECT_EQ(DutiesOf(Role::kApprover), (std::set{Duty::kApprove, Duty::kExecute}));
}

TEST(Duties, WhoRunsTheMachineHoldsKeysChecksOrAsksDoesNothingToAnOrder) {
  for (const Role role : {Role::kAdministrator, Role::kCustodian, Role::kAuditor, Role::kApplicant}) {
    EXPECT_TRUE(DutiesOf(role).empty()) << ToText(role);
    EXPECT_TRUE(DutiesOf(role, {true}).empty()) << ToText(role);
  }
}

TEST(Duties, WhoApprovesDoesNotJudgeUnlessAHouseTooSmallSaysSo) {
  EXPECT_EQ(DutiesOf(Role::kApprover).count(Duty::kJudge), 0U);
  EXPECT_EQ(DutiesOf(Role::kApprover, {true}).count(Duty::kJudge), 1U);
  EXPECT_EQ(DutiesOf(Role::kLegal, {true}).count(Duty::kApprove), 0U) << "that is no key to approve with";
}

TEST(Duties, AreRefusedInWords) {
  const Status refused = CheckDuty(Of(Role::kAdministrator), Duty::kTakeIn, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kDenied);
  EXPECT_EQ(refused.error().what(), "somebody-1 is administrator: to take in orders takes intake or legal");
}

TEST(Duties, EndWhenAPersonLeaves) {
  Person gone = Of(Role::kLegal);
  gone.active = false;
  EXPECT_FALSE(CheckDuty(gone, Duty::kJudge, {}).ok());
}

TEST(Roles, AreReadAsTheyAreWritten) {
  for (const Role role : kRoles) EXPECT_EQ(ParseRole(ToText(role)).value(), role);
  EXPECT_FALSE(ParseRole("counsel").ok());
}

}  // namespace
}  // namespace probatio::casebook
