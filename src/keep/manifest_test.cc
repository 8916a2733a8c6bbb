#include "keep/manifest.h"

#include <gtest/gtest.h>

#include "keep/enter.h"
#include "keep/test_world.h"

namespace probatio::keep {
namespace {

seal::SegmentInfo Opened(std::string_view at, std::string_view run = "0000000a") {
  seal::SegmentInfo info;
  info.window = seal::WindowOf(seal::Stream::kNatSession, At(at));
  info.id = seal::MakeSegmentId(info.window, run);
  info.opened_at = At(at);
  info.wrapped_digest.fill(3);
  return info;
}

class ManifestTest : public ::testing::Test {
 protected:
  void Append(const ledger::Entry& entry) { ASSERT_TRUE(ledger_.Append(entry).ok()); }

  TestWorld world_;
  ledger::Ledger ledger_ = world_.OpenLedger();
};

TEST_F(ManifestTest, TellsTheLifeOfASegmentFromTheLedgerAlone) {
  seal::SegmentInfo info = Opened("2026-11-24T10:00:00Z");
  info.late = true;
  Append({"deployment_created", info.opened_at, {{"origin", "probatio.example"}}});
  Append(OpenedEntry(info));
  Manifest manifest = Manifest::FromLedger(ledger_).value();
  ASSERT_TRUE(manifest.Get(info.id));
  EXPECT_EQ(manifest.Get(info.id)->state, seal::SegmentState::kOpen);
  EXPECT_EQ(manifest.Get(info.id)->window, info.window);
  EXPECT_TRUE(manifest.Get(info.id)->late);

  info.root.fill(5);
  info.leaf_count = 17;
  info.rows = 40;
  info.lost_before = 2;
  info.closed_at = At("2026-11-24T10:15:00Z");
  Append(ClosedEntry(info));
  ASSERT_TRUE(manifest.Refresh(ledger_).ok());
  const seal::SegmentInfo closed = *manifest.Get(info.id);
  EXPECT_EQ(closed.state, seal::SegmentState::kClosed);
  EXPECT_EQ(closed.root, info.root);
  EXPECT_EQ(closed.leaf_count, 17U);
  EXPECT_EQ(closed.rows, 40U);
  EXPECT_EQ(closed.lost_before, 2U);
  EXPECT_EQ(closed.closed_at, info.closed_at);
  EXPECT_EQ(closed.wrapped_digest, info.wrapped_digest);
  EXPECT_EQ(closed.opened_index, 1U);
  EXPECT_EQ(closed.closed_index, 2U);
}

TEST_F(ManifestTest, FindsTheSegmentsOfAPeriodNewestFirst) {
  for (const char* at : {"2026-11-24T10:00:00Z", "2026-11-24T10:15:00Z", "2026-11-24T10:30:00Z"}) {
    Append(OpenedEntry(Opened(at)));
  }
  Append(OpenedEntry(Opened("2026-11-24T10:15:00Z", "0000000b")));
  const Manifest manifest = Manifest::FromLedger(ledger_).value();
  const auto found =
      manifest.Find(seal::Stream::kNatSession, {At("2026-11-24T10:14:59Z"), At("2026-11-24T10:30:00Z")});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].id.text(), "nat_session-20261124T101500Z-0000000a");
  EXPECT_EQ(found[1].id.text(), "nat_session-20261124T101500Z-0000000b");
  EXPECT_EQ(found[2].id.text(), "nat_session-20261124T100000Z-0000000a");
  EXPECT_TRUE(manifest.Find(seal::Stream::kAccess, {Instant(), At("2027-01-01T00:00:00Z")}).empty());
  EXPECT_EQ(manifest.All().size(), 4U);
}

// As a walk over all segments would find them, at every edge of the windows.
TEST_F(ManifestTest, FindsByItsIndexWhatAWalkOverAllWouldFind) {
  std::vector<ledger::Entry> entries;
  const Instant first = At("2026-11-24T10:00:00Z");
  for (int i = 0; i < 40; ++i) {
    if (i % 7 == 3) continue;
    const Instant at = first + i * 15 * kNsPerMinute;
    entries.push_back(OpenedEntry(Opened(at.ToRfc3339())));
    if (i % 5 == 0) entries.push_back(OpenedEntry(Opened(at.ToRfc3339(), "00000001")));
  }
  ASSERT_TRUE(ledger_.AppendAll(entries).ok());
  const Manifest manifest = Manifest::FromLedger(ledger_).value();
  for (int begin = -2; begin < 84; ++begin) {
    for (int length = 0; length < 84; length += 3) {
      const Instant from = first + begin * 15 * kNsPerMinute / 2;
      const Period period{from, from + length * 15 * kNsPerMinute / 2};
      std::vector<SegmentId> walked;
      for (const seal::SegmentInfo& info : manifest.All()) {
        if (info.window.period.Overlaps(period)) walked.push_back(info.id);
      }
      std::stable_sort(walked.begin(), walked.end(), [&](const SegmentId& a, const SegmentId& b) {
        return manifest.Get(b)->window.period.begin < manifest.Get(a)->window.period.begin;
      });
      std::vector<SegmentId> found;
      for (const seal::SegmentInfo& info : manifest.Find(seal::Stream::kNatSession, period)) {
        found.push_back(info.id);
      }
      ASSERT_EQ(found, walked) << begin << " " << length;
    }
  }
}

