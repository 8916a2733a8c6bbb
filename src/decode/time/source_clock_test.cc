#include "decode/time/source_clock.h"

#include <gtest/gtest.h>

#include "decode/time/zone_for_tests.h"

namespace probatio::decode {
namespace {

constexpr std::string_view kIso = "%Y-%m-%d %H:%M:%S%f%z";
constexpr std::string_view kYearless = "%b %d %H:%M:%S";

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

Result<Timestamp> Stamp(const SourceClock& clock, std::string_view pattern, std::string_view text,
                        std::optional<Instant> received = std::nullopt) {
  return clock.At(ParseCivilTime(pattern, text).value(), ClockSource::kEvent, received);
}

std::string What(const Result<Timestamp>& stamp) {
  return stamp.ok() ? "accepted" : stamp.error().what();
}

SourceClock InParis() {
  SourceClock clock;
  clock.zone = ParisForTests();
  return clock;
}

TEST(SourceClock, RefusesALocalTimeUnlessItsZoneIsNamed) {
  EXPECT_EQ(What(Stamp({}, kIso, "2024-10-21 10:14:03")),
            "time: local, and the source's zone is not named (--zone)");
  EXPECT_EQ(Stamp(InParis(), kIso, "2024-10-21 10:14:03").value().at, At("2024-10-21T08:14:03Z"));
}

TEST(SourceClock, TakesTheZoneThatTheTextSaysBeforeTheConfiguredOne) {
  for (const SourceClock& clock : {SourceClock(), InParis()}) {
    for (const char* text : {"2024-10-21 08:14:03Z", "2024-10-21 08:14:03 UTC", "2024-10-21 10:14:03+02:00",
                             "2024-10-21 10:14:03 +0200", "2024-10-21 01:14:03-07"}) {
      EXPECT_EQ(Stamp(clock, kIso, text).value().at, At("2024-10-21T08:14:03Z")) << text;
    }
  }
}

TEST(SourceClock, KnowsATimeToTheDigitsThatWerePrinted) {
  const auto resolution = [](std::string_view pattern, std::string_view text) {
    return Stamp(InParis(), pattern, text).value().resolution_ns;
  };
  EXPECT_EQ(resolution(kIso, "2024-10-21 10:14:03"), kNsPerSecond);
  EXPECT_EQ(resolution(kIso, "2024-10-21 10:14:03.2"), kNsPerSecond / 10);
  EXPECT_EQ(resolution(kIso, "2024-10-21 10:14:03,250"), kNsPerMs);
  EXPECT_EQ(resolution(kIso, "2024-10-21 10:14:03.250000001Z"), 1);
  EXPECT_EQ(resolution("%d.%m.%Y %H:%M", "21.10.2024 10:14"), kNsPerMinute);
  EXPECT_EQ(resolution("%d.%m.%Y", "21.10.2024"), kNsPerDay);
}

TEST(SourceClock, PutsAReadingThatCameTwiceBetweenBothInstantsWithAnErrorThatReachesBoth) {
  const Timestamp stamp = Stamp(InParis(), kIso, "2024-10-27 02:30:00.500").value();
  EXPECT_EQ(stamp.at, At("2024-10-27T01:00:00.500Z"));
  EXPECT_EQ(stamp.error_ns, 30 * kNsPerMinute);
  EXPECT_EQ(stamp.at - stamp.error_ns, At("2024-10-27T00:30:00.500Z"));  // summer time
  EXPECT_EQ(stamp.at + stamp.error_ns, At("2024-10-27T01:30:00.500Z"));  // winter time
  EXPECT_EQ(Stamp(InParis(), kIso, "2024-10-27 03:00:00").value().error_ns, 0);
}

TEST(SourceClock, RefusesAReadingThatClocksSteppedOver) {
  EXPECT_EQ(What(Stamp(InParis(), kIso, "2024-03-31 02:30:00")),
            "time: clocks in Europe/Paris stepped over 2024-03-31 02:30:00");
}

TEST(SourceClock, RefusesADateThatIsNone) {
  EXPECT_EQ(What(Stamp(InParis(), kIso, "2023-02-29 02:30:00")),
            "2023-02-29 02:30:00: instant: no such date");
  EXPECT_EQ(What(Stamp(InParis(), kIso, "2024-02-29 24:00:00")),
            "2024-02-29 24:00:00: instant: no such time of day");
}

TEST(SourceClock, AsksForTheYearThatALogDoesNotPrint) {
  EXPECT_EQ(What(Stamp(InParis(), kYearless, "Oct 21 10:14:03")), "time: prints no year: name it (--year)");
  SourceClock clock = InParis();
  clock.year = 2023;
  EXPECT_EQ(Stamp(clock, kYearless, "Oct 21 10:14:03").value().at, At("2023-10-21T08:14:03Z"));
  EXPECT_EQ(Stamp(clock, "%Y %b %d %H:%M:%S", "2024 Oct 21 10:14:03").value().at, At("2024-10-21T08:14:03Z"));
}

TEST(SourceClock, TakesTheYearNearestToTheReceiptWhereNoneIsPrintedOrNamed) {
  const auto year_of = [](std::string_view text, std::string_view received) {
    return Stamp(InParis(), kYearless, text, At(received)).value().at.ToRfc3339().substr(0, 4);
  };
  EXPECT_EQ(year_of("Dec 31 23:59:59", "2025-01-01T00:00:02Z"), "2024");
  EXPECT_EQ(year_of("Jan  1 01:00:03", "2024-12-31T23:59:59Z"), "2025");
  EXPECT_EQ(year_of("Oct 21 10:14:03", "2024-10-21T08:14:04Z"), "2024");
  EXPECT_EQ(year_of("Feb 29 10:14:03", "2025-02-01T08:14:04Z"), "2024");
  EXPECT_EQ(What(Stamp(InParis(), kYearless, "Feb 29 10:14:03", At("2026-06-01T00:00:00Z"))),
            "time: no such date in any year near its receipt");
}

TEST(SourceClock, AppliesTheConfiguredOffsetAndRecordsIt) {
  SourceClock clock = InParis();
  clock.offset = {-90 * kNsPerSecond};
  clock.error_ns = 2 * kNsPerSecond;
  const Timestamp local = Stamp(clock, kIso, "2024-10-21 10:14:03").value();
  EXPECT_EQ(local.at, At("2024-10-21T08:12:33Z"));
  EXPECT_EQ(local.offset, ClockOffset{-90 * kNsPerSecond});
  EXPECT_EQ(local.error_ns, 2 * kNsPerSecond);
  const Timestamp twice = Stamp(clock, kIso, "2024-10-27 02:30:00").value();
  EXPECT_EQ(twice.error_ns, 30 * kNsPerMinute + 2 * kNsPerSecond);
  const Timestamp said{At("2024-10-21T08:14:03Z"), kNsPerMs, 0, ClockSource::kExport};
  EXPECT_EQ(clock.Corrected(said).value().at, At("2024-10-21T08:12:33Z"));
}

TEST(SourceClock, LeavesOurOwnTimeOfReceiptAsItIs) {
  SourceClock clock;
  clock.offset = {kNsPerHour};
  clock.error_ns = kNsPerSecond;
  const Timestamp receipt{At("2024-10-21T08:14:03Z"), 1, 0, ClockSource::kReceipt};
  EXPECT_EQ(clock.Corrected(receipt).value(), receipt);
}

TEST(SourceClock, RefusesAnOffsetThatLeadsOutOfTime) {
  SourceClock clock;
  clock.offset = {INT64_MAX};
  EXPECT_FALSE(clock.Corrected({At("2024-10-21T08:14:03Z")}).ok());
}

TEST(CivilTime, IsReadByThePatternOfItsLog) {
  for (const auto& [pattern, text] :
       std::vector<std::pair<const char*, const char*>>{{"%b %d %H:%M:%S", "Oct 21 08:14:03"},
                                                        {"%b %d %Y %H:%M:%S", "oct 21 2024 08:14:03"},
                                                        {"%Y %b %d %H:%M:%S", "2024 OCT  21 08:14:03"},
                                                        {"%a %b %d %H:%M:%S %Y", "Mon Oct 21 08:14:03 2024"},
                                                        {"%d/%b/%Y:%H:%M:%S%z", "21/Oct/2024:08:14:03 +0000"},
                                                        {"%Y/%m/%d %H:%M:%S", "2024/10/21 08:14:03"}}) {
    const Result<CivilTime> civil = ParseCivilTime(pattern, text);
    ASSERT_TRUE(civil.ok()) << text << ": " << civil.error().what();
    EXPECT_TRUE(civil.value().ToText().ends_with("10-21 08:14:03")) << text;
  }
}

TEST(CivilTime, NamesWhereItIsNotAsThePatternSays) {
  const auto what = [](std::string_view pattern, std::string_view text) {
    const Result<CivilTime> civil = ParseCivilTime(pattern, text);
    return civil.ok() ? "accepted" : civil.error().what();
  };
  EXPECT_EQ(what(kIso, "2024-10-2X 08:14:03"), "time: not a blank at offset 9");
  EXPECT_EQ(what(kIso, "24-10-21 08:14:03"), "time: not %Y at offset 2");
  EXPECT_EQ(what(kIso, "2024-10-21 08:14:03 CEST"), "time: text after it at offset 19");
  EXPECT_EQ(what(kIso, "2024-10-21 08:14:03.1234567890"), "time: not %f at offset 29");
  EXPECT_EQ(what(kIso, "2024-10-21 08:14:03+0"), "time: not %z at offset 21");
  EXPECT_EQ(what(kYearless, "Okt 21 08:14:03"), "time: not %b at offset 0");
  EXPECT_EQ(what(kIso, ""), "time: not %Y at offset 0");
}

TEST(CivilTime, RefusesAPatternThatItWouldNotUnderstand) {
  EXPECT_TRUE(CheckTimePattern(kIso).ok());
  EXPECT_TRUE(CheckTimePattern(kYearless).ok());
  EXPECT_EQ(CheckTimePattern("%Y-%m-%d %Q").error().what(), "time pattern: no such field at offset 9");
  EXPECT_EQ(CheckTimePattern("%Y-%m-%d %").error().what(), "time pattern: no such field at offset 9");
  EXPECT_EQ(CheckTimePattern("%H:%M").error().what(), "time pattern: names no day (%d and %m or %b)");
}

TEST(EpochTime, IsSecondsWithTheDigitsThatStandThere) {
  const EpochTime time = ParseEpochTime("1795482196.218910").value();
  EXPECT_EQ(time.at, Instant::FromUnixNs(1'795'482'196'218'910'000));
  EXPECT_EQ(time.resolution_ns, 1'000);
  EXPECT_EQ(ParseEpochTime("0").value().at, Instant());
  for (const char* wrong :
       {"", "-1", "1.", ".5", "1.1234567891", "1e9", "9214646400", "99999999999999999999"}) {
    EXPECT_FALSE(ParseEpochTime(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace probatio::decode
