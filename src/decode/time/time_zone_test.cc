#include "decode/time/time_zone.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "decode/time/zone_for_tests.h"
#include "decode/time/zone_rule.h"

namespace probatio::decode {
namespace {

std::int64_t Seconds(std::string_view utc) {
  return Instant::ParseRfc3339(std::string(utc) + "Z").value().unix_ns() / kNsPerSecond;
}

// The instants of a reading, as text: "none", one, or both.
std::string Shown(const TimeZone& zone, std::string_view local) {
  const std::optional<Readings> readings = zone.At(Seconds(local));
  if (!readings.has_value()) return "none";
  const std::string earliest = Instant::FromUnixSeconds(readings->earliest).ToRfc3339();
  if (readings->latest == readings->earliest) return earliest;
  return earliest + " " + Instant::FromUnixSeconds(readings->latest).ToRfc3339();
}

std::string What(const Result<TimeZone>& zone) {
  return zone.ok() ? "accepted" : zone.error().what();
}

TEST(TimeZone, GivesTheInstantOfALocalTimeInWinterAndInSummer) {
  const auto paris = ParisForTests();
  EXPECT_EQ(Shown(*paris, "2024-01-15T12:00:00"), "2024-01-15T11:00:00Z");
  EXPECT_EQ(Shown(*paris, "2024-07-15T12:00:00"), "2024-07-15T10:00:00Z");
  EXPECT_EQ(Shown(*paris, "2199-07-15T12:00:00"), "2199-07-15T10:00:00Z");
}

TEST(TimeZone, KnowsNoInstantOfAnHourThatClocksSteppedOver) {
  const auto paris = ParisForTests();
  EXPECT_EQ(Shown(*paris, "2024-03-31T01:59:59"), "2024-03-31T00:59:59Z");
  EXPECT_EQ(Shown(*paris, "2024-03-31T02:00:00"), "none");
  EXPECT_EQ(Shown(*paris, "2024-03-31T02:59:59"), "none");
  EXPECT_EQ(Shown(*paris, "2024-03-31T03:00:00"), "2024-03-31T01:00:00Z");
}

TEST(TimeZone, KnowsBothInstantsOfAnHourThatClocksShowedTwice) {
  const auto paris = ParisForTests();
  EXPECT_EQ(Shown(*paris, "2024-10-27T01:59:59"), "2024-10-26T23:59:59Z");
  EXPECT_EQ(Shown(*paris, "2024-10-27T02:00:00"), "2024-10-27T00:00:00Z 2024-10-27T01:00:00Z");
  EXPECT_EQ(Shown(*paris, "2024-10-27T02:59:59"), "2024-10-27T00:59:59Z 2024-10-27T01:59:59Z");
  EXPECT_EQ(Shown(*paris, "2024-10-27T03:00:00"), "2024-10-27T02:00:00Z");
}

TEST(TimeZone, GoesByTheListedChangesFirstAndByTheRuleAfterThem) {
  // A zone that was at +2 until 2010, at +3 until 2015, and then took up the rule.
  const Buffer file =
      TzifOf(7200, {{Seconds("2010-01-01T00:00:00"), 10'800}, {Seconds("2015-01-01T00:00:00"), 3600}},
             "CET-1CEST,M3.5.0,M10.5.0/3");
  const TimeZone zone = TimeZone::Parse("Test/Zone", file).value();
  EXPECT_EQ(Shown(zone, "1999-07-01T12:00:00"), "1999-07-01T10:00:00Z");
  EXPECT_EQ(Shown(zone, "2012-07-01T12:00:00"), "2012-07-01T09:00:00Z");
  EXPECT_EQ(Shown(zone, "2015-01-02T12:00:00"), "2015-01-02T11:00:00Z");
  EXPECT_EQ(Shown(zone, "2015-07-01T12:00:00"), "2015-07-01T10:00:00Z");
}

TEST(TimeZone, OfTheSouthHasItsSummerOverTheNewYear) {
  const Buffer file = TzifOf(36'000, {}, "AEST-10AEDT,M10.1.0,M4.1.0/3");
  const TimeZone sydney = TimeZone::Parse("Australia/Sydney", file).value();
  EXPECT_EQ(Shown(sydney, "2024-01-01T00:30:00"), "2023-12-31T13:30:00Z");
  EXPECT_EQ(Shown(sydney, "2024-07-01T00:30:00"), "2024-06-30T14:30:00Z");
  EXPECT_EQ(Shown(sydney, "2024-04-07T02:30:00"), "2024-04-06T15:30:00Z 2024-04-06T16:30:00Z");
}

TEST(TimeZone, InSummerTimeAllYearNeverChanges) {
  // RFC 8536, section 3.3.1.
  const TimeZone zone = TimeZone::Parse("Test/Summer", TzifOf(-10'800, {}, "XXX3EDT4,0/0,J365/23")).value();
  EXPECT_EQ(Shown(zone, "2024-01-01T00:00:00"), "2024-01-01T04:00:00Z");
  EXPECT_EQ(Shown(zone, "2024-12-31T23:30:00"), "2025-01-01T03:30:00Z");
}

TEST(TimeZone, OfAFixedOffsetNeverChanges) {
  const TimeZone zone = TimeZone::Fixed("+05:30", 19'800);
  EXPECT_EQ(Shown(zone, "2024-03-31T02:30:00"), "2024-03-30T21:00:00Z");
}

TEST(TimeZone, OfTheSystemAgreesWithTheRuleOnEveryHourOfAYear) {
  const std::filesystem::path path = "/usr/share/zoneinfo/Europe/Paris";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  std::ifstream file(path, std::ios::binary);
  const Buffer bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const TimeZone system = TimeZone::Parse("Europe/Paris", bytes).value();
  const auto rule = ParisForTests();
  for (const char* year : {"2024-01-01T00:30:00", "2036-01-01T00:30:00", "2038-01-01T00:30:00"}) {
    const std::int64_t begin = Seconds(year);
    for (std::int64_t hour = 0; hour < 366 * 24; ++hour) {
      const std::int64_t local = begin + hour * 3600;
      const std::optional<Readings> one = system.At(local);
      const std::optional<Readings> other = rule->At(local);
      ASSERT_EQ(one.has_value(), other.has_value()) << local;
      if (!one.has_value()) continue;
      ASSERT_EQ(one->earliest, other->earliest) << local;
      ASSERT_EQ(one->latest, other->latest) << local;
    }
  }
  // Before 1911 the clocks of Paris were 9 minutes and 21 seconds ahead.
  EXPECT_EQ(Shown(system, "1900-01-01T00:09:21"), "1900-01-01T00:00:00Z");
}

TEST(TimeZone, CutShortAnywhereIsRefusedOrTheSame) {
  const Buffer file = TzifOf(3600, {{0, 7200}, {1000, 3600}}, "CET-1");
  EXPECT_TRUE(TimeZone::Parse("Test/Zone", file).ok());
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(TimeZone::Parse("Test/Zone", Bytes(file).first(size)).ok()) << size;
  }
}

TEST(TimeZone, SaysWhatIsWrongWithAFile) {
  const auto of = [](const Buffer& file) { return What(TimeZone::Parse("Test/Zone", file)); };
  EXPECT_EQ(of({}), "zone Test/Zone: truncated at offset 0");
  EXPECT_EQ(of(ToBuffer(AsBytes("#!/bin/sh"))), "zone Test/Zone: no TZif header at offset 0");
  EXPECT_EQ(of(TzifOf(0, {{5, 0}, {5, 3600}}, "UTC0")),
            "zone Test/Zone: data: change 1: not after the one before");
  EXPECT_EQ(of(TzifOf(100'000, {}, "UTC0")), "zone Test/Zone: data: an offset of more than a day");
  EXPECT_EQ(of(TzifOf(0, {{1LL << 60, 0}}, "UTC0")), "zone Test/Zone: data: change 0: out of all time");
  EXPECT_EQ(of(TzifOf(0, {}, "UT0")), "zone Test/Zone: footer: rule: no name of a time at offset 2");
  EXPECT_EQ(of(TzifOf(0, {}, "CET-1CEST")),
            "zone Test/Zone: footer: rule: no number from 0 to 24 at offset 9");
  Buffer version_1 = TzifOf(0, {}, "UTC0");
  version_1[4] = 0;
  EXPECT_EQ(of(version_1), "zone Test/Zone: version 1, which ends in 2038");
  Buffer leaps = TzifOf(0, {}, "UTC0");
  leaps[44 + 7 + 31] = 1;
  EXPECT_EQ(of(leaps), "zone Test/Zone: data: leap seconds are counted, ours are not");
}

TEST(TimeZone, KeepsItsLimits) {
  std::vector<ZoneChange> changes;
  for (std::size_t i = 0; i < 255; ++i) changes.push_back({static_cast<std::int64_t>(i) * 1000, 0});
  EXPECT_EQ(What(TimeZone::Parse("Test/Zone", TzifOf(0, changes, ""))), "accepted");
  changes.push_back({1'000'000, 0});
  EXPECT_EQ(What(TimeZone::Parse("Test/Zone", TzifOf(0, changes, ""))),
            "zone Test/Zone: data: no types, or too many");
  Buffer file = TzifOf(0, {}, "UTC0");
  file.resize(kTzifBytesMax + 1);
  EXPECT_EQ(What(TimeZone::Parse("Test/Zone", file)), "zone Test/Zone: file longer than 65536 bytes");
}

TEST(ZoneRule, ReadsItsDaysInAllThreeForms) {
  const ZoneRule rule = ParseZoneRule("<-03>3<-02>2:30:15,J60/-1,59/+167:59:59").value();
  EXPECT_EQ(rule.standard_offset_s, -10'800);
  ASSERT_TRUE(rule.summer.has_value());
  EXPECT_EQ(rule.summer->offset_s, -9'015);
  // J60 is the first of March in every year; 59 is the 29th of February in a leap year.
  EXPECT_EQ(rule.summer->begin.LocalSeconds(2024), Seconds("2024-02-29T23:00:00"));
  EXPECT_EQ(rule.summer->begin.LocalSeconds(2023), Seconds("2023-02-28T23:00:00"));
  EXPECT_EQ(rule.summer->end.LocalSeconds(2024), Seconds("2024-03-06T23:59:59"));
  EXPECT_EQ(rule.summer->end.LocalSeconds(2023), Seconds("2023-03-07T23:59:59"));
}

TEST(ZoneRule, OfTheFifthWeekdayMeansTheLast) {
  const ZoneRule rule = ParseZoneRule("CET-1CEST,M3.5.0,M2.4.4").value();
  EXPECT_EQ(rule.summer->begin.LocalSeconds(2024), Seconds("2024-03-31T02:00:00"));
  EXPECT_EQ(rule.summer->begin.LocalSeconds(2023), Seconds("2023-03-26T02:00:00"));
  EXPECT_EQ(rule.summer->end.LocalSeconds(2024), Seconds("2024-02-22T02:00:00"));
}

TEST(ZoneRule, NamesWhereItBreaks) {
  const auto what = [](std::string_view text) {
    const Result<ZoneRule> rule = ParseZoneRule(text);
    return rule.ok() ? "accepted" : rule.error().what();
  };
  EXPECT_EQ(what(""), "rule: no name of a time at offset 0");
  EXPECT_EQ(what("<+0>1"), "rule: no name of a time at offset 3");
  EXPECT_EQ(what("<+03-3"), "rule: no '>' at offset 6");
  EXPECT_EQ(what("CET-25"), "rule: no number from 0 to 24 at offset 6");
  EXPECT_EQ(what("CET-1CEST,M13.1.0,M10.5.0"), "rule: no number from 1 to 12 at offset 13");
  EXPECT_EQ(what("CET-1CEST,M3.5.0,J366"), "rule: no number from 1 to 365 at offset 21");
  EXPECT_EQ(what("CET-1CEST,M3.5.0,M10.5.0/168"), "rule: no number from 0 to 167 at offset 28");
  EXPECT_EQ(what("CET-1CEST,M3.5.0,M10.5.0/3 "), "rule: text after the rule at offset 26");
}

}  // namespace
}  // namespace probatio::decode
