#include "law/time_limit.h"

#include <gtest/gtest.h>

#include "law/known_limit.h"

namespace probatio::law {
namespace {

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

LimitQuestion Ask(std::string_view served, std::string_view span) {
  LimitQuestion question;
  question.served = At(served);
  question.span = ParseSpan(span).value();
  return question;
}
LimitQuestion AskEu(std::string_view received, std::string_view span) {
  LimitQuestion question = Ask(received, span);
  question.counting = Counting::kEu;
  return question;
}

std::string Binding(const LimitQuestion& question) {
  return EndWords(CountTimeLimit(question).value().binding()).en;
}

bool Cites(const TimeLimit& limit, std::string_view reference) {
  for (const Step& step : limit.steps) {
    if (step.reference == reference) return true;
  }
  return false;
}

struct Case {
  const char* served;
  const char* span;
  const char* ends;
};

TEST(TimeLimit, FrenchDaysMonthsAndYears) {
  const Case cases[] = {
      // The day of the act is not counted (641 al. 1).
      {"2024-11-12T10:00:00+01:00", "15 days", "Wednesday 27 November 2024 at 24:00"},
      {"2024-11-12T00:00:00+01:00", "1 day", "Wednesday 13 November 2024 at 24:00"},
      {"2024-11-12T23:59:59+01:00", "1 day", "Wednesday 13 November 2024 at 24:00"},
      {"2024-11-12T23:00:00Z", "1 day", "Thursday 14 November 2024 at 24:00"},  // already the 13th in Paris
      // A closed last day: on to the next working day (642 al. 2).
      {"2025-10-17T10:00:00+02:00", "15 days", "Monday 3 November 2025 at 24:00"},  // 1 November, a Saturday
      {"2024-11-08T10:00:00+01:00", "1 day",
       "Tuesday 12 November 2024 at 24:00"},  // Saturday, Sunday, the 11th
      {"2024-11-10T10:00:00+01:00", "1 day", "Tuesday 12 November 2024 at 24:00"},  // 11 November
      {"2025-04-18T10:00:00+02:00", "3 days", "Tuesday 22 April 2025 at 24:00"},    // Easter Monday
      {"2024-12-24T10:00:00+01:00", "1 day", "Thursday 26 December 2024 at 24:00"},
      {"2024-12-31T10:00:00+01:00", "1 day", "Thursday 2 January 2025 at 24:00"},
      {"2024-05-07T10:00:00+02:00", "1 day", "Friday 10 May 2024 at 24:00"},  // 8 May, then Ascension
      // Closed days on the way are counted.
      {"2024-11-07T10:00:00+01:00", "6 days", "Wednesday 13 November 2024 at 24:00"},
      // The same day-number, or the last of a shorter month (641 al. 2).
      {"2025-01-31T10:00:00+01:00", "1 month", "Friday 28 February 2025 at 24:00"},
      {"2024-01-31T10:00:00+01:00", "1 month", "Thursday 29 February 2024 at 24:00"},
      {"2024-02-29T10:00:00+01:00", "1 month", "Friday 29 March 2024 at 24:00"},
      {"2024-02-29T10:00:00+01:00", "1 year", "Friday 28 February 2025 at 24:00"},
      {"2024-02-29T10:00:00+01:00", "4 years", "Tuesday 29 February 2028 at 24:00"},
      {"2024-03-31T10:00:00+02:00", "1 month", "Tuesday 30 April 2024 at 24:00"},
      {"2024-12-31T10:00:00+01:00", "2 months", "Friday 28 February 2025 at 24:00"},
      {"2024-11-12T10:00:00+01:00", "2 months", "Monday 13 January 2025 at 24:00"},  // the 12th is a Sunday
      // Months first, then days (641 al. 3): 31 January + 1 month = 28 February, + 1 day = 1 March, a
      // Saturday.
      {"2025-01-31T10:00:00+01:00", "1 month 1 day", "Monday 3 March 2025 at 24:00"},
      {"2024-11-12T10:00:00+01:00", "1 year 1 month 1 day", "Monday 15 December 2025 at 24:00"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Binding(Ask(one.served, one.span)), one.ends) << one.span << " from " << one.served;
  }
}

TEST(TimeLimit, ADayEndsAtMidnightOfParisOnEitherSideOfAChangeOfTheClocks) {
  EXPECT_EQ(CountTimeLimit(Ask("2025-03-28T10:00:00+01:00", "3 days")).value().binding(),
            At("2025-03-31T22:00:00Z"));
  EXPECT_EQ(CountTimeLimit(Ask("2024-10-25T10:00:00+02:00", "3 days")).value().binding(),
            At("2024-10-28T23:00:00Z"));
}

TEST(TimeLimit, DistanceExtendsRemediesAndIsAddedBeforeTheDays) {
  LimitQuestion appeal = Ask("2024-11-12T10:00:00+01:00", "15 days");
  appeal.matter = Matter::kRemedy;
  EXPECT_EQ(Binding(appeal), "Wednesday 27 November 2024 at 24:00");
  appeal.distance = Distance::kAbroad;
  EXPECT_EQ(Binding(appeal), "Monday 27 January 2025 at 24:00");
  EXPECT_TRUE(Cites(CountTimeLimit(appeal).value(), "CPC 643"));
  EXPECT_TRUE(Cites(CountTimeLimit(appeal).value(), "CPC 641 al. 3"));

  LimitQuestion overseas = Ask("2017-02-12T10:00:00+01:00", "15 days");
  overseas.matter = Matter::kRemedy;
  overseas.distance = Distance::kOverseas;
  EXPECT_EQ(Binding(overseas), "Monday 27 March 2017 at 24:00");
  overseas.court_overseas = true;
  EXPECT_TRUE(Cites(CountTimeLimit(overseas).value(), "CPC 644"));
}

TEST(TimeLimit, OnlyTheEndOfAnExtendedLimitRollsOver) {
  // 12 January 2025, where the two months of distance end, is a Sunday and is not moved; the end, 26 January,
  // is one too.
  LimitQuestion appeal = Ask("2024-11-12T10:00:00+01:00", "14 days");
  appeal.matter = Matter::kRemedy;
  appeal.distance = Distance::kAbroad;
  EXPECT_EQ(Binding(appeal), "Monday 27 January 2025 at 24:00");
}

TEST(TimeLimit, NoDistanceForCompliance) {
  LimitQuestion comply = Ask("2024-11-12T10:00:00+01:00", "10 days");
  comply.distance = Distance::kAbroad;
  EXPECT_EQ(Binding(comply), "Friday 22 November 2024 at 24:00");
  EXPECT_NE(CountTimeLimit(comply).value().steps.at(1).what.en.find("not for a time limit to comply"),
            std::string::npos);
  LimitQuestion hours = Ask("2024-11-12T10:00:00+01:00", "48 hours");
  hours.distance = Distance::kAbroad;
  hours.matter = Matter::kRemedy;
  EXPECT_EQ(CountTimeLimit(hours).value().binding(), At("2024-11-14T10:00:00+01:00"));
}

TEST(TimeLimit, ExclusionAndServiceNearTheCourtEndTheExtension) {
  LimitQuestion appeal = Ask("2024-11-12T10:00:00+01:00", "15 days");
  appeal.matter = Matter::kRemedy;
  appeal.distance = Distance::kAbroad;
  appeal.extension_excluded = true;
  EXPECT_EQ(Binding(appeal), "Wednesday 27 November 2024 at 24:00");
  EXPECT_TRUE(Cites(CountTimeLimit(appeal).value(), "CPC 645"));
  appeal.extension_excluded = false;
  appeal.served_near_court = true;
  EXPECT_EQ(Binding(appeal), "Wednesday 27 November 2024 at 24:00");
  EXPECT_TRUE(Cites(CountTimeLimit(appeal).value(), "CPC 647"));
}

TEST(TimeLimit, AlsaceMoselleHasGoodFridayAndSaintStephen) {
  LimitQuestion question = Ask("2025-04-17T10:00:00+02:00", "1 day");
  EXPECT_EQ(Binding(question), "Friday 18 April 2025 at 24:00");
  question.calendar = Calendar::kAlsaceMoselle;
  EXPECT_EQ(Binding(question), "Tuesday 22 April 2025 at 24:00");
}

TEST(TimeLimit, FortyEightHoursRunHourToHourFromService) {
  const TimeLimit limit = ComputeTimeLimit(At("2024-11-12T15:37:20+01:00"), {48, LimitUnit::kHours}).value();
  ASSERT_EQ(limit.readings.size(), 1U);
  EXPECT_EQ(ParisText(limit.binding()), "2024-11-14 15:37:20 +01:00");
  EXPECT_EQ(limit.readings[0].reference, "practice");
}

TEST(TimeLimit, HoursAreElapsedHoursAcrossAChangeOfTheClocks) {
  const auto ends = [](std::string_view served) {
    return ParisText(CountTimeLimit(Ask(served, "48 hours")).value().binding());
  };
  EXPECT_EQ(ends("2024-10-25T12:00:00+02:00"), "2024-10-27 11:00:00 +01:00");
  EXPECT_EQ(ends("2024-03-29T12:00:00+01:00"), "2024-03-31 13:00:00 +02:00");
  EXPECT_TRUE(
      Cites(CountTimeLimit(Ask("2024-03-29T12:00:00+01:00", "48 hours")).value(), "Directive 2000/84/EC"));
}

TEST(TimeLimit, FortyEightHoursFromFridayEveningEndOnSundayAndTheLaterReadingIsPrinted) {
  // Served on Friday 8 November 2024 at 17:00: 48 hours end on Sunday; Monday is the 11th, a holiday.
  const TimeLimit limit = CountTimeLimit(Ask("2024-11-08T17:00:00+01:00", "48 hours")).value();
  ASSERT_EQ(limit.readings.size(), 2U);
  EXPECT_EQ(ParisText(limit.binding()), "2024-11-10 17:00:00 +01:00");
  EXPECT_EQ(ParisText(limit.readings[1].expires), "2024-11-13 00:00:00 +01:00");
  EXPECT_EQ(limit.readings[1].reference, "CPC 642");
  EXPECT_LT(limit.readings[0].expires, limit.readings[1].expires);
  EXPECT_EQ(limit.steps.back().what.en, "the law is open here: the earlier reading binds us");
}

TEST(TimeLimit, DaysOfTheUnionDoNotCountTheDayOfReceptionAndRollOver) {
  const Case cases[] = {
      {"2026-09-01T09:00:00+02:00", "10 days", "Friday 11 September 2026 at 24:00"},
      {"2026-09-02T09:00:00+02:00", "10 days",
       "Monday 14 September 2026 at 24:00"},  // the 12th is a Saturday
      {"2026-11-06T09:00:00+01:00", "5 days", "Thursday 12 November 2026 at 24:00"},  // 11 November
      {"2026-09-01T09:00:00+02:00", "60 days", "Monday 2 November 2026 at 24:00"},  // 31 October, a Saturday
      // Two working days at the least (art. 3(5)): Saturday, Sunday, Monday, and so Tuesday too.
      {"2026-09-04T09:00:00+02:00", "2 days", "Tuesday 8 September 2026 at 24:00"},
      {"2026-09-04T09:00:00+02:00", "1 day", "Monday 7 September 2026 at 24:00"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Binding(AskEu(one.served, one.span)), one.ends) << one.span << " from " << one.served;
  }
}

TEST(TimeLimit, EightHoursOfTheUnionBindHourToHourAndAreAlsoCountedByWholeHours) {
  const TimeLimit limit = CountTimeLimit(AskEu("2026-09-04T20:14:30+02:00", "8 hours")).value();
  ASSERT_EQ(limit.readings.size(), 2U);
  EXPECT_EQ(limit.binding(), At("2026-09-05T04:14:30+02:00"));  // a Saturday: hours never roll over
  EXPECT_EQ(limit.readings[1].expires, At("2026-09-05T05:00:00+02:00"));
  // The hour that an event opens is the hour in which it occurs.
  EXPECT_EQ(CountTimeLimit(AskEu("2026-09-04T20:00:00+02:00", "8 hours")).value().readings[1].expires,
            At("2026-09-05T05:00:00+02:00"));
}

TEST(TimeLimit, WhatMustBeKeptIsKeptToTheLaterReading) {
  // 60 days end on Saturday 31 October and roll to Monday 2 November; 30 more from the one or from the other.
  LimitQuestion question = AskEu("2026-09-01T09:00:00+02:00", "60 days + 30 days");
  question.duty = Duty::kKeep;
  const TimeLimit limit = CountTimeLimit(question).value();
  ASSERT_EQ(limit.readings.size(), 2U);
  EXPECT_EQ(EndWords(limit.readings[0].expires).en, "Monday 30 November 2026 at 24:00");
  EXPECT_EQ(EndWords(limit.binding()).en, "Wednesday 2 December 2026 at 24:00");
}

TEST(TimeLimit, WithoutDelayIsDueAtOnce) {
  const TimeLimit limit = CountTimeLimit(Ask("2024-11-12T10:00:00+01:00", "without delay")).value();
  EXPECT_EQ(limit.binding(), At("2024-11-12T10:00:00+01:00"));
  ASSERT_EQ(limit.readings.size(), 1U);
}

TEST(TimeLimit, EachStepIsSaidInBothLanguagesWithItsText) {
  LimitQuestion question = Ask("2024-11-12T10:00:00+01:00", "15 days");
  question.matter = Matter::kRemedy;
  question.distance = Distance::kAbroad;
  const TimeLimit limit = CountTimeLimit(question).value();
  EXPECT_GE(limit.steps.size(), 5U);
  for (const Step& step : limit.steps) {
    EXPECT_FALSE(step.what.en.empty());
    EXPECT_FALSE(step.what.fr.empty());
    EXPECT_NE(step.what.en, step.what.fr);
    EXPECT_FALSE(step.reference.empty());
  }
}

TEST(TimeLimit, HasALimitOfItsOwn) {
  const Instant served = At("2024-11-12T15:37:20+01:00");
  EXPECT_TRUE(ComputeTimeLimit(served, {kTimeLimitAmountMax, LimitUnit::kHours}).ok());
  EXPECT_EQ(ComputeTimeLimit(served, {kTimeLimitAmountMax + 1, LimitUnit::kHours}).error().code(),
            ErrorCode::kInvalid);
  EXPECT_FALSE(ComputeTimeLimit(served, {0, LimitUnit::kDays}).ok());
  EXPECT_FALSE(ComputeTimeLimit(served, {-1, LimitUnit::kDays}).ok());
  EXPECT_EQ(ComputeTimeLimit(served, {kTimeLimitAmountMax, LimitUnit::kMonths}).error().what(),
            "time limit: expires after the year 2260");
  EXPECT_EQ(ComputeTimeLimit(served, {kTimeLimitAmountMax, LimitUnit::kDays}).error().what(),
            "time limit: expires after the year 2260");
  EXPECT_FALSE(CountTimeLimit(Ask("2024-11-12T15:37:20+01:00", "100000 years")).ok());
  EXPECT_TRUE(CountTimeLimit(Ask("2024-11-12T15:37:20+01:00", "235 years")).ok());
}

TEST(KnownLimit, EveryOneCanBeCountedAndIsFoundByItsName) {
  for (const KnownLimit& known : KnownLimits()) {
    EXPECT_EQ(FindKnownLimit(known.id), &known);
    LimitQuestion question = Ask("2026-09-01T09:00:00+02:00", known.span);
    question.counting = known.counting;
    question.matter = known.matter;
    question.duty = known.duty;
    EXPECT_TRUE(CountTimeLimit(question).ok()) << known.id;
    EXPECT_EQ(known.counting, CountingOf(known.id)) << known.id;
  }
  EXPECT_EQ(FindKnownLimit("fr.cpc145.refere"), nullptr);  // the judge sets it
}

}  // namespace
}  // namespace probatio::law
