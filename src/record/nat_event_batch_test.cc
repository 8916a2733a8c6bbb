// A batch says of each event what the event itself says.
#include "record/nat_event_batch.h"

#include <gtest/gtest.h>

namespace probatio::record {
namespace {

NatEvent Session() {
  NatEvent event;
  event.origin.at.at = Instant::FromUnixSeconds(1'729'498'500);
  event.origin.exporter = "cgn-1.example";
  event.event = NatEventKind::kNat44SessionCreate;
  event.proto = 6;
  event.inside_ip = IpAddress::V4(0x64400009);
  event.inside_port = 40'000;
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = 2000;
  return event;
}

std::vector<NatEvent> EventsOfEveryForm() {
  std::vector<NatEvent> events{Session(), Session(), Session(), Session(), Session(), Session(), Session()};
  events[0].origin.seq = 7;
  events[1].inside_ip = IpAddress::Parse("2001:db8::9").value();
  events[2].subscriber = "L-000123";
  events[3].public_ip = IpAddress::Parse("2001:db8::1").value();
  events[4].public_ip.reset();
  events[4].inside_ip.reset();
  events[5].event = NatEventKind::kPortBlockAllocate;  // of a block that names a public port too
  events[5].port_first = 65'000;
  events[5].port_last = 65'511;
  events[5].port_step = 4;
  events[6].event = NatEventKind::kPortBlockRelease;  // a range that wraps, and no first port
  events[6].public_port.reset();
  events[6].port_last = 3;
  return events;
}

TEST(NatEventBatch, GivesBackEveryEvent) {
  NatEventBatch batch;
  for (const NatEvent& event : EventsOfEveryForm()) ASSERT_TRUE(batch.Add(event));
  ASSERT_EQ(batch.rows.size(), EventsOfEveryForm().size());
  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    EXPECT_EQ(batch.EventOf(batch.rows[i]), EventsOfEveryForm()[i]) << i;
  }
}

TEST(NatEventBatch, KeepsItsListsFromBatchToBatch) {
  NatEventBatch batch;
  ASSERT_TRUE(batch.Add(Session()));
  batch.ClearRows();
  NatEvent later = Session();
  later.origin.at.at = later.origin.at.at + 5;
  later.public_port = 2001;
  ASSERT_TRUE(batch.Add(later));
  EXPECT_EQ(batch.shapes().size(), 1U);
  EXPECT_EQ(batch.EventOf(batch.rows.front()), later);
  batch.Clear();
  EXPECT_TRUE(batch.shapes().empty());
}

TEST(NatEventBatch, SaysWhenNumbersOfItsListsNoLongerHold) {
  NatEventBatch batch;
  ASSERT_TRUE(batch.Add(Session()));
  const std::uint64_t before = batch.lists_id();
  batch.ClearRows();
  EXPECT_EQ(batch.lists_id(), before);
  const NatEventBatch copy = batch;
  EXPECT_NE(copy.lists_id(), before);
  EXPECT_EQ(batch.lists_id(), before);
  batch.Clear();
  EXPECT_NE(batch.lists_id(), before);
}

TEST(NatEventBatch, CountsNoMoreShapesThanARowCanName) {
  NatEventBatch batch;
  NatEvent event = Session();
  for (std::size_t i = 0; i < kNatShapesMax; ++i) {
    event.origin.domain = static_cast<std::uint32_t>(i);
    ASSERT_TRUE(batch.Add(event));
  }
  ASSERT_TRUE(batch.Add(event)) << "of a shape that is there";
  event.origin.domain = static_cast<std::uint32_t>(kNatShapesMax);
  EXPECT_FALSE(batch.Add(event));
  EXPECT_EQ(batch.rows.size(), kNatShapesMax + 1);
}

}  // namespace
}  // namespace probatio::record
