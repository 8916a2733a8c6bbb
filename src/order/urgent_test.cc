#include "order/urgent.h"

#include <gtest/gtest.h>

#include "order/enforceability.h"
#include "order/test_case.h"

namespace probatio::order {
namespace {

Order Certificate(const std::string& instrument, const std::string& emergency) {
  nlohmann::json value = example::PlatformJson();
  value["instrument"] = instrument;
  value["facts"]["emergency"] = emergency;
  value.erase("time_limit");
  value["cites"].erase("time_limit");
  return ParseOrder(value.dump(), example::UnionOnFrance()).value();
}

TEST(Urgent, WhereTheRegimeAllowsItAndThePaperStatesAnEmergency) {
  const Instant now = example::Now();
  for (const char* instrument : {"eu.epoc", "eu.epoc-pr", "fr.cpp.60-1"})
    EXPECT_EQ(UrgentUntil(Certificate(instrument, "yes"), now).value(), now + kUrgentConfirmNs) << instrument;
  EXPECT_EQ(UrgentUntil(Certificate("eu.epoc", "no"), now).error().what(),
            "urgent: the paper states no emergency (facts.emergency)");
  EXPECT_EQ(UrgentUntil(Certificate("fr.cpc145.refere", "yes"), now).error().what(),
            "urgent: the regime allows it for no fr.cpc145.refere");
}

TEST(Urgent, AProductionOrderIsAnsweredWithinEightHoursInsteadOfTenDays) {
  const Order urgent = Certificate("eu.epoc", "yes");
  EXPECT_EQ(TimeLimitOf(urgent, example::Now())->binding(), *urgent.service.at + 8 * kNsPerHour);
  const Order calm = Certificate("eu.epoc", "unknown");
  EXPECT_LT(*calm.service.at + 9 * 24 * kNsPerHour, TimeLimitOf(calm, example::Now())->binding());
}

}  // namespace
}  // namespace probatio::order
