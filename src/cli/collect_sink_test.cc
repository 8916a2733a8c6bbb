// A collector's sink over a real deployment: what it takes, when its runs follow each other, and what becomes
// of its rows while somebody else has the store.
#include "cli/collect_sink.h"

#include "cli/test_deployment.h"

namespace probatio::cli {
namespace {

constexpr auto kCreate = record::NatEventKind::kNat44SessionCreate;
constexpr auto kDelete = record::NatEventKind::kNat44SessionDelete;
const Instant kNow = Instant::ParseRfc3339("2026-11-24T10:05:00Z").value();
const Instant kWindowEnd = Instant::ParseRfc3339("2026-11-24T10:15:00Z").value();

record::Record Login(Instant at) {
  record::Activity activity;
  activity.origin.at.at = at;
  activity.event = record::ActivityKind::kLogin;
  activity.account = "acc-1";
  return activity;
}

class CollectSinkTest : public ::testing::Test {
 protected:
  CollectSinkTest() { Start(); }
  void Start() {
    deployment_ = test_.Open();
    sink_ =
        CollectSink::Open({*deployment_, [this](const std::string& text) { said_ += text + "\n"; }}).value();
  }
  Status Take(const std::vector<record::Record>& records) { return sink_->Append(records); }
  // The segments of a stream as another process sees them.
  std::vector<seal::SegmentInfo> Segments(seal::Stream stream) {
    const std::unique_ptr<Deployment> other = test_.Open();
    std::vector<seal::SegmentInfo> segments = other->manifest().All();
    std::erase_if(segments, [&](const seal::SegmentInfo& info) { return info.window.stream != stream; });
    return segments;
  }
  std::size_t CountIn(seal::Stream stream, seal::SegmentState state) {
    const std::vector<seal::SegmentInfo> all = Segments(stream);
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& info) { return info.state == state; }));
  }

  TestDeployment test_;
  std::string said_;
  std::unique_ptr<Deployment> deployment_;
  std::unique_ptr<CollectSink> sink_;
};

TEST_F(CollectSinkTest, KeepsSessionsAndDaysInTwoRunsAndTheStoreIsFreeMeanwhile) {
  ASSERT_TRUE(
      Take({SessionEvent(kCreate, 40'000, kNow), Login(kNow), SessionEvent(kDelete, 40'000, kNow)}).ok());
  const std::vector<seal::SegmentInfo> sessions = Segments(seal::Stream::kNatSession);
  const std::vector<seal::SegmentInfo> days = Segments(seal::Stream::kActivity);
  ASSERT_EQ(sessions.size(), 1U);
  ASSERT_EQ(days.size(), 1U);
  EXPECT_NE(keep::RunOf(sessions.front().id), keep::RunOf(days.front().id));
  EXPECT_EQ(sessions.front().state, seal::SegmentState::kOpen);

  ASSERT_TRUE(sink_->Close().ok()) << said_;
  EXPECT_EQ(CountIn(seal::Stream::kNatSession, seal::SegmentState::kClosed), 1U);
  EXPECT_EQ(CountIn(seal::Stream::kActivity, seal::SegmentState::kClosed), 1U);
  const ledger::Entry& entry = deployment_->ledger().entries().back();
  EXPECT_EQ(entry.type, "collected");
  EXPECT_EQ(entry.fields.at("accepted"), "3");
  EXPECT_EQ(entry.fields.at("runs"), "2");
  EXPECT_EQ(entry.fields.at("failed"), "0");
}

