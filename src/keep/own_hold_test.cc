// "A window kept only by a hold is outside retention for every other order", and inside for the one that
// holds.
#include "keep/own_hold.h"

#include <gtest/gtest.h>

#include "keep/test_rules.h"

namespace probatio::keep {
namespace {

using record::RecordClass;
using seal::Stream;

law::Regime France() {
  law::Regime regime;
  regime.retention = {RuleOfYears("CON", law::RetentionStart::kEvent, 1),
                      RuleOfYears("ID", law::RetentionStart::kContractEnd, 5)};
  return regime;
}

template <class Row>
seal::ProvenRow RowAt(std::string_view at, Row row, Stream stream) {
  row.origin.at.at = At(at);
  seal::ProvenRow proven;
  proven.window = seal::WindowOf(stream, At(at));
  proven.record = std::move(row);
  return proven;
}

seal::ProvenRow LoginAt(std::string_view at) {
  return RowAt(at, record::Activity{}, Stream::kActivity);
}

order::Order OrderFor(std::vector<std::string> items) {
  order::Line line;
  line.id = "L1";
  line.items = std::move(items);
  line.subject = {order::SubjectKind::kMessage, "m-1", std::nullopt};
  line.period = {At("2024-10-19T00:00:00Z"), At("2024-10-21T00:00:00Z")};
  order::Order order;
  order.date = {2024, 11, 12};
  order.lines = {line};
  return order;
}

std::vector<OwnPin> PinnedAt(const order::Order& order, Instant since) {
  std::vector<OwnPin> pins;
  const std::vector<Pin> asked = PinsFor(order).value();
  for (const Pin& pin : asked) pins.push_back({pin, since});
  return pins;
}

class OwnRetentionTest : public ::testing::Test {
 protected:
  static bool Kept(const resolve::Retention& retention, const seal::ProvenRow& row, Instant now) {
    return retention.Kept({&row, 1}, row, now);
  }
  law::Regime regime_ = France();
  RetentionRules rules_{regime_, "host_platform"};
  order::Order order_ = OrderFor({"source_ip"});
  Instant pinned_ = At("2024-11-13T10:00:00Z");
  OwnRetention own_{rules_, PinnedAt(order_, pinned_)};
  Instant now_ = At("2026-01-05T10:00:00Z");
};

TEST_F(OwnRetentionTest, APinnedRowIsInsideForItsOrderAndOutsideForEveryOther) {
  const seal::ProvenRow row = LoginAt("2024-10-19T10:00:00Z");
  EXPECT_FALSE(Kept(rules_, row, now_));
  EXPECT_TRUE(Kept(own_, row, now_));
  EXPECT_FALSE(Kept(OwnRetention(rules_, {}), row, now_));
  EXPECT_FALSE(rules_.MayRead(row.window, now_));
  EXPECT_TRUE(own_.MayRead(row.window, now_));
}

TEST_F(OwnRetentionTest, OnlyTheWindowsThatThePinTouches) {
  EXPECT_EQ(own_.OldestKept(Stream::kActivity, now_), At("2024-10-19T00:00:00Z"));
  for (const char* outside : {"2024-10-18T10:00:00Z", "2024-10-21T10:00:00Z"}) {
    EXPECT_FALSE(Kept(own_, LoginAt(outside), now_)) << outside;
    EXPECT_FALSE(own_.MayRead(LoginAt(outside).window, now_)) << outside;
  }
  EXPECT_EQ(own_.OldestKept(Stream::kAccess, now_), rules_.OldestKept(Stream::kAccess, now_));
  EXPECT_TRUE(Kept(own_, LoginAt("2025-12-01T10:00:00Z"), now_));  // by the rules, pin or no pin
}

TEST_F(OwnRetentionTest, APinRevivesNothingThatWasOutsideWhenItWasMade) {
  const OwnRetention late(rules_, PinnedAt(order_, At("2025-10-25T10:00:00Z")));
  EXPECT_FALSE(Kept(late, LoginAt("2024-10-19T10:00:00Z"), now_));
  EXPECT_FALSE(late.MayRead(LoginAt("2024-10-19T10:00:00Z").window, now_));
}

TEST_F(OwnRetentionTest, ASubjectWhoseContractEndedLongAgoIsInsideWhileItsArrivalIsPinned) {
  const OwnRetention own(rules_, PinnedAt(OrderFor({"surname"}), pinned_));
  record::Identity identity;
  identity.contract_end = At("2019-12-01T00:00:00Z");  // five years: until December 2024
  regime_.retention[1].in_force_from = {2011, 1, 1};
  const seal::ProvenRow row = RowAt("2024-03-01T10:00:00Z", identity, Stream::kIdentity);
  EXPECT_TRUE(Kept(rules_, row, pinned_));
  EXPECT_FALSE(Kept(rules_, row, now_));
  EXPECT_TRUE(Kept(own, row, now_));
}

TEST(OwnHoldOf, SaysForEachLineAndClassSinceWhenAllOfItIsHeld) {
  const order::Order order = OrderFor({"source_ip", "surname"});
  const Instant pinned = At("2024-11-13T10:00:00Z");
  std::vector<OwnPin> pins = PinnedAt(order, pinned);
  ASSERT_EQ(pins.size(), 2U);  // activity and identity
  EXPECT_EQ(OwnHoldOf(order, pins, std::nullopt), (order::OwnHold{{{"L1", RecordClass::kIdentity}, pinned},
                                                                  {{"L1", RecordClass::kActivity}, pinned}}));
  // A pin that was released holds no more; one that is narrower than the line neither.
  pins[0].pin.period.begin = pins[0].pin.period.begin + 1;
  const Stream narrowed = pins[0].pin.stream;
  EXPECT_EQ(OwnHoldOf(order, pins, std::nullopt).count({"L1", seal::ClassOf(narrowed)}), 0U);
  EXPECT_TRUE(OwnHoldOf(order, {}, std::nullopt).empty());
  // What was extracted is held since then; other classes are not touched by the line.
  const Instant extracted = At("2024-12-01T10:00:00Z");
  EXPECT_EQ(OwnHoldOf(order, {}, extracted), (order::OwnHold{{{"L1", RecordClass::kIdentity}, extracted},
                                                             {{"L1", RecordClass::kActivity}, extracted}}));
}

}  // namespace
}  // namespace probatio::keep
