// Data before its template, and templates that are withdrawn.
#include "decode/flow/pending_sets.h"

#include <gtest/gtest.h>

#include "decode/flow/exporter_for_tests.h"

namespace probatio::decode {
namespace {

Buffer DataAt(std::uint32_t sequence, std::uint32_t export_time = kTestExportTime) {
  return MessageBytes({SetBytes(256, Hex(kSessionHex))}, sequence, 1, export_time);
}
Buffer TemplateAt(std::uint32_t sequence, std::uint32_t export_time = kTestExportTime) {
  return MessageBytes({SetBytes(2, SessionTemplate())}, sequence, 1, export_time);
}

TEST(PendingSets, AreReadWhenTheirTemplateComes) {
  Exporter exporter;
  EXPECT_EQ(exporter.Send(DataAt(5)), "ok");
  EXPECT_TRUE(exporter.records.empty());
  EXPECT_EQ(exporter.Send(TemplateAt(6)), "ok");
  ASSERT_EQ(exporter.records.size(), 1U);
  EXPECT_EQ(exporter.event().origin.seq, 5U);
  EXPECT_EQ(exporter.counts().sets_without_template, 1U);
  EXPECT_EQ(exporter.counts().sets_read_late, 1U);
  EXPECT_EQ(exporter.Send(TemplateAt(6)), "ok");
  EXPECT_EQ(exporter.records.size(), 1U);  // once
}

TEST(PendingSets, OfAMalformedMessageAreNotKept) {
  Exporter exporter;
  Buffer message = MessageBytes({SetBytes(256, Hex(kSessionHex)), SetBytes(257, Hex("00"))});
  message[message.size() - 2] = 9;
  EXPECT_NE(exporter.Send(message), "ok");
  EXPECT_EQ(exporter.Send(TemplateAt(0)), "ok");
  EXPECT_TRUE(exporter.records.empty());
}

TEST(PendingSets, ThatDoNotFitGiveNothing) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(256, {{230, 1}, {464, 65535}});
  // One record that fits, and one whose realm leaves the set.
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(256, Hex("040161"
                                                          "040561"))})),
            "ok");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields)})), "ok");
  EXPECT_TRUE(exporter.records.empty());
  EXPECT_EQ(exporter.counts().sets_broken_late, 1U);
}

TEST(PendingSets, GrowTooOldByTheExportersClock) {
  const auto limit = static_cast<std::uint32_t>(kPendingAgeMaxNs / kNsPerSecond);
  for (const auto& [after, read] : {std::pair{limit, 1U}, std::pair{limit + 1, 0U}}) {
    Exporter exporter;
    exporter.Send(DataAt(0));
    exporter.Send(TemplateAt(1, kTestExportTime + after));
    EXPECT_EQ(exporter.records.size(), read);
  }
}

TEST(PendingSets, FromBeforeARestartAreDropped) {
  Exporter exporter;
  exporter.Send(PacketBytes({SetBytes(256, Hex(kSessionHex))}, 0, 600'000, kTestExportTime));
  // Sixty seconds later its uptime is three seconds: the id may mean something else now.
  exporter.Send(PacketBytes({SetBytes(0, SessionTemplate())}, 0, 3'000, kTestExportTime + 60));
  EXPECT_TRUE(exporter.records.empty());
}

TEST(PendingSets, HoldSoMuchAndTheOldestGiveWay) {
  PendingSets sets;
  MessageHeader header;
  for (std::size_t i = 0; i <= kPendingSetsMax; ++i) sets.Hold({header, 256, 20, {}, Buffer(1)});
  EXPECT_EQ(sets.size(), kPendingSetsMax);
  EXPECT_EQ(sets.dropped(), 1U);

  PendingSets bytes;
  const Buffer big(1U << 20);
  for (std::size_t i = 0; i < kPendingBytesMax / big.size(); ++i) bytes.Hold({header, 256, 20, {}, big});
  EXPECT_EQ(bytes.dropped(), 0U);
  bytes.Hold({header, 256, 20, {}, Buffer(1)});
  EXPECT_EQ(bytes.dropped(), 1U);
  EXPECT_EQ(bytes.TakeAll().size(), kPendingBytesMax / big.size());
  EXPECT_EQ(bytes.size(), 0U);
}

TEST(Withdrawal, HoldsOnAStreamAndIsIgnoredInDatagrams) {
  for (const Transport transport : {Transport::kStream, Transport::kDatagrams}) {
    for (const char* withdrawal : {"01000000", "00020000"}) {
      Exporter exporter(transport);
      exporter.Send(TemplateAt(0));
      EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, Hex(withdrawal)), SetBytes(256, Hex(kSessionHex))})),
                "ok");
      EXPECT_EQ(exporter.records.size(), transport == Transport::kStream ? 0U : 1U) << withdrawal;
    }
  }
}

TEST(Withdrawal, OfAllOptionsTemplatesLeavesTheOthers) {
  Exporter exporter(Transport::kStream);
  exporter.Send(TemplateAt(0));
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(3, Hex("00030000")), SetBytes(256, Hex(kSessionHex))})),
            "ok");
  EXPECT_EQ(exporter.records.size(), 1U);
}

}  // namespace
}  // namespace probatio::decode
