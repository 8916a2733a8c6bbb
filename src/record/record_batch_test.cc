// Rows and records of one batch: what came first is stored first.
#include "record/record_batch.h"

#include <gtest/gtest.h>

namespace probatio::record {
namespace {

NatEvent Event(std::uint32_t domain = 1) {
  NatEvent event;
  event.origin.at.at = Instant::FromUnixSeconds(1'729'498'500);
  event.origin.domain = domain;
  event.event = NatEventKind::kNat44SessionCreate;
  event.public_ip = IpAddress::V4(0xCB007107);
  event.public_port = 2000;
  return event;
}

void FillShapes(RecordBatch* batch) {
  for (std::uint32_t i = 0; i < kNatShapesMax; ++i) batch->Add(Event(i));
}

TEST(RecordBatch, HoldsEventsAsRowsAndTheRestAsTheyAre) {
  RecordBatch batch;
  NatEvent flow = Event();
  flow.end_at = flow.origin.at.at + 1;
  batch.Add(Event());
  batch.Add(flow);
  batch.Add(Activity{});
  batch.Add(Event());
  EXPECT_EQ(batch.events.rows.size(), 2U);
  EXPECT_EQ(batch.records.size(), 2U);
  EXPECT_TRUE(batch.takes_rows());
}

TEST(RecordBatch, PutsNoRowBeforeAnOlderEvent) {
  RecordBatch batch;
  FillShapes(&batch);
  EXPECT_TRUE(batch.takes_rows());
  batch.Add(Event(kNatShapesMax));
  batch.Add(Event(0));  // of a shape that is there, and yet after the one before
  EXPECT_FALSE(batch.takes_rows());
  EXPECT_EQ(batch.events.rows.size(), kNatShapesMax);
  ASSERT_EQ(batch.records.size(), 2U);
  EXPECT_EQ(OriginOf(batch.records[1]).domain, 0U);
  batch.Clear();
  EXPECT_TRUE(batch.takes_rows());
  EXPECT_TRUE(batch.events.shapes().empty());
}

TEST(RecordBatch, GoesBackToWhereItWas) {
  RecordBatch batch;
  batch.Add(Event());
  batch.Add(Activity{});
  const RecordBatch::Mark mark = batch.mark();
  batch.Add(Event(2));
  batch.Add(Activity{});
  batch.MakeRecords(1, 1);
  EXPECT_FALSE(batch.takes_rows());
  batch.GoBackTo(mark);
  EXPECT_EQ(batch.size(), 2U);
  EXPECT_TRUE(batch.takes_rows());
}

TEST(RecordBatch, MakesRowsIntoRecordsInTheirOrder) {
  RecordBatch batch;
  for (const std::uint32_t domain : {1U, 2U, 3U}) batch.Add(Event(domain));
  batch.Add(Activity{});
  batch.MakeRecords(1, 0);
  EXPECT_EQ(batch.events.rows.size(), 1U);
  ASSERT_EQ(batch.records.size(), 3U);
  EXPECT_EQ(batch.records[0], Record(Event(2)));
  EXPECT_EQ(batch.records[1], Record(Event(3)));
  EXPECT_EQ(batch.records[2], Record(Activity{}));
}

TEST(RecordBatch, KeepsItsListsWhileTheyAreSmall) {
  RecordBatch batch;
  batch.Add(Event());
  const std::uint64_t lists = batch.events.lists_id();
  batch.Clear();
  EXPECT_EQ(batch.events.lists_id(), lists);
  NatEvent event = Event();
  for (std::uint32_t i = 0; i < kListEntriesKept; ++i) {
    event.subscriber = std::to_string(i);
    batch.Add(event);
  }
  batch.Clear();
  EXPECT_NE(batch.events.lists_id(), lists);
}

}  // namespace
}  // namespace probatio::record
