// The power is cut, or the disk is full, at every single write of a run's life.
#include <gtest/gtest.h>

#include "keep/test_holdings.h"

namespace probatio::keep {
namespace {

// Four batches over three streams and several windows, with a journal head in between, then the close.
// Returns what was acknowledged.
std::vector<record::Record> LiveARun(TestWorld& world, bool retry, bool* closed) {
  std::vector<record::Record> acknowledged;
  ledger::Ledger ledger = world.OpenLedger();
  Subjects subjects = world.MakeSubjects();
  Result<std::unique_ptr<keep::Run>> run = keep::Run::Open(world.Parts(ledger, subjects));
  if (!run.ok() && retry) run = keep::Run::Open(world.Parts(ledger, subjects));
  if (!run.ok()) return acknowledged;
  const Instant now = world.clock.Now();
  for (int i = 0; i < 4; ++i) {
    const std::string account = "acc-" + std::to_string(i);
    const std::vector<record::Record> batch{
        Login(account, now, "m-" + std::to_string(i)),
        Session(static_cast<std::uint16_t>(40'000 + i), now - i * kNsPerHour),
        Person(account, now - kNsPerDay)};
    Status appended = run.value()->Append(batch);
    if (!appended.ok() && retry) appended = run.value()->Append(batch);
    if (appended.ok()) acknowledged.insert(acknowledged.end(), batch.begin(), batch.end());
    world.clock.Set(world.clock.Now() + 40 * kNsPerSecond);
  }
  *closed = run.value()->Close().ok();
  return acknowledged;
}

int WritesOfAWholeRun() {
  TestWorld world;
  bool closed = false;
  LiveARun(world, false, &closed);
  EXPECT_TRUE(closed);
  return world.fault.writes;
}

void ExpectNothingLostOrDoubled(TestWorld& world, const std::vector<record::Record>& acknowledged) {
  world.Restart();
  ledger::Ledger ledger = world.OpenLedger();
  Manifest manifest = Manifest::FromLedger(ledger).value();
  const Result<Recovered> recovered = CloseCrashedSegments(ledger, manifest, world.journals, world.clock);
  ASSERT_TRUE(recovered.ok()) << recovered.error().what();
  EXPECT_EQ(recovered.value().damaged, 0U);
  for (const seal::SegmentInfo& info : manifest.All()) EXPECT_NE(info.state, seal::SegmentState::kOpen);
  for (const record::Record& record : acknowledged) {
    const Result<Holdings> held = HoldingsOf(world, manifest, record);
    ASSERT_TRUE(held.ok()) << held.error().what();
    EXPECT_EQ(held.value().closed + held.value().crashed, 1);
  }
  // Again: nothing more to do, and nothing is done.
  const std::uint64_t size = ledger.size();
  const Result<Recovered> again = CloseCrashedSegments(ledger, manifest, world.journals, world.clock);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.value().segments, 0U);
  EXPECT_EQ(ledger.size(), size);
}

TEST(Crash, BeforeAnyWriteLosesNothingThatWasAcknowledged) {
  const int writes = WritesOfAWholeRun();
  ASSERT_GT(writes, 10);
  for (int n = 0; n <= writes; ++n) {
    SCOPED_TRACE(n);
    TestWorld world;
    world.fault = {FaultKind::kCrashBefore, n, 0};
    bool closed = false;
    const std::vector<record::Record> acknowledged = LiveARun(world, false, &closed);
    EXPECT_EQ(closed, n == writes);
    ExpectNothingLostOrDoubled(world, acknowledged);
  }
}

TEST(Crash, AfterAnyWriteLosesNothingThatWasAcknowledged) {
  const int writes = WritesOfAWholeRun();
  for (int n = 0; n < writes; ++n) {
    SCOPED_TRACE(n);
    TestWorld world;
    world.fault = {FaultKind::kCrashAfter, n, 0};
    bool closed = false;
    ExpectNothingLostOrDoubled(world, LiveARun(world, false, &closed));
  }
}

TEST(FullDisk, AtAnyWriteIsAnErrorOnceAndTheRunGoesOn) {
  const int writes = WritesOfAWholeRun();
  for (int n = 0; n < writes; ++n) {
    SCOPED_TRACE(n);
    TestWorld world;
    world.fault = {FaultKind::kOnce, n, 0};
    bool closed = false;
    const std::vector<record::Record> acknowledged = LiveARun(world, true, &closed);
    EXPECT_EQ(acknowledged.size(), 12U);  // every batch went in, at the second try at the latest
    ExpectNothingLostOrDoubled(world, acknowledged);
  }
}

TEST(FullDisk, NamesStorageAsTheReason) {
  TestWorld world;
  ledger::Ledger ledger = world.OpenLedger();
  Subjects subjects = world.MakeSubjects();
  const std::unique_ptr<keep::Run> run = keep::Run::Open(world.Parts(ledger, subjects)).value();
  world.fault = {FaultKind::kOnce, 2, 0};  // the journal
  const std::vector<record::Record> batch{Login("acc-1", world.clock.Now())};
  EXPECT_EQ(run->Append(batch).error().code(), ErrorCode::kStorage);
  EXPECT_EQ(run->counts().accepted, 0U);
  EXPECT_TRUE(run->Append(batch).ok());
  EXPECT_TRUE(run->Close().ok());
}

}  // namespace
}  // namespace probatio::keep
