#include <gtest/gtest.h>

#include "keep/run_intake.h"
#include "keep/test_holdings.h"

namespace probatio::keep {
namespace {

class RunTest : public ::testing::Test {
 protected:
  void Open() { run_ = keep::Run::Open(world_.Parts(ledger_, subjects_)).value(); }
  Manifest ReadManifest() {
    EXPECT_TRUE(ledger_.Refresh().ok());
    return Manifest::FromLedger(ledger_).value();
  }
  std::vector<ledger::Entry> EntriesOf(const std::string& type) {
    std::vector<ledger::Entry> found;
    for (const ledger::Entry& entry : ledger_.entries()) {
      if (entry.type == type) found.push_back(entry);
    }
    return found;
  }

  TestWorld world_;
  ledger::Ledger ledger_ = world_.OpenLedger();
  Subjects subjects_ = world_.MakeSubjects();
  std::unique_ptr<keep::Run> run_;
  Instant now_ = world_.clock.Now();
};

TEST_F(RunTest, SealsWhatItTookAndEntersItInTheLedger) {
  Open();
  const std::vector<record::Record> records{Login("acc-1", now_ - kNsPerMinute, "m-1"), Session(40'000, now_),
                                            Person("acc-1", now_ - 900 * kNsPerDay)};
  ASSERT_TRUE(run_->Append(records).ok());
  const std::string name = run_->name();
  EXPECT_EQ(world_.journals.files.at(name).size(), 3U);
  const Result<RunCounts> counts = run_->Close();
  ASSERT_TRUE(counts.ok()) << counts.error().what();
  EXPECT_EQ(counts.value().accepted, 3U);
  EXPECT_EQ(counts.value().segments, 3U);
  EXPECT_TRUE(world_.journals.files.empty());

  const Manifest manifest = ReadManifest();
  EXPECT_EQ(EntriesOf("segment_closed").size(), 3U);
  for (const record::Record& record : records) {
    const Result<Holdings> held = HoldingsOf(world_, manifest, record);
    ASSERT_TRUE(held.ok()) << held.error().what();
    EXPECT_EQ(held.value().closed, 1);
  }
}

TEST_F(RunTest, TheWrappedKeyAndTheOpeningAreDurableBeforeTheFirstBatchIsJournaled) {
  Open();
  world_.fault = {FaultKind::kCrashBefore, 2, 0};  // wrapped keys, opening, then the journal fails
  EXPECT_FALSE(run_->Append(std::vector{Login("acc-1", now_)}).ok());
  EXPECT_EQ(world_.box.List(seal::KindPrefix(seal::BoxKind::kWrapped)).value().size(), 1U);
  EXPECT_EQ(EntriesOf("segment_opened").size(), 1U);
  EXPECT_TRUE(world_.journals.files.at(run_->name()).empty());
}

TEST_F(RunTest, OneAppendOpensManySegmentsWithOneWriteAndOneEntryTransaction) {
  Open();
  std::vector<record::Record> records;
  for (int i = 0; i < 300; ++i) records.push_back(Login("acc-1", now_ - i * kNsPerDay));
  const int before = world_.fault.writes;
  ASSERT_TRUE(run_->Append(records).ok());
  EXPECT_EQ(world_.fault.writes - before, 3);  // box, ledger, journal
  EXPECT_EQ(run_->counts().segments, 300U);
  EXPECT_EQ(run_->counts().late, 299U);
}

TEST_F(RunTest, RefusesAndCountsWhatMayNotBeKeptOrFoundOrIsOfTheFuture) {
  Open();
  record::NatEvent exhausted;
  exhausted.origin.at.at = now_;
  exhausted.event = record::NatEventKind::kPortsExhausted;
  auto ended = std::get<record::Identity>(Person("acc-9", now_ - 3000 * kNsPerDay));
  ended.contract_end = now_ - 2500 * kNsPerDay;
  const std::vector<record::Record> records{Login("kept", now_ - 365 * kNsPerDay),
                                            Login("old", now_ - 365 * kNsPerDay - 1),
                                            Login("soon", now_ + kClockAheadMaxNs),
                                            Login("future", now_ + kClockAheadMaxNs + 1),
                                            exhausted,
                                            ended};
  ASSERT_TRUE(run_->Append(records).ok());
  EXPECT_EQ(run_->counts().accepted, 2U);
  EXPECT_EQ(run_->counts().outside_retention, 2U);
  EXPECT_EQ(run_->counts().from_future, 1U);
  EXPECT_EQ(run_->counts().unfindable, 1U);
}

TEST_F(RunTest, ALateRecordGetsALateSegmentAndAnIdentityTheDayOfItsArrival) {
  Open();
  ASSERT_TRUE(run_->Append(std::vector{Session(40'000, now_ - kNsPerHour), Session(40'001, now_),
                                       Person("acc-1", At("2020-01-01T00:00:00Z"))})
                  .ok());
  EXPECT_EQ(run_->counts().late, 1U);
  const Manifest manifest = ReadManifest();
  for (const seal::SegmentInfo& info : manifest.All()) {
    EXPECT_EQ(info.late, info.window.period.end <= now_);
    if (info.window.stream == seal::Stream::kIdentity) {
      EXPECT_TRUE(info.window.period.Contains(now_));
    }
  }
}

TEST_F(RunTest, ARecordThatBreaksALimitRefusesItsBatchByPlaceAndTakesNothing) {
  Open();
  const Status status = run_->Append(std::vector{Login("acc-1", now_), Login("", now_)});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code(), ErrorCode::kInvalid);
  EXPECT_NE(status.error().what().find("record 1"), std::string::npos);
  EXPECT_EQ(run_->counts().accepted, 0U);
  EXPECT_EQ(run_->counts().segments, 0U);
}

TEST_F(RunTest, TakesABatchUpToItsLimit) {
  Open();
  std::vector<record::Record> records(kBatchRecordsMax, Login("acc-1", now_));
  EXPECT_TRUE(run_->Append(records).ok());
  records.push_back(Login("acc-1", now_));
  EXPECT_EQ(run_->Append(records).error().code(), ErrorCode::kInvalid);
  EXPECT_TRUE(run_->Append({}).ok());
}

const record::NatEvent& EventOf(const record::Record& record) {
  return std::get<record::NatEvent>(record);
}

record::NatEventBatch BatchOf(std::span<const record::Record> records) {
  record::NatEventBatch batch;
  for (const record::Record& record : records) CHECK(batch.Add(EventOf(record)));
  return batch;
}

TEST_F(RunTest, EventsOfABatchAreKeptAsRecordsAre) {
  Open();
  record::NatEvent named = EventOf(Session(40'001, now_));
  named.subscriber = "L-000123";
  record::NatEvent block = EventOf(Session(40'002, now_));
  block.event = record::NatEventKind::kPortBlockAllocate;
  block.public_port.reset();
  block.port_first = 1024;
  block.port_last = 1535;
  const std::vector<record::Record> records{Session(40'000, now_ - kNsPerHour), named, block};
  ASSERT_TRUE(run_->AppendEvents(BatchOf(records)).ok());
  ASSERT_TRUE(run_->AppendEvents({}).ok());
  EXPECT_EQ(run_->counts().accepted, 3U);
  ASSERT_TRUE(run_->Close().ok());
  const Manifest manifest = ReadManifest();
  for (const record::Record& record : records) {
    const Result<Holdings> held = HoldingsOf(world_, manifest, record);
    ASSERT_TRUE(held.ok()) << held.error().what();
    EXPECT_EQ(held.value().closed, 1);
  }
}

TEST_F(RunTest, EventsOfABatchPassTheSameDoor) {
  Open();
  record::NatEvent nowhere = EventOf(Session(40'000, now_));
  nowhere.public_ip.reset();
  const std::vector<record::Record> records{
      Session(1, now_ - 366 * kNsPerDay), Session(2, now_ + kClockAheadMaxNs),
      Session(3, now_ + kClockAheadMaxNs + 1), nowhere, Session(4, Instant::FromUnixNs(INT64_MAX))};
  ASSERT_TRUE(run_->AppendEvents(BatchOf(records)).ok());
  EXPECT_EQ(run_->counts().accepted, 1U);
  EXPECT_EQ(run_->counts().outside_retention, 1U);
  EXPECT_EQ(run_->counts().from_future, 2U);
  EXPECT_EQ(run_->counts().unfindable, 1U);

  record::NatEvent endless = EventOf(Session(5, now_));
  endless.subscriber = std::string(2000, 'L');
  const Status status = run_->AppendEvents(BatchOf(std::vector<record::Record>{Session(6, now_), endless}));
  ASSERT_EQ(status.error().code(), ErrorCode::kInvalid);
  EXPECT_NE(status.error().what().find("event 1"), std::string::npos);
  EXPECT_EQ(run_->counts().accepted, 1U);
}

TEST_F(RunTest, TakesABatchOfEventsUpToItsLimit) {
  Open();
  record::NatEventBatch batch = BatchOf(std::vector<record::Record>{Session(40'000, now_)});
  batch.rows.resize(kBatchEventsMax, batch.rows.front());
  EXPECT_TRUE(run_->AppendEvents(batch).ok());
  batch.rows.push_back(batch.rows.front());
  EXPECT_EQ(run_->AppendEvents(batch).error().code(), ErrorCode::kInvalid);
}

TEST(CheckRoom, StandsOnEachSideOfEveryLimit) {
  EXPECT_TRUE(CheckRoom({kOpenRowsMax, kOpenSegmentsMax, seal::kSegmentTokensMax}).ok());
  for (const Room& room : {Room{kOpenRowsMax + 1, 0, 0}, Room{0, kOpenSegmentsMax + 1, 0},
                           Room{0, 0, seal::kSegmentTokensMax + 1}}) {
    EXPECT_EQ(CheckRoom(room).error().code(), ErrorCode::kStorage);
  }
}

TEST_F(RunTest, EntersJournalHeadsOnceAMinute) {
  Open();
  ASSERT_TRUE(run_->Append(std::vector{Login("acc-1", now_)}).ok());
  world_.clock.Set(now_ + kJournalHeadEveryNs - 1);
  ASSERT_TRUE(run_->Append(std::vector{Login("acc-2", now_)}).ok());
  EXPECT_TRUE(EntriesOf("journal_head").empty());
  world_.clock.Set(now_ + kJournalHeadEveryNs);
  ASSERT_TRUE(run_->Append(std::vector{Login("acc-3", now_)}).ok());
  ASSERT_EQ(EntriesOf("journal_head").size(), 1U);
  EXPECT_EQ(EntriesOf("journal_head")[0].fields.at("journal_batches"), "2");
  ASSERT_TRUE(run_->Append(std::vector{Login("acc-4", now_)}).ok());
  EXPECT_EQ(EntriesOf("journal_head").size(), 1U);
}

TEST_F(RunTest, WhatTheExportersLostStandsInTheWindowsItMayConcern) {
  Open();
  ASSERT_TRUE(run_->Append(std::vector{Session(40'000, now_)}).ok());
  run_->NoteLost(seal::Stream::kNatSession, {now_ - 21 * kNsPerMinute, now_}, 12);
  run_->NoteLost(seal::Stream::kNatSession, {now_, now_}, 3);
  ASSERT_TRUE(run_->Close().ok());
  const std::vector<seal::SegmentInfo> found =
      ReadManifest().Find(seal::Stream::kNatSession, {now_ - kNsPerHour, now_ + 1});
  ASSERT_EQ(found.size(), 3U);  // 10:00, and two windows in which nothing was seen but the loss
  EXPECT_EQ(found[0].lost_before, 15U);
  EXPECT_EQ(found[0].rows, 1U);
  EXPECT_EQ(found[1].lost_before, 12U);
  EXPECT_EQ(found[1].rows, 0U);
}

TEST_F(RunTest, ALossWithoutBoundsConcernsABoundedNumberOfWindows) {
  Open();
  run_->NoteLost(seal::Stream::kNatSession, {now_ - 300 * kNsPerDay, now_}, 1);
  ASSERT_TRUE(run_->Close().ok());
  EXPECT_EQ(run_->counts().segments, kLostWindowsMax);
}

TEST_F(RunTest, AClosedRunTakesNothingMore) {
  Open();
  ASSERT_TRUE(run_->Close().ok());
  EXPECT_EQ(run_->Append(std::vector{Login("acc-1", now_)}).error().code(), ErrorCode::kStorage);
  EXPECT_EQ(run_->Close().error().code(), ErrorCode::kStorage);
}

TEST_F(RunTest, ARunBesideAnotherWriterOfTheLedgerStillEntersItsSegments) {
  Open();
  ledger::Ledger other = world_.OpenLedger();
  ASSERT_TRUE(other.Append({"order_received", now_, {{"order", "o-1"}}}).ok());
  EXPECT_TRUE(run_->Append(std::vector{Login("acc-1", now_)}).ok());
  ASSERT_TRUE(other.Refresh().ok());
  ASSERT_TRUE(other.Append({"order_received", now_, {{"order", "o-2"}}}).ok());
  EXPECT_TRUE(run_->Close().ok());
  EXPECT_EQ(EntriesOf("segment_opened").size(), 1U);
  EXPECT_EQ(EntriesOf("segment_closed").size(), 1U);
}

}  // namespace
}  // namespace probatio::keep
