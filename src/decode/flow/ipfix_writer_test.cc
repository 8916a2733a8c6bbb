#include "decode/flow/ipfix_writer.h"

#include <gtest/gtest.h>

#include "decode/flow/flow_decoder.h"
#include "decode/flow/message_for_tests.h"

namespace probatio::decode {
namespace {

record::NatEvent Session(std::uint32_t i) {
  record::NatEvent event;
  event.origin.at.at = Instant::FromUnixNs(1'729'498'443'250 * kNsPerMs) + i * kNsPerMs;
  event.event =
      i % 2 == 0 ? record::NatEventKind::kNat44SessionCreate : record::NatEventKind::kNat44SessionDelete;
  event.proto = static_cast<std::uint8_t>(i % 3 == 0 ? 6 : 17);
  event.inside_ip = IpAddress::V4(0x0A000000 + i);
  event.inside_port = static_cast<std::uint16_t>(i);
  event.inside_realm = "3";
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = static_cast<std::uint16_t>(1024 + i);
  return event;
}

record::NatEvent Block(std::uint32_t i) {
  record::NatEvent event = Session(i);
  event.event =
      i % 2 == 0 ? record::NatEventKind::kPortBlockAllocate : record::NatEventKind::kPortBlockRelease;
  event.proto.reset();
  event.inside_port.reset();
  event.public_port.reset();
  event.port_first = 1024;
  event.port_last = 2047;
  return event;
}

TEST(IpfixWriter, WritesWhatTheDecoderReadsWithoutALoss) {
  IpfixWriter writer(7);
  std::vector<record::NatEvent> events;
  for (std::uint32_t i = 0; i < 500; ++i) {
    events.push_back(i % 5 == 0 ? Block(i) : Session(i));
    ASSERT_TRUE(writer.Add(events.back()).ok());
  }
  FlowDecoder decoder("cgn-1.example");
  std::vector<record::Record> records;
  while (!writer.empty()) {
    const Buffer message = writer.NextMessage(Instant::FromUnixSeconds(kTestExportTime));
    EXPECT_LE(message.size(), kWrittenMessageBytesMax);
    ASSERT_TRUE(decoder.Decode({message, {}, {}, 0}, &records).ok());
  }
  ASSERT_EQ(records.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    record::NatEvent expected = events[i];
    expected.origin.exporter = "cgn-1.example";
    expected.origin.domain = 7;
    expected.origin.seq = i;
    EXPECT_EQ(std::get<record::NatEvent>(records[i]), expected);
  }
  EXPECT_EQ(decoder.flow_counts().lost, 0U);
  EXPECT_EQ(writer.sequence(), 500U);
  EXPECT_TRUE(writer.NextMessage(Instant()).empty());
}

TEST(IpfixWriter, SendsTheTemplatesFirstAndAgainWhenAsked) {
  IpfixWriter writer(7);
  const auto template_count = [&] {
    EXPECT_TRUE(writer.Add(Session(1)).ok());
    FlowDecoder decoder("x");
    std::vector<record::Record> records;
    EXPECT_TRUE(decoder.Decode({writer.NextMessage(Instant()), {}, {}, 0}, &records).ok());
    return decoder.flow_counts().templates;
  };
  EXPECT_EQ(template_count(), 2U);
  EXPECT_EQ(template_count(), 0U);
  writer.RepeatTemplates();
  EXPECT_EQ(template_count(), 2U);
}

TEST(IpfixWriter, RefusesAnEventThatItsTemplatesCannotCarry) {
  IpfixWriter writer(7);
  record::NatEvent event = Session(1);
  event.event = record::NatEventKind::kAddressBindingCreate;
  EXPECT_FALSE(writer.Add(event).ok());
  event = Session(1);
  event.public_ip = IpAddress::Parse("2001:db8::1").value();
  EXPECT_FALSE(writer.Add(event).ok());
  event = Session(1);
  event.proto.reset();
  EXPECT_FALSE(writer.Add(event).ok());
  event = Block(1);
  event.port_step = 2;
  EXPECT_FALSE(writer.Add(event).ok());
  event = Session(1);
  event.inside_realm = "vrf-3";
  EXPECT_FALSE(writer.Add(event).ok());
  EXPECT_TRUE(writer.empty());
}

}  // namespace
}  // namespace probatio::decode
