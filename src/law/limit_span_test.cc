#include "law/limit_span.h"

#include <gtest/gtest.h>

namespace probatio::law {
namespace {

TEST(LimitSpan, IsReadInBothLanguages) {
  EXPECT_EQ(ParseSpan("48 hours").value(), (LimitSpan{0, 0, 0, 48, 0, false}));
  EXPECT_EQ(ParseSpan("48 heures").value(), ParseSpan("48 hours").value());
  EXPECT_EQ(ParseSpan("1 mois").value(), ParseSpan("1 month").value());
  EXPECT_EQ(ParseSpan("2 semaines").value(), ParseSpan("14 days").value());
  EXPECT_EQ(ParseSpan("2 ans").value(), ParseSpan("2 years").value());
  EXPECT_EQ(ParseSpan("2 months 15 days").value(), (LimitSpan{0, 2, 15, 0, 0, false}));
  EXPECT_EQ(ParseSpan("60 days + 30 days").value(), (LimitSpan{0, 0, 60, 0, 30, false}));
  EXPECT_TRUE(ParseSpan("sans délai").value().without_delay);
}

TEST(LimitSpan, WhatIsNoSpanIsRefusedInWords) {
  const auto why = [](std::string_view text) { return ParseSpan(text).error().what(); };
  EXPECT_EQ(why(""), "time limit: amount 0 is not 1 to 100000");
  EXPECT_EQ(why("soon"), "time limit: not of the form '48 hours'");
  EXPECT_EQ(why("-1 days"), "time limit: not of the form '48 hours'");
  EXPECT_EQ(why("0 days"), "time limit: nothing is no amount");
  EXPECT_EQ(why("48"), "time limit: a number is followed by hours, days, weeks, months or years");
  EXPECT_EQ(why("48 fortnights"), "time limit: a number is followed by hours, days, weeks, months or years");
  EXPECT_EQ(why("1 day 2 days"), "time limit: a unit is given twice");
  EXPECT_EQ(why("1 day 12 hours"), "time limit: hours are not mixed with days, months or years");
  EXPECT_EQ(why("1 month + 30 days"), "time limit: only a limit in days is extended by days");
  EXPECT_EQ(why("60 days + 1 month"),
            "time limit: an extension is given in days, such as '60 days + 30 days'");
  EXPECT_EQ(why(std::string(101, ' ')), "time limit: too long a text");
}

TEST(LimitSpan, HasALimitOfItsOwn) {
  EXPECT_TRUE(ParseSpan("100000 hours").ok());
  EXPECT_EQ(ParseSpan("100001 hours").error().what(), "time limit: amount 100001 is not 1 to 100000");
  EXPECT_FALSE(ParseSpan("1000000 hours").ok());
  EXPECT_FALSE(ParseSpan("99999 weeks").ok());
}

TEST(LimitSpan, IsSaidInBothLanguages) {
  EXPECT_EQ(SpanWords(ParseSpan("1 year 2 months 15 days").value()),
            (Words{"1 year 2 months 15 days", "1 an 2 mois 15 jours"}));
  EXPECT_EQ(SpanWords(ParseSpan("1 hour").value()), (Words{"1 hour", "1 heure"}));
  EXPECT_EQ(SpanWords(ParseSpan("60 days + 30 days").value()).fr, "60 jours prolongés de 30 jours");
}

}  // namespace
}  // namespace probatio::law
