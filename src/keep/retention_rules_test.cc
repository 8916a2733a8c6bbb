#include "keep/retention_rules.h"

#include <gtest/gtest.h>

#include "keep/test_rules.h"

namespace probatio::keep {
namespace {

law::Regime France() {
  law::Regime regime;
  regime.retention = {RuleOfYears("CON", law::RetentionStart::kEvent, 1),
                      RuleOfYears("ACC", law::RetentionStart::kAccountClosed, 1),
                      RuleOfYears("ID", law::RetentionStart::kContractEnd, 5)};
  return regime;
}

seal::ProvenRow Login(std::string_view at) {
  record::Activity activity;
  activity.origin.at.at = At(at);
  activity.account = "acc-1";
  seal::ProvenRow row;
  row.record = activity;
  return row;
}

seal::ProvenRow Person(std::string_view at, std::optional<Instant> end) {
  record::Identity identity;
  identity.origin.at.at = At(at);
  identity.holder = "acc-1";
  identity.contract_end = end;
  seal::ProvenRow row;
  row.record = identity;
  return row;
}

class RetentionRulesTest : public ::testing::Test {
 protected:
  bool Kept(const seal::ProvenRow& row) const { return rules_.Kept({&row, 1}, row, now_); }

  law::Regime regime_ = France();
  RetentionRules rules_{regime_, "host_platform"};
  Instant now_ = At("2026-11-24T10:00:00Z");
};

TEST_F(RetentionRulesTest, ConnectionDataAreKeptOneYearToTheEndOfItsLastDayInParis) {
  EXPECT_EQ(rules_.OldestKept(seal::Stream::kActivity, now_), At("2025-11-23T23:00:00Z"));
  EXPECT_TRUE(Kept(Login("2025-11-23T23:00:00Z")));
  EXPECT_FALSE(Kept(Login("2025-11-23T22:59:59Z")));
}

TEST_F(RetentionRulesTest, OldestKeptAndKeptAgreeOnEveryDayOfALeapYear) {
  for (int day = 0; day < 400; ++day) {
    const Instant now = At("2027-12-31T11:00:00Z") + day * kNsPerDay;
    const Instant oldest = rules_.OldestKept(seal::Stream::kNatSession, now);
    seal::ProvenRow row = Login("2026-01-01T00:00:00Z");
    std::get<record::Activity>(row.record).origin.at.at = oldest;
    EXPECT_TRUE(rules_.Kept({&row, 1}, row, now));
    std::get<record::Activity>(row.record).origin.at.at = oldest - 1;
    EXPECT_FALSE(rules_.Kept({&row, 1}, row, now));
  }
}

TEST_F(RetentionRulesTest, AnIdentityIsKeptWhileTheContractLivesAndFiveYearsAfterItsEnd) {
  EXPECT_EQ(rules_.OldestKept(seal::Stream::kIdentity, now_).unix_ns(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(Kept(Person("2001-01-01T00:00:00Z", std::nullopt)));
  EXPECT_TRUE(Kept(Person("2001-01-01T00:00:00Z", At("2021-11-24T10:00:00Z"))));
  EXPECT_FALSE(Kept(Person("2001-01-01T00:00:00Z", At("2021-11-23T10:00:00Z"))));
}

TEST_F(RetentionRulesTest, TheEndInOneVersionStartsTheClockOfAll) {
  const std::vector<seal::ProvenRow> versions{Person("2010-01-01T00:00:00Z", std::nullopt),
                                              Person("2021-10-30T00:00:00Z", At("2021-10-30T00:00:00Z"))};
  for (const seal::ProvenRow& row : versions) EXPECT_FALSE(rules_.Kept(versions, row, now_));
}

TEST_F(RetentionRulesTest, ACorrectedEndReplacesTheWrongOne) {
  const std::vector<seal::ProvenRow> versions{Person("2021-10-30T00:00:00Z", At("2021-10-30T00:00:00Z")),
                                              Person("2024-01-01T00:00:00Z", At("2023-12-31T00:00:00Z"))};
  for (const seal::ProvenRow& row : versions) EXPECT_TRUE(rules_.Kept(versions, row, now_));
}

TEST_F(RetentionRulesTest, AnAccountIsKeptOneYearAfterItIsClosed) {
  record::Account account;
  account.origin.at.at = At("2022-01-01T00:00:00Z");
  account.account = "acc-1";
  seal::ProvenRow row;
  row.record = account;
  EXPECT_TRUE(Kept(row));
  account.closed_at = At("2025-11-23T10:00:00Z");
  row.record = account;
  EXPECT_FALSE(Kept(row));
}

TEST_F(RetentionRulesTest, WithoutARuleNothingMayBeKept) {
  const law::Regime empty;
  const RetentionRules none(empty, "host_platform");
  EXPECT_GT(none.OldestKept(seal::Stream::kActivity, now_), now_);
  const seal::ProvenRow login = Login("2026-11-24T09:00:00Z");
  EXPECT_FALSE(none.Kept({&login, 1}, login, now_));
  const seal::ProvenRow person = Person("2026-11-24T09:00:00Z", std::nullopt);
  EXPECT_FALSE(none.Kept({&person, 1}, person, now_));
}

TEST_F(RetentionRulesTest, ARuleForAnotherProfileDoesNotSpeak) {
  regime_.retention[0].profiles = {"access_provider"};
  EXPECT_GT(rules_.OldestKept(seal::Stream::kActivity, now_), now_);
  EXPECT_FALSE(Kept(Login("2026-11-24T09:00:00Z")));
}

}  // namespace
}  // namespace probatio::keep
