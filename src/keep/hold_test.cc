#include "keep/hold.h"

#include <gtest/gtest.h>

#include <limits>

#include "keep/test_rules.h"

namespace probatio::keep {
namespace {

order::Order OrderWith(std::vector<order::Line> lines) {
  order::Order order;
  order.date = {2026, 11, 12};
  order.lines = std::move(lines);
  return order;
}

order::Line MessageLine(std::vector<std::string> items) {
  order::Line line;
  line.items = std::move(items);
  line.subject = {order::SubjectKind::kMessage, "m-1", std::nullopt};
  line.period = {At("2026-10-21T00:00:00Z"), At("2026-10-23T00:00:00Z")};
  return line;
}

order::Line TupleLine(std::vector<std::string> items) {
  order::Line line;
  line.items = std::move(items);
  line.subject.kind = order::SubjectKind::kTuple;
  line.subject.tuple = order::Tuple{IpAddress::Parse("203.0.113.9").value(), 40'000, 6,
                                    At("2026-10-21T12:00:00Z"), 2 * kNsPerSecond};
  return line;
}

TEST(PinsFor, AMessagePinsTheActivityOfItsPeriodAlone) {
  const std::vector<Pin> pins = PinsFor(OrderWith({MessageLine({"source_ip", "source_port"})})).value();
  EXPECT_EQ(pins, (std::vector<Pin>{
                      {seal::Stream::kActivity, {At("2026-10-21T00:00:00Z"), At("2026-10-23T00:00:00Z")}}}));
}

TEST(PinsFor, IdentityItemsPinWhateverArrivedUntilTheOrder) {
  order::Order order = OrderWith({MessageLine({"surname"})});
  order.service.at = At("2026-11-14T09:00:00Z");
  const std::vector<Pin> pins = PinsFor(order).value();
  ASSERT_EQ(pins.size(), 2U);
  EXPECT_EQ(pins[1].stream, seal::Stream::kIdentity);
  EXPECT_EQ(pins[1].period.begin, Instant());
  EXPECT_EQ(pins[1].period.end, At("2026-11-15T09:00:00Z"));
}

TEST(PinsFor, AnItemThatItDoesNotKnowPinsBothAccountAndIdentity) {
  EXPECT_EQ(PinsFor(OrderWith({MessageLine({"new_item"})})).value().size(), 3U);
  order::Line open = MessageLine({"source_ip"});
  open.open_ended = true;
  EXPECT_EQ(PinsFor(OrderWith({open})).value().size(), 3U);
}

TEST(PinsFor, ATuplePinsItsInstantWithTheLookBackOfEachSource) {
  const std::vector<Pin> pins = PinsFor(OrderWith({TupleLine({"source_ip"})})).value();
  const Instant end = At("2026-10-22T12:00:02Z");
  EXPECT_EQ(pins, (std::vector<Pin>{{seal::Stream::kNatSession, {At("2026-10-20T11:59:58Z"), end}},
                                    {seal::Stream::kNatBlock, {At("2026-10-14T11:59:58Z"), end}},
                                    {seal::Stream::kAccess, {At("2026-09-21T11:59:58Z"), end}}}));
}

TEST(PinsFor, TheSamePeriodOfTwoLinesIsPinnedOnce) {
  order::Line later = MessageLine({"source_ip"});
  later.period = {At("2026-10-22T00:00:00Z"), At("2026-10-25T00:00:00Z")};
  const std::vector<Pin> pins = PinsFor(OrderWith({later, MessageLine({"source_ip"})})).value();
  ASSERT_EQ(pins.size(), 1U);
  EXPECT_EQ(pins[0].period, (Period{At("2026-10-21T00:00:00Z"), At("2026-10-25T00:00:00Z")}));
}

TEST(PinsFor, StandsOnEachSideOfTheLimitOfWindows) {
  order::Line line = MessageLine({"source_ip"});
  line.period.begin = At("1700-01-01T00:00:00Z");
  line.period.end = line.period.begin + static_cast<std::int64_t>(kPinnedWindowsMax / 2) * kNsPerDay;
  EXPECT_TRUE(PinsFor(OrderWith({line})).ok());
  line.period.end = line.period.begin + 100'000 * kNsPerDay;
  std::vector<order::Line> lines{line};
  const Instant first = At("1971-01-01T00:00:00Z");
  const auto tuple_at = [&](std::int64_t days) {
    order::Line tuple = TupleLine({"source_ip"});
    tuple.subject.tuple->at = first + days * kNsPerDay;
    tuple.subject.tuple->error_ns = 0;
    return tuple;
  };
  // Each tuple far from the others touches 192 + 8 + 31 windows.
  for (int i = 0; i < 432; ++i) lines.push_back(tuple_at(40 * i));
  EXPECT_TRUE(PinsFor(OrderWith(lines)).ok());  // 100 000 + 432 x 231 = 199 792
  lines.push_back(tuple_at(40 * 432));
  const auto refused = PinsFor(OrderWith(lines));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kInvalid);
}

TEST(Hold, OfAnOrderThatNobodyAuthenticatedLapses) {
  const Instant pinned = At("2024-11-01T00:00:00Z");
  EXPECT_FALSE(HasLapsed(pinned, false, pinned + kProvisionalHoldMaxNs));
  EXPECT_TRUE(HasLapsed(pinned, false, pinned + kProvisionalHoldMaxNs + 1));
  EXPECT_FALSE(HasLapsed(pinned, true, pinned + 10 * kProvisionalHoldMaxNs));
}

TEST(PinsFor, InstantsAtTheEndsOfTimeStopThere) {
  order::Line line = TupleLine({"source_ip"});
  for (const std::int64_t ns :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    line.subject.tuple->at = Instant::FromUnixNs(ns);
    const auto pins = PinsFor(OrderWith({line}));
    ASSERT_TRUE(pins.ok());
    for (const Pin& pin : pins.value()) EXPECT_LT(pin.period.begin, pin.period.end);
  }
}

}  // namespace
}  // namespace probatio::keep
