// NetFlow 9 (RFC 3954) where it differs from IPFIX.
#include <gtest/gtest.h>

#include "decode/flow/exporter_for_tests.h"
#include "decode/flow/message_file.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

TEST(Netflow9, GivesTheSameEventsAsIpfix) {
  Exporter exporter;
  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(0, SessionTemplate()), SetBytes(256, Hex(kSessionHex))}, 41)),
            "ok");
  ASSERT_EQ(exporter.records.size(), 1U);
  EXPECT_EQ(
      record::ToJson(exporter.records[0]),
      R"({"class":"network","at":"2024-10-21T08:14:03.250Z","at_resolution_ns":1000000,"at_source":"event",)"
      R"("exporter":"cgn-1.example","domain":1,"seq":41,"event":"nat44_session_create","proto":"tcp",)"
      R"("inside_ip":"10.0.0.1","inside_port":40000,"public_ip":"203.0.113.7","public_port":51234})");
}

TEST(Netflow9, CountsPacketsAndNotRecords) {
  Exporter exporter;
  const Buffer two = SetBytes(256, Hex(std::string(kSessionHex) + kSessionHex));
  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(0, SessionTemplate()), two}, 7)), "ok");
  EXPECT_EQ(exporter.Send(PacketBytes({two}, 8)), "ok");
  EXPECT_EQ(exporter.counts().lost, 0U);
  EXPECT_EQ(exporter.Send(PacketBytes({two}, 11)), "ok");
  EXPECT_EQ(exporter.counts().lost, 2U);
  EXPECT_EQ(exporter.event(2).origin.seq, 8U);
  EXPECT_EQ(exporter.event(3).origin.seq, 8U);
}

TEST(Netflow9, HasNoEnterpriseBit) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{40005, 1}, {33002, 2}, {8, 4}, {40001, 4}, {7, 2}, {40003, 2}});
  const Buffer data =
      Hex("01"
          "07e9"
          "0a000001"
          "cb007107"
          "9c40"
          "c822");
  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(0, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.event().public_port, 51234);
}

TEST(Netflow9, ReadsOptionsTemplatesByTheirLengthsInOctets) {
  Exporter exporter;
  // Scope of one field (4 octets of specifier), two options (8 octets); then padding.
  const Buffer options =
      Hex("0190"
          "0004"
          "0008"
          "00010004"
          "00220004"
          "00230001"
          "0000");
  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(1, options), SetBytes(400, Hex("000000010000006401"))})),
            "ok");
  EXPECT_EQ(exporter.counts().options_templates, 1U);
  EXPECT_EQ(exporter.counts().options_records, 1U);
  EXPECT_EQ(exporter.counts().data_records, 0U);

  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(1, Hex("01910003000800010004002200040023"))})),
            "template record at offset 24: lengths 3 and 8 are no whole number of fields");
}

TEST(Netflow9, TakesTimesFromTheUptimeOfItsHeader) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 1}, {22, 4}});
  // The packet left after 600 s of uptime; the event was 90 s before.
  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(0, fields), SetBytes(300, Hex("040007c830"))})), "ok");
  EXPECT_EQ(exporter.event().origin.at.at.ToRfc3339(), "2024-10-21T08:13:30Z");
  EXPECT_EQ(exporter.event().origin.at.resolution_ns, kNsPerSecond);
  EXPECT_EQ(exporter.event().origin.at.source, ClockSource::kEvent);
  // The uptime goes round at 2^32 ms: half a second after that, an event of half a second before.
  EXPECT_EQ(exporter.Send(PacketBytes({SetBytes(300, Hex("04fffffe0c"))}, 1, 500)), "ok");
  EXPECT_EQ(exporter.event(1).origin.at.at.ToRfc3339(), "2024-10-21T08:14:59Z");
}

TEST(Netflow9, PacketsInAFileEndWhereTheNextHeaderBegins) {
  const Buffer first = PacketBytes({SetBytes(0, SessionTemplate()), SetBytes(256, Hex(kSessionHex))}, 0);
  const Buffer second = PacketBytes({SetBytes(256, Hex(kSessionHex))}, 1);
  Buffer file = first;
  file.insert(file.end(), second.begin(), second.end());
  const MessageSplit split = SplitMessages(file);
  ASSERT_EQ(split.messages.size(), 2U);
  EXPECT_EQ(split.messages[0].size(), first.size());
  EXPECT_EQ(split.messages[1].size(), second.size());
}

TEST(Netflow9, StepsOverAZeroTailAndFieldsOfNoLength) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 1}, {10, 0}, {8, 4}});
  EXPECT_EQ(
      exporter.Send(PacketBytes({SetBytes(0, fields), SetBytes(300, Hex("040a000001")), Buffer(40, 0)})),
      "ok");
  EXPECT_EQ(exporter.event().inside_ip->ToText(), "10.0.0.1");
}

}  // namespace
}  // namespace probatio::decode
