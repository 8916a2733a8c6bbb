#include "order/refusal.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

Order Of(const std::string& instrument) {
  return ParseOrder(example::With("/instrument", instrument), example::UnionOnFrance()).value();
}

TEST(Refusal, OfACertificateOfTheUnionNamesAGroundOfItsForm) {
  for (const char* certificate : {"eu.epoc", "eu.epoc-pr", "EPOC"}) {
    EXPECT_TRUE(CheckGround(Of(certificate), example::UnionOnFrance(), "not_held").ok()) << certificate;
    const Status none = CheckGround(Of(certificate), example::UnionOnFrance(), "");
    ASSERT_FALSE(none.ok());
    EXPECT_NE(none.error().what().find("manifest_error: Manifest error [2023/1543 art. 10(6); Annex III]"),
              std::string::npos)
        << none.error().what();
  }
}

TEST(Refusal, ByAGroundThatTheFormDoesNotHaveIsRefused) {
  EXPECT_FALSE(CheckGround(Of("eu.epoc"), example::UnionOnFrance(), "no_time").ok());
}

TEST(Refusal, OnAGroundOfTheEnforcingAuthorityIsOfAProductionOnly) {
  EXPECT_TRUE(CheckGround(Of("eu.epoc"), example::UnionOnFrance(), "enforcing.ne_bis_in_idem").ok());
  EXPECT_FALSE(CheckGround(Of("eu.epoc-pr"), example::UnionOnFrance(), "enforcing.ne_bis_in_idem").ok());
}

TEST(Refusal, OfARequisitionNamesALegitimateReason) {
  for (const char* requisition : {"fr.cpp.60-1", "fr.cpp.99-4", "FR_CPP_REQUISITION"}) {
    EXPECT_TRUE(CheckGround(Of(requisition), example::France(), "below_threshold").ok()) << requisition;
    EXPECT_FALSE(CheckGround(Of(requisition), example::France(), "").ok()) << requisition;
    EXPECT_FALSE(CheckGround(Of(requisition), example::France(), "manifest_error").ok()) << requisition;
  }
}

TEST(Refusal, OfACivilDecisionNeedsItsReasonOnly) {
  EXPECT_TRUE(CheckGround(Of("fr.cpc145.refere"), example::UnionOnFrance(), "").ok());
  EXPECT_FALSE(CheckGround(Of("fr.cpc145.refere"), example::UnionOnFrance(), "not_held").ok());
}

}  // namespace
}  // namespace probatio::order
