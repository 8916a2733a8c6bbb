#include "decode/flow/flow_decoder.h"

#include <gtest/gtest.h>

#include "decode/flow/exporter_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

TEST(FlowDecoder, ReadsANat44SessionWithItsPlaceInTheSequence) {
  Exporter exporter;
  EXPECT_EQ(
      exporter.Send(MessageBytes({SetBytes(2, SessionTemplate()), SetBytes(256, Hex(kSessionHex))}, 41, 7)),
      "ok");
  ASSERT_EQ(exporter.records.size(), 1U);
  EXPECT_EQ(
      record::ToJson(exporter.records[0]),
      R"({"class":"network","at":"2024-10-21T08:14:03.250Z","at_resolution_ns":1000000,"at_source":"event",)"
      R"("exporter":"cgn-1.example","domain":7,"seq":41,"event":"nat44_session_create","proto":"tcp",)"
      R"("inside_ip":"10.0.0.1","inside_port":40000,"public_ip":"203.0.113.7","public_port":51234})");
}

TEST(FlowDecoder, ReadsEveryEventOfRfc8158AndRefusesOthersByName) {
  Exporter exporter;
  exporter.Send(MessageBytes({SetBytes(2, SessionTemplate())}));
  for (unsigned value = 0; value < 256; ++value) {
    Buffer record = Hex(kSessionHex);
    record[8] = static_cast<std::uint8_t>(value);
    exporter.Send(MessageBytes({SetBytes(256, record)}, value));
  }
  // 16 and 17 are blocks, and this record names no range.
  EXPECT_EQ(exporter.counts().nat_records, 16U);
  EXPECT_EQ(exporter.counts().refused_records, 240U);
  EXPECT_EQ(exporter.counts().refusals.at("natEvent 19: no mapping event"), 1U);
  EXPECT_EQ(exporter.counts().refusals.at("port block: no portRangeStart"), 2U);
  EXPECT_EQ(exporter.counts().lost, 0U);
}

TEST(FlowDecoder, ReadsANat64SessionFromItsIpv6Source) {
  Exporter exporter;
  const Buffer fields =
      TemplateBytes(300, {{323, 8}, {230, 1}, {27, 16}, {225, 4}, {4, 1}, {7, 2}, {227, 2}});
  const Buffer data =
      Hex("00000192ae23edf2"
          "06"
          "20010db8000000000000000000000001"
          "cb007107"
          "11"
          "9c40"
          "c822");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.event().inside_ip->ToText(), "2001:db8::1");
  EXPECT_EQ(exporter.event().public_ip->ToText(), "203.0.113.7");
}

TEST(FlowDecoder, TakesTheFamilyThatIsSetWhereOneTemplateServesBoth) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{323, 8}, {230, 1}, {8, 4}, {27, 16}, {225, 4}});
  const std::string time =
      "00000192ae23edf2"
      "08";
  const std::string zero(32, '0');
  const std::string b4 = "20010db8000000000000000000000001";
  const Buffer data = Hex(time + "0a000001" + zero + "cb007107" + time + "00000000" + b4 + "cb007107" +  //
                          time + "c0000001" + b4 + "cb007107");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.event(0).inside_ip->ToText(), "10.0.0.1");
  EXPECT_EQ(exporter.event(1).inside_ip->ToText(), "2001:db8::1");
  EXPECT_EQ(exporter.event(2).inside_ip->ToText(),
            "2001:db8::1");  // DS-Lite: the tunnel's end is the subscriber
}

TEST(FlowDecoder, KeepsARealmAndASubscriberWhereTheExporterNamesThem) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 1}, {234, 4}, {464, 65535}, {371, 8}});
  const Buffer data =
      Hex("04"
          "00000003"
          "00"
          "4c2d313233000000"
          "05"
          "00000003"
          "04"
          "76726633"
          "0000000000000000");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.event(0).inside_realm, "3");
  EXPECT_EQ(exporter.event(0).subscriber, "L-123");
  EXPECT_EQ(exporter.event(1).inside_realm, "vrf3");
  EXPECT_FALSE(exporter.event(1).subscriber.has_value());
}

TEST(FlowDecoder, LeavesTranslatedEqualToOriginalAsTheSourceSaidIt) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 1}, {8, 4}, {225, 4}, {12, 4}, {226, 4}});
  const Buffer data =
      Hex("01"
          "cb007107"
          "cb007107"
          "c6336409"
          "c6336409");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, data)})), "ok");
  EXPECT_EQ(exporter.event().event, record::NatEventKind::kCreate);
  EXPECT_EQ(exporter.event().inside_ip, exporter.event().public_ip);
}

TEST(FlowDecoder, CountsWhatIsNoNatEventAndEmitsNothingForIt) {
  Exporter exporter;
  const Buffer flow = TemplateBytes(300, {{8, 4}, {12, 4}, {1, 8}});
  const Buffer translated = TemplateBytes(301, {{8, 4}, {225, 4}});
  const Buffer flow_data =
      Hex("c0000201"
          "c6336401"
          "0000000000000001");
  const Buffer translated_data =
      Hex("0a000001"
          "cb007107"
          "0a000002"
          "cb007107");
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, flow), SetBytes(2, translated), SetBytes(300, flow_data),
                                        SetBytes(301, translated_data)})),
            "ok");
  EXPECT_TRUE(exporter.records.empty());
  EXPECT_EQ(exporter.counts().flows, 1U);
  EXPECT_EQ(exporter.counts().flows_without_port, 2U);
  EXPECT_EQ(exporter.counts().data_records, 3U);
}

TEST(FlowDecoder, RefusesARecordWhoseAddressHasAnotherSizeAndKeepsTheOthers) {
  Exporter exporter;
  const Buffer wrong = TemplateBytes(300, {{230, 1}, {8, 3}});
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, wrong), SetBytes(2, SessionTemplate()),
                                        SetBytes(300, Hex("040a0000")), SetBytes(256, Hex(kSessionHex))})),
            "ok");
  EXPECT_EQ(exporter.records.size(), 1U);
  EXPECT_EQ(exporter.counts().refusals.at("sourceIPv4Address: 3 octets"), 1U);
}

TEST(FlowDecoder, ReadsNumbersInReducedSize) {
  Exporter exporter;
  const Buffer fields = TemplateBytes(300, {{230, 1}, {227, 1}, {234, 2}});
  EXPECT_EQ(exporter.Send(MessageBytes({SetBytes(2, fields), SetBytes(300, Hex("04"
                                                                               "50"
                                                                               "0102"))})),
            "ok");
  EXPECT_EQ(exporter.event().public_port, 80);
  EXPECT_EQ(exporter.event().inside_realm, "258");
}

}  // namespace
}  // namespace probatio::decode
