#include "decode/flow/event_time.h"

#include <gtest/gtest.h>

#include "decode/flow/message_for_tests.h"

namespace probatio::decode {
namespace {

const Instant kExported = Instant::FromUnixSeconds(kTestExportTime);

// The time of a record with these elements, each eight octets long.
Result<Timestamp> TimeOf(const std::vector<std::pair<std::uint16_t, std::uint64_t>>& elements,
                         record::Nature nature = record::Nature::kBegins) {
  Template record;
  Buffer octets;
  std::vector<std::size_t> ends;
  for (const auto& [id, value] : elements) {
    const std::uint16_t length = FindNatElement(id)->length_max;
    record.fields.push_back({id, length, 0});
    for (int left = length - 1; left >= 0; --left)
      octets.push_back(static_cast<std::uint8_t>(value >> (8 * left)));
    ends.push_back(octets.size());
  }
  std::vector<Bytes> values;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    values.push_back(Bytes(octets).subspan(begin, end - begin));
    begin = end;
  }
  const NatPlan plan(record);
  const NatFields fields = TRY(NatFields::Read(plan, values));
  return EventTime(fields, nature, {kExported, std::nullopt, std::nullopt});
}

constexpr std::uint64_t kMs = 1'729'498'443'250;
constexpr std::uint64_t kNtpSeconds = (1'729'498'443ULL + 2'208'988'800ULL) << 32;

TEST(EventTime, PrefersTheObservationTimeInMilliseconds) {
  const Timestamp time = TimeOf({{322, 1}, {325, kNtpSeconds}, {323, kMs}, {152, 5}}).value();
  EXPECT_EQ(time.at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(time.resolution_ns, kNsPerMs);
  EXPECT_EQ(time.source, ClockSource::kEvent);
}

TEST(EventTime, ReadsNtpTimeWithTheUnusedBitsOfMicrosecondsBlanked) {
  const std::uint64_t half = 0x8000'0000ULL;
  EXPECT_EQ(TimeOf({{325, kNtpSeconds | half}}).value().at.ToRfc3339(), "2024-10-21T08:14:03.500Z");
  EXPECT_EQ(TimeOf({{325, kNtpSeconds | half}}).value().resolution_ns, 1);
  EXPECT_EQ(TimeOf({{324, kNtpSeconds | half | 0x7FF}}).value().at.ToRfc3339(), "2024-10-21T08:14:03.500Z");
  EXPECT_EQ(TimeOf({{324, kNtpSeconds}}).value().resolution_ns, 1'000);
}

TEST(EventTime, PlacesNtpSecondsAfter2036InTheNextEra) {
  EXPECT_EQ(FromNtp(0, ~0U).ToRfc3339(), "2036-02-07T06:28:16Z");
  EXPECT_EQ(FromNtp(0xFFFF'FFFFULL << 32, ~0U).ToRfc3339(), "2036-02-07T06:28:15Z");
}

TEST(EventTime, FallsBackToTheFlowsEdgeThatTheEventIs) {
  const std::vector<std::pair<std::uint16_t, std::uint64_t>> both{{152, kMs}, {153, kMs + 1000}};
  EXPECT_EQ(TimeOf(both, record::Nature::kBegins).value().at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(TimeOf(both, record::Nature::kEnds).value().at.ToRfc3339(), "2024-10-21T08:14:04.250Z");
  EXPECT_EQ(TimeOf({{152, kMs}}, record::Nature::kEnds).value().at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(TimeOf({{150, kMs / 1000}}).value().resolution_ns, kNsPerSecond);
}

TEST(EventTime, ComputesFromUptimeOnlyWhereTheRecordSaysWhenTheExporterStarted) {
  const Timestamp computed = TimeOf({{22, 250}, {160, kMs - 250}}).value();
  EXPECT_EQ(computed.at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(computed.source, ClockSource::kEvent);
  EXPECT_EQ(TimeOf({{22, 250}, {21, 250}}).value().source, ClockSource::kExport);
}

TEST(EventTime, LabelsTheExportTimeWhenTheRecordHasNone) {
  for (const auto& elements :
       std::vector<std::vector<std::pair<std::uint16_t, std::uint64_t>>>{{}, {{323, 0}}}) {
    const Timestamp time = TimeOf(elements).value();
    EXPECT_EQ(time.at, kExported);
    EXPECT_EQ(time.source, ClockSource::kExport);
    EXPECT_EQ(time.resolution_ns, kNsPerSecond);
  }
}

TEST(EventTime, RefusesATimeBeyondWhatAnInstantHolds) {
  EXPECT_TRUE(TimeOf({{323, 9'214'646'399'999}}).ok());
  EXPECT_FALSE(TimeOf({{323, 9'214'646'400'000}}).ok());
  EXPECT_FALSE(TimeOf({{323, ~0ULL}}).ok());
  EXPECT_FALSE(TimeOf({{22, ~0U}, {160, 9'214'646'399'999}}).ok());
}

}  // namespace
}  // namespace probatio::decode
