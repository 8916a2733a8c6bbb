#include "seal/window.h"

#include <gtest/gtest.h>

#include <limits>

#include "seal/directory.h"
#include "seal/test_rows.h"

namespace probatio::seal {
namespace {

constexpr Stream kAllStreams[] = {Stream::kNatSession, Stream::kNatBlock, Stream::kAccess,
                                  Stream::kActivity,   Stream::kAccount,  Stream::kIdentity};

TEST(Stream, HasANameThatReadsBack) {
  for (const Stream stream : kAllStreams) EXPECT_EQ(ParseStream(ToText(stream)).value(), stream);
  EXPECT_EQ(Code(ParseStream("nat")), ErrorCode::kInvalid);
}

TEST(Stream, OfIdentityAndAccountIsSealedToSubjects) {
  for (const Stream stream : kAllStreams) {
    const record::RecordClass record_class = ClassOf(stream);
    EXPECT_EQ(IsSubjectStream(stream), record_class == record::RecordClass::kIdentity ||
                                           record_class == record::RecordClass::kAccount);
  }
}

TEST(Stream, OfANatEventIsSessionsOnlyWithItsOwnPublicPort) {
  record::NatEvent event = SessionAt(0, 51'234);
  EXPECT_EQ(StreamOf(event), Stream::kNatSession);
  event.port_first = 1024;
  EXPECT_EQ(StreamOf(event), Stream::kNatBlock);
  event.port_first.reset();
  event.public_port.reset();
  EXPECT_EQ(StreamOf(event), Stream::kNatBlock);
}

TEST(Stream, HasTheClassOfItsRecords) {
  for (const record::Record& record : record::ExampleRecords()) {
    EXPECT_EQ(ClassOf(StreamOf(record)), record::ClassOf(record::KindOf(record)));
  }
}

TEST(Window, OfSessionsIsTheQuarterOfAnHour) {
  const Window window = WindowOf(Stream::kNatSession, At("2024-10-21T08:29:59.999999999Z"));
  EXPECT_EQ(window.period.begin, At("2024-10-21T08:15:00Z"));
  EXPECT_EQ(window.period.end, At("2024-10-21T08:30:00Z"));
  EXPECT_EQ(WindowOf(Stream::kNatSession, At("2024-10-21T08:30:00Z")).period.begin,
            At("2024-10-21T08:30:00Z"));
}

TEST(Window, OfADayIsTheUtcDayAlsoBefore1970) {
  const Window window = WindowOf(Stream::kActivity, At("1969-12-31T23:59:59Z"));
  EXPECT_EQ(window.period.begin, At("1969-12-31T00:00:00Z"));
  EXPECT_EQ(window.period.end, At("1970-01-01T00:00:00Z"));
}

TEST(Window, AtTheEndsOfTimeStillHoldsItsInstant) {
  for (const Stream stream : kAllStreams) {
    const Instant first = Instant::FromUnixNs(std::numeric_limits<std::int64_t>::min());
    const Instant last = Instant::FromUnixNs(std::numeric_limits<std::int64_t>::max() - 1);
    EXPECT_TRUE(WindowOf(stream, first).period.Contains(first));
    EXPECT_TRUE(WindowOf(stream, last).period.Contains(last));
  }
}

TEST(SegmentId, NamesStreamBeginAndRun) {
  const Window window = WindowOf(Stream::kNatSession, At("2024-10-21T08:16:00Z"));
  EXPECT_EQ(MakeSegmentId(window, "0a1b2c3d").text(), "nat_session-20241021T081500Z-0a1b2c3d");
}

TEST(SegmentState, HasTheLedgersWords) {
  EXPECT_EQ(ToText(SegmentState::kOpen), "open");
  EXPECT_EQ(ToText(SegmentState::kClosed), "closed");
  EXPECT_EQ(ToText(SegmentState::kClosedByCrash), "closed_by_crash");
  EXPECT_EQ(ToText(SegmentState::kPurged), "purged");
}

}  // namespace
}  // namespace probatio::seal
