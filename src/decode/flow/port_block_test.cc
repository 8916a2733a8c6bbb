// Port blocks (RFC 8158, section 4.6.11) as exporters really write them.
#include <gtest/gtest.h>

#include "decode/flow/flow_decoder.h"
#include "decode/flow/message_for_tests.h"

namespace probatio::decode {
namespace {

struct Outcome {
  std::optional<record::NatEvent> event;
  std::string refusal;
};

// One record with the elements 230, 361, 362, 363, 364, each left out when negative.
Outcome Block(int event, int start, int end, int step, int count) {
  ByteWriter fields;
  ByteWriter data;
  std::uint16_t present = 0;
  const auto put = [&](std::uint16_t id, std::uint16_t length, int value) {
    if (value < 0) return;
    ++present;
    fields.U16(id);
    fields.U16(length);
    if (length == 1) data.U8(static_cast<std::uint8_t>(value));
    if (length == 2) data.U16(static_cast<std::uint16_t>(value));
  };
  put(230, 1, event);
  put(361, 2, start);
  put(362, 2, end);
  put(363, 2, step);
  put(364, 2, count);
  ByteWriter record_template;
  record_template.U16(256);
  record_template.U16(present);
  record_template.Raw(fields.bytes());

  FlowDecoder decoder("cgn-1.example");
  std::vector<record::Record> records;
  const Status decoded = decoder.Decode(
      {MessageBytes({SetBytes(2, record_template.bytes()), SetBytes(256, data.bytes())}), {}, {}, 0},
      &records);
  EXPECT_TRUE(decoded.ok());
  if (!records.empty()) return {std::get<record::NatEvent>(records[0]), ""};
  return {std::nullopt, decoder.flow_counts().refusals.begin()->first};
}

TEST(PortBlock, EndsAtPortRangeEnd) {
  const record::NatEvent event = *Block(16, 1024, 2047, -1, -1).event;
  EXPECT_EQ(event.event, record::NatEventKind::kPortBlockAllocate);
  EXPECT_EQ(event.port_first, 1024);
  EXPECT_EQ(event.port_last, 2047);
  EXPECT_FALSE(event.port_step.has_value());
}

TEST(PortBlock, EndsWhereStepAndNumberLeadWhenThereIsNoEnd) {
  EXPECT_EQ(Block(17, 1024, -1, 1, 512).event->port_last, 1535);
  EXPECT_EQ(Block(17, 1024, -1, -1, 512).event->port_last, 1535);
  const record::NatEvent strided = *Block(16, 1024, -1, 4, 512).event;
  EXPECT_EQ(strided.port_last, 1024 + 511 * 4);
  EXPECT_EQ(strided.port_step, 4);
  EXPECT_EQ(Block(16, 1024, -1, 0, 512).event->port_last, 1535);
}

TEST(PortBlock, FlaggedAsCreateOrDeleteKeepsTheEventThatWasSent) {
  const record::NatEvent created = *Block(1, 1024, -1, 1, 512).event;
  EXPECT_EQ(created.event, record::NatEventKind::kCreate);
  EXPECT_EQ(created.port_first, 1024);
  EXPECT_EQ(created.port_last, 1535);
  EXPECT_EQ(Block(2, 1024, 2047, -1, -1).event->event, record::NatEventKind::kDelete);
}

TEST(PortBlock, WithoutAnEndIsRefusedByName) {
  EXPECT_EQ(Block(16, 1024, -1, -1, -1).refusal, "port block: neither portRangeEnd nor portRangeNumPorts");
  EXPECT_EQ(Block(16, 1024, -1, 4, -1).refusal, "port block: neither portRangeEnd nor portRangeNumPorts");
  EXPECT_EQ(Block(1, 1024, -1, -1, -1).refusal, "port block: neither portRangeEnd nor portRangeNumPorts");
  EXPECT_EQ(Block(16, -1, 2047, -1, -1).refusal, "port block: no portRangeStart");
}

TEST(PortBlock, ThatContradictsItselfIsRefused) {
  EXPECT_EQ(Block(16, 2048, 2047, -1, -1).refusal, "port block: portRangeEnd below portRangeStart");
  EXPECT_EQ(Block(16, 65'024, -1, 1, 512).event->port_last, 65'535);
  EXPECT_EQ(Block(16, 65'025, -1, 1, 512).refusal, "port block: ends above port 65535");
  EXPECT_EQ(Block(16, 1, -1, 65'535, 65'535).refusal, "port block: ends above port 65535");
}

TEST(PortBlock, LeftZeroInASessionRecordIsNoBlock) {
  EXPECT_FALSE(Block(4, 0, 0, 0, 0).event->is_block());
  EXPECT_FALSE(Block(1, 0, 0, -1, -1).event->is_block());
  EXPECT_FALSE(Block(16, 0, 0, -1, -1).event.has_value());
}

}  // namespace
}  // namespace probatio::decode
