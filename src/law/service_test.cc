#include "law/service.h"

#include <gtest/gtest.h>

namespace probatio::law {
namespace {

bool Warns(std::string_view at, ServiceMode mode = ServiceMode::kBailiff,
           Calendar calendar = Calendar::kMetropolitan) {
  return CheckServiceHours(Instant::ParseRfc3339(at).value(), mode, calendar).has_value();
}

TEST(Service, ABailiffServesFromSixToTwentyOneOnDaysThatAreNoHolidays) {
  EXPECT_TRUE(Warns("2024-11-12T05:59:59+01:00"));
  EXPECT_FALSE(Warns("2024-11-12T06:00:00+01:00"));
  EXPECT_FALSE(Warns("2024-11-12T21:00:00+01:00"));
  EXPECT_TRUE(Warns("2024-11-12T21:00:01+01:00"));
  EXPECT_TRUE(Warns("2024-11-10T12:00:00+01:00"));   // a Sunday
  EXPECT_TRUE(Warns("2024-11-11T12:00:00+01:00"));   // a holiday
  EXPECT_FALSE(Warns("2024-11-09T12:00:00+01:00"));  // a Saturday: served, yet nothing expires on it
}

TEST(Service, TheHourIsThatOfParisInSummerToo) {
  EXPECT_TRUE(Warns("2024-07-15T03:59:00Z"));
  EXPECT_FALSE(Warns("2024-07-15T04:00:00Z"));
  EXPECT_TRUE(Warns("2024-07-15T19:00:01Z"));
}

TEST(Service, GoodFridayCountsWhereItIsAHoliday) {
  EXPECT_FALSE(Warns("2024-03-29T12:00:00+01:00"));
  EXPECT_TRUE(Warns("2024-03-29T12:00:00+01:00", ServiceMode::kBailiff, Calendar::kAlsaceMoselle));
}

TEST(Service, OtherModesHaveNoHours) {
  EXPECT_FALSE(Warns("2024-11-10T23:00:00+01:00", ServiceMode::kAbroad));
  EXPECT_FALSE(Warns("2024-11-10T23:00:00+01:00", ServiceMode::kDecentralised));
}

TEST(Service, EveryModeSaysWhichInstantCountsAndWhatProvesIt) {
  for (const char* text :
       {"", "bailiff", "electronic", "registry", "in_person", "abroad", "eu", "decentralised"}) {
    const ServiceMode mode = ParseServiceMode(text).value();
    EXPECT_EQ(ToText(mode), text);
    const ServiceRules rules = RulesOf(mode);
    for (const std::string& said : {rules.counts.en, rules.counts.fr, rules.reference, rules.proof.en,
                                    rules.proof.fr, rules.proof_reference}) {
      EXPECT_FALSE(said.empty()) << text;
    }
  }
  EXPECT_EQ(ParseServiceMode("signification").value(), ServiceMode::kBailiff);
  EXPECT_EQ(ParseServiceMode("pigeon").error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(RulesOf(ServiceMode::kAbroad).reference, "CPC 687-2");
}

}  // namespace
}  // namespace probatio::law