TEST_F(ManifestTest, TellsThePublicRangeOfAClosedSegment) {
  seal::SegmentInfo info = Opened("2026-11-24T10:00:00Z");
  info.public_range = seal::Join(seal::RangeAround(IpAddress::Parse("203.0.113.7").value()),
                                 seal::RangeAround(IpAddress::Parse("2001:db8::7").value()));
  Append(OpenedEntry(info));
  const ledger::Entry closed = ClosedEntry(info);
  EXPECT_EQ(closed.fields.at("public_from"), "203.0.113.0");
  EXPECT_EQ(closed.fields.at("public_to"), "2001:db8:0:ffff:ffff:ffff:ffff:ffff");
  Append(closed);
  const Manifest manifest = Manifest::FromLedger(ledger_).value();
  EXPECT_EQ(manifest.Get(info.id)->public_range, info.public_range);
}

// A range that could hide rows is not guessed at.
TEST_F(ManifestTest, RefusesAPublicRangeThatIsNotWholeOrNotOfNat) {
  seal::SegmentInfo info = Opened("2026-11-24T10:00:00Z");
  info.public_range = seal::RangeAround(IpAddress::Parse("203.0.113.7").value());
  seal::SegmentInfo access = Opened("2026-11-24T10:00:00Z");
  access.window = seal::WindowOf(seal::Stream::kAccess, access.opened_at);
  access.id = seal::MakeSegmentId(access.window, "0000000a");
  access.public_range = info.public_range;
  const auto refused = [](const seal::SegmentInfo& opened, ledger::Entry closed, const char* field,
                          const char* value) {
    if (field != nullptr) closed.fields.erase(field);
    if (value != nullptr) closed.fields[field] = value;
    TestWorld world;
    ledger::Ledger ledger = world.OpenLedger();
    CHECK(ledger.AppendAll(std::vector{OpenedEntry(opened), closed}).ok());
    return !Manifest::FromLedger(ledger).ok();
  };
  EXPECT_FALSE(refused(info, ClosedEntry(info), nullptr, nullptr));
  EXPECT_TRUE(refused(info, ClosedEntry(info), "public_to", nullptr));
  EXPECT_TRUE(refused(info, ClosedEntry(info), "public_from", nullptr));
  EXPECT_TRUE(refused(info, ClosedEntry(info), "public_from", "203.0.113.1"));
  EXPECT_TRUE(refused(info, ClosedEntry(info), "public_to", "198.51.100.255"));
  EXPECT_TRUE(refused(info, ClosedEntry(info), "public_to", "somewhere"));
  EXPECT_TRUE(refused(access, ClosedEntry(access), nullptr, nullptr));
}

TEST_F(ManifestTest, AContradictionNamesItsLedgerIndex) {
  const seal::SegmentInfo info = Opened("2026-11-24T10:00:00Z");
  seal::SegmentInfo ahead = info;
  ahead.journal.batches = 5;
  ledger::Entry wrong_window = OpenedEntry(Opened("2026-11-24T10:15:00Z"));
  wrong_window.fields["begin"] = "2026-11-24T10:15:01Z";
  ledger::Entry wrong_name = OpenedEntry(Opened("2026-11-24T10:15:00Z"));
  wrong_name.fields["segment"] = "nat_session-20261124T100000Z-0000000c";
  ledger::Entry no_digest = OpenedEntry(Opened("2026-11-24T10:15:00Z"));
  no_digest.fields.erase("wrapped_digest");
  const std::vector<std::vector<ledger::Entry>> contradictions{
      {OpenedEntry(info), OpenedEntry(info)},
      {OpenedEntry(info), ClosedEntry(Opened("2026-11-24T10:15:00Z"))},
      {OpenedEntry(info), wrong_window},
      {OpenedEntry(info), wrong_name},
      {OpenedEntry(info), no_digest},
      {OpenedEntry(info), CrashedEntry(info, info.opened_at), ClosedEntry(info)},
      {OpenedEntry(info), ClosedEntry(info), JournalHeadEntry(info, info.opened_at)},
      {OpenedEntry(info), JournalHeadEntry(ahead, info.opened_at), JournalHeadEntry(info, info.opened_at)},
  };
  for (const auto& entries : contradictions) {
    TestWorld world;
    ledger::Ledger ledger = world.OpenLedger();
    ASSERT_TRUE(ledger.AppendAll(entries).ok());
    const auto manifest = Manifest::FromLedger(ledger);
    ASSERT_FALSE(manifest.ok());
    EXPECT_EQ(manifest.error().code(), ErrorCode::kStorage);
    const std::string place = "ledger entry " + std::to_string(entries.size() - 1);
    EXPECT_NE(manifest.error().what().find(place), std::string::npos) << manifest.error().what();
  }
}

TEST_F(ManifestTest, EntriesThatDidArriveAreNotEnteredTwice) {
  const std::vector<ledger::Entry> entries{OpenedEntry(Opened("2026-11-24T10:00:00Z"))};
  world_.fault = {FaultKind::kOnce, 0, 0};
  EXPECT_EQ(Enter(ledger_, entries).entered, Entered::kNo);
  EXPECT_EQ(Enter(ledger_, entries).entered, Entered::kYes);
  EXPECT_EQ(ledger_.size(), 1U);
  world_.fault = {FaultKind::kCrashAfter, 0, 0};
  EXPECT_EQ(Enter(ledger_, std::vector{OpenedEntry(Opened("2026-11-24T10:15:00Z"))}).entered,
            Entered::kUnknown);
}

}  // namespace
}  // namespace probatio::keep