TEST_F(CollectSinkTest, TheRunOfSessionsIsFollowedAfterTheWindowAndItsGraceAndADaysRunIsNot) {
  ASSERT_TRUE(Take({SessionEvent(kCreate, 40'000, kNow), Login(kNow)}).ok());
  sink_->Tick(kWindowEnd + kSessionsGraceNs - 1);
  EXPECT_EQ(sink_->counts().runs, 0U);
  sink_->Tick(kWindowEnd + kSessionsGraceNs + kTickEveryNs);
  EXPECT_EQ(sink_->counts().runs, 1U) << said_;
  EXPECT_EQ(CountIn(seal::Stream::kActivity, seal::SegmentState::kOpen), 1U);
  // What was open went on: with its delete it is one row.
  ASSERT_TRUE(Take({SessionEvent(kDelete, 40'000, kNow + kNsPerMinute)}).ok());
  sink_->Tick(kNow + kDaysCloseEveryNs);
  EXPECT_EQ(sink_->counts().runs, 3U) << said_;
  ASSERT_TRUE(sink_->Close().ok()) << said_;
  std::uint64_t rows = 0;
  std::uint64_t loose = 0;
  for (const seal::SegmentInfo& info : Segments(seal::Stream::kNatSession)) {
    rows += info.rows;
    loose += info.loose;
  }
  EXPECT_EQ(rows, 1U);
  EXPECT_EQ(loose, 0U);
  EXPECT_EQ(sink_->counts().accepted, 3U);
}

TEST_F(CollectSinkTest, WhileSomebodyElseHasTheStoreRowsOfOpenSegmentsAreTaken) {
  ASSERT_TRUE(Take({SessionEvent(kCreate, 40'000, kNow)}).ok());
  std::unique_ptr<Deployment> other = test_.Open();
  EXPECT_TRUE(Take({SessionEvent(kCreate, 40'001, kNow)}).ok());
  EXPECT_EQ(Take({SessionEvent(kCreate, 40'002, kNow - kNsPerHour)}).error().code(), ErrorCode::kStorage);
  sink_->Tick(kWindowEnd + kNsPerMinute);  // due, and in vain
  EXPECT_EQ(sink_->counts().runs, 0U);
  EXPECT_TRUE(Take({SessionEvent(kCreate, 40'003, kNow)}).ok());
  EXPECT_EQ(sink_->counts().accepted, 3U);
  other.reset();
  sink_->Tick(kWindowEnd + 2 * kNsPerMinute);
  EXPECT_EQ(sink_->counts().runs, 1U) << said_;
  ASSERT_TRUE(sink_->Close().ok()) << said_;
}

TEST_F(CollectSinkTest, ABatchThatComesAgainIsTakenOnceInEitherRun) {
  ASSERT_TRUE(Take({SessionEvent(kCreate, 40'000, kNow)}).ok());
  const std::vector<record::Record> mixed{SessionEvent(kCreate, 40'001, kNow), Login(kNow)};
  {
    const std::unique_ptr<Deployment> other = test_.Open();
    EXPECT_FALSE(Take(mixed).ok());
    EXPECT_FALSE(Take(mixed).ok());
  }
  EXPECT_TRUE(Take(mixed).ok());
  EXPECT_EQ(sink_->counts().accepted, 3U);
  EXPECT_TRUE(Take(mixed).ok());  // a new batch that looks the same
  EXPECT_EQ(sink_->counts().accepted, 5U);
}

TEST_F(CollectSinkTest, EventsOfABatchGoToTheRunOfTheirStream) {
  record::NatEventBatch batch;
  ASSERT_TRUE(batch.Add(std::get<record::NatEvent>(SessionEvent(kCreate, 40'000, kNow))));
  auto block = std::get<record::NatEvent>(SessionEvent(record::NatEventKind::kPortBlockAllocate, 1, kNow));
  block.public_port.reset();
  block.port_first = 1024;
  block.port_last = 1535;
  ASSERT_TRUE(batch.Add(block));
  ASSERT_TRUE(sink_->AppendEvents(batch).ok());
  EXPECT_EQ(sink_->counts().accepted, 2U);
  const std::vector<seal::SegmentInfo> sessions = Segments(seal::Stream::kNatSession);
  const std::vector<seal::SegmentInfo> blocks = Segments(seal::Stream::kNatBlock);
  ASSERT_EQ(sessions.size(), 1U);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_NE(keep::RunOf(sessions.front().id), keep::RunOf(blocks.front().id));
}

TEST_F(CollectSinkTest, WhatWasLostStandsWithTheWindowsInWhichItWouldHaveBeen) {
  const Period period{kNow, kNow + kNsPerSecond};
  sink_->NoteLost({period, 7, collect::Carries::kNatEvents});
  sink_->NoteLost({period, 2, collect::Carries::kActivity});
  ASSERT_TRUE(sink_->Close().ok()) << said_;
  const auto lost = [&](seal::Stream stream) {
    const std::vector<seal::SegmentInfo> segments = Segments(stream);
    return segments.size() == 1 ? segments.front().lost_before : 0;
  };
  EXPECT_EQ(lost(seal::Stream::kNatSession), 7U);
  EXPECT_EQ(lost(seal::Stream::kNatBlock), 7U);
  EXPECT_EQ(lost(seal::Stream::kActivity), 2U);
  EXPECT_EQ(deployment_->ledger().entries().back().fields.at("lost"), "9");
}

TEST_F(CollectSinkTest, AnErrorAtACloseLosesNothingAndDoesNotStopTheCollecting) {
  ASSERT_TRUE(Take({SessionEvent(kCreate, 40'000, kNow), SessionEvent(kDelete, 40'000, kNow)}).ok());
  auto& box = dynamic_cast<LentBox&>(deployment_->box());
  ASSERT_TRUE(deployment_->turn().Take().ok());
  box.GiveBack();  // every write into it fails
  sink_->Tick(kWindowEnd + kNsPerMinute);
  EXPECT_NE(said_.find("left to recovery"), std::string::npos) << said_;
  EXPECT_EQ(sink_->counts().failed, 1U);
  deployment_->turn().GiveBack();
  // The run is let go; whoever takes the store next, here the sink itself, closes it by crash.
  ASSERT_TRUE(Take({SessionEvent(kCreate, 40'001, kNow)}).ok());
  const std::vector<seal::SegmentInfo> segments = Segments(seal::Stream::kNatSession);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(CountIn(seal::Stream::kNatSession, seal::SegmentState::kClosedByCrash), 1U);
  for (const seal::SegmentInfo& info : segments) {
    EXPECT_EQ(info.journal.batches, info.state == seal::SegmentState::kClosedByCrash ? 1U : 0U);
  }
  EXPECT_EQ(sink_->counts().accepted, 3U);
  EXPECT_TRUE(sink_->Close().ok()) << said_;
}

TEST_F(CollectSinkTest, AKilledCollectorIsRecoveredByWhoComesNext) {
  ASSERT_TRUE(Take({SessionEvent(kCreate, 40'000, kNow), Login(kNow)}).ok());
  sink_.reset();
  deployment_.reset();
  EXPECT_EQ(CountIn(seal::Stream::kNatSession, seal::SegmentState::kClosedByCrash), 1U);
  EXPECT_EQ(CountIn(seal::Stream::kActivity, seal::SegmentState::kClosedByCrash), 1U);
}

}  // namespace
}  // namespace probatio::cli
