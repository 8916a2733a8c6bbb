#include "keep/recovery.h"

#include <gtest/gtest.h>

#include "keep/test_holdings.h"

namespace probatio::keep {
namespace {

class RecoveryTest : public ::testing::Test {
 protected:
  // A run that dies after `batches` acknowledged batches of one account's activity.
  std::string DeadRun(int batches) {
    ledger::Ledger ledger = world_.OpenLedger();
    Subjects subjects = world_.MakeSubjects();
    const std::unique_ptr<keep::Run> run = keep::Run::Open(world_.Parts(ledger, subjects)).value();
    for (int i = 0; i < batches; ++i) {
      EXPECT_TRUE(run->Append(std::vector{Login("acc-1", now_ - i * kNsPerSecond)}).ok());
    }
    return run->name();
  }
  Result<Recovered> Recover() {
    ledger::Ledger ledger = world_.OpenLedger();
    manifest_ = Manifest::FromLedger(ledger).value();
    return CloseCrashedSegments(ledger, manifest_, world_.journals, world_.clock);
  }

  TestWorld world_;
  Manifest manifest_;
  Instant now_ = world_.clock.Now();
};

TEST_F(RecoveryTest, ADeadRunsSegmentIsClosedByCrashWithItsChain) {
  const std::string run = DeadRun(3);
  const Recovered recovered = Recover().value();
  EXPECT_EQ(recovered.segments, 1U);
  EXPECT_EQ(recovered.batches, 3U);
  EXPECT_EQ(recovered.damaged, 0U);
  const seal::SegmentInfo info = manifest_.All().at(0);
  EXPECT_EQ(info.state, seal::SegmentState::kClosedByCrash);
  EXPECT_EQ(info.journal.batches, 3U);
  EXPECT_EQ(info.journal.digest, crypto::Sha256(world_.journals.files.at(run).back()));
  EXPECT_EQ(RowsOfCrashed(world_, info, Login("acc-1", now_)).value().size(), 3U);
  EXPECT_TRUE(RowsOfCrashed(world_, info, Login("acc-2", now_)).value().empty());
}

TEST_F(RecoveryTest, AJournalShorterThanTheLedgerSaysIsNeverAMiss) {
  const std::string run = DeadRun(2);
  {  // the ledger has named a third batch
    ledger::Ledger ledger = world_.OpenLedger();
    seal::SegmentInfo info = Manifest::FromLedger(ledger).value().All().at(0);
    info.journal.batches = 3;
    info.journal.digest.fill(1);
    ASSERT_TRUE(ledger.Append(JournalHeadEntry(info, now_)).ok());
  }
  EXPECT_EQ(Recover().value().damaged, 1U);
  EXPECT_EQ(manifest_.All().at(0).journal.batches, 3U);
  EXPECT_FALSE(RowsOfCrashed(world_, manifest_.All().at(0), Login("acc-2", now_)).ok());
}

TEST_F(RecoveryTest, AMissingJournalIsSaidAndEveryLookUpFails) {
  const std::string run = DeadRun(2);
  world_.journals.files.erase(run);
  EXPECT_EQ(Recover().value().damaged, 1U);
  const auto rows = RowsOfCrashed(world_, manifest_.All().at(0), Login("acc-1", now_));
  EXPECT_EQ(rows.error().code(), ErrorCode::kStorage);
}

TEST_F(RecoveryTest, ABatchTakenFromTheMiddleIsSaid) {
  const std::string run = DeadRun(3);
  std::vector<Buffer>& batches = world_.journals.files.at(run);
  batches.erase(batches.begin() + 1);
  EXPECT_EQ(Recover().value().damaged, 1U);
}

TEST_F(RecoveryTest, AJournalGoesOnlyWhenNoSegmentNeedsIt) {
  const std::string crashed = DeadRun(1);
  const std::string idle = DeadRun(0);
  world_.journals.files["deadbeef"] = {Buffer(8, 1)};  // the ledger is older than this journal
  std::string closed;
  {
    ledger::Ledger ledger = world_.OpenLedger();
    Subjects subjects = world_.MakeSubjects();
    const std::unique_ptr<keep::Run> run = keep::Run::Open(world_.Parts(ledger, subjects)).value();
    closed = run->name();
    ASSERT_TRUE(run->Append(std::vector{Login("acc-1", now_)}).ok());
    const std::vector<Buffer> journal = world_.journals.files.at(closed);
    ASSERT_TRUE(run->Close().ok());
    world_.journals.files[closed] = journal;  // as if the power went before it was removed
  }
  ASSERT_TRUE(Recover().ok());
  EXPECT_EQ(world_.journals.files.count(crashed), 1U);
  EXPECT_EQ(world_.journals.files.count(idle), 0U);
  EXPECT_EQ(world_.journals.files.count(closed), 0U);
  EXPECT_EQ(world_.journals.files.count("deadbeef"), 1U);
}

// A run that lives while somebody else opens the deployment, closes what is dead, and ends in peace.
TEST_F(RecoveryTest, ALivingRunIsLeftAloneAndADeadOneBesideItIsNot) {
  ledger::Ledger ledger = world_.OpenLedger();
  Subjects subjects = world_.MakeSubjects();
  std::unique_ptr<keep::Run> living = keep::Run::Open(world_.Parts(ledger, subjects)).value();
  const std::unique_ptr<keep::Run> idle = keep::Run::Open(world_.Parts(ledger, subjects)).value();
  ASSERT_TRUE(living->Append(std::vector{Login("acc-1", now_)}).ok());
  const std::string dead = DeadRun(1);
  const Recovered recovered = Recover().value();
  ASSERT_EQ(recovered.segments, 1U);
  EXPECT_EQ(RunOf(recovered.ids.front()), dead);
  EXPECT_EQ(world_.journals.files.count(living->name()), 1U);
  EXPECT_EQ(world_.journals.files.count(idle->name()), 1U);

  ASSERT_TRUE(living->Append(std::vector{Login("acc-1", now_)}).ok());
  EXPECT_EQ(living->Close().value().accepted, 2U);
  EXPECT_EQ(Recover().value().segments, 0U);
  EXPECT_EQ(world_.journals.files.count(living->name()), 0U);
}

TEST_F(RecoveryTest, ARunThatFailedIsDeadOnceNobodyHasIt) {
  ledger::Ledger ledger = world_.OpenLedger();
  Subjects subjects = world_.MakeSubjects();
  std::unique_ptr<keep::Run> run = keep::Run::Open(world_.Parts(ledger, subjects)).value();
  ASSERT_TRUE(run->Append(std::vector{Login("acc-1", now_)}).ok());
  world_.fault = {FaultKind::kOnce, 0, 0};
  EXPECT_FALSE(run->Close().ok());
  EXPECT_EQ(Recover().value().segments, 0U);
  run.reset();
  EXPECT_EQ(Recover().value().segments, 1U);
  EXPECT_EQ(RowsOfCrashed(world_, manifest_.All().at(0), Login("acc-1", now_)).value().size(), 1U);
}

// What a collector noted as lost a minute ago is known though it was killed: also of a window without rows.
TEST_F(RecoveryTest, LossesSurviveAKillOnceTheHeadsAreEntered) {
  const Period period{now_ - kNsPerMinute, now_};
  ledger::Ledger ledger = world_.OpenLedger();
  Subjects subjects = world_.MakeSubjects();
  std::unique_ptr<keep::Run> run = keep::Run::Open(world_.Parts(ledger, subjects)).value();
  ASSERT_TRUE(run->Append(std::vector{Login("acc-1", now_)}).ok());
  run->NoteLost(seal::Stream::kActivity, period, 3);
  run->NoteLost(seal::Stream::kNatSession, period, 5);
  EXPECT_TRUE(run->EnterHeads().ok());  // not a minute yet: nothing is entered
  world_.clock.Set(now_ + kJournalHeadEveryNs);
  ASSERT_TRUE(run->EnterHeads().ok());
  const std::uint64_t size = ledger.size();
  world_.clock.Set(now_ + 2 * kJournalHeadEveryNs);
  ASSERT_TRUE(run->EnterHeads().ok());
  EXPECT_EQ(ledger.size(), size);  // there was nothing new to say
  run.reset();
  EXPECT_EQ(Recover().value().segments, 2U);
  for (const seal::SegmentInfo& info : manifest_.All()) {
    EXPECT_EQ(info.lost_before, info.window.stream == seal::Stream::kActivity ? 3U : 5U);
  }
}

TEST_F(RecoveryTest, ASegmentOpenedAheadTakesItsFirstRowAsAnyOther) {
  ledger::Ledger ledger = world_.OpenLedger();
  Subjects subjects = world_.MakeSubjects();
  const std::unique_ptr<keep::Run> run = keep::Run::Open(world_.Parts(ledger, subjects)).value();
  ASSERT_TRUE(run->Append(std::vector{Session(40'000, now_), Person("acc-1", now_)}).ok());
  const std::uint64_t before = run->counts().segments;
  ASSERT_TRUE(run->OpenAhead(now_ + kNsPerHour).ok());
  EXPECT_EQ(run->counts().segments, before + 1);  // of the stream of sessions alone
  world_.clock.Set(now_ + kNsPerHour);
  ASSERT_TRUE(run->Append(std::vector{Session(40'000, now_ + kNsPerHour)}).ok());
  EXPECT_EQ(run->counts().segments, before + 1);
  EXPECT_EQ(run->Close().value().accepted, 3U);
}

// A journal whose file is damaged in its middle.
class DamagedJournals : public TestJournals {
 public:
  using TestJournals::TestJournals;
  Result<std::vector<Buffer>> Read(const std::string& run) const override {
    if (run == damaged) return StorageError("journal: x.journal: damaged at offset 19");
    return TestJournals::Read(run);
  }
  std::string damaged;
};

TEST_F(RecoveryTest, AnUnreadableJournalIsNamedAfterAllOthersWereClosed) {
  const std::string bad = DeadRun(1);
  DeadRun(1);
  DamagedJournals journals(world_.fault);
  journals.files = world_.journals.files;
  journals.damaged = bad;
  ledger::Ledger ledger = world_.OpenLedger();
  Manifest manifest = Manifest::FromLedger(ledger).value();
  const auto recovered = CloseCrashedSegments(ledger, manifest, journals, world_.clock);
  ASSERT_EQ(recovered.error().code(), ErrorCode::kStorage);
  EXPECT_NE(recovered.error().what().find("offset 19; put the file back"), std::string::npos);
  int open = 0;
  for (const seal::SegmentInfo& info : manifest.All()) {
    if (info.state == seal::SegmentState::kOpen) ++open;
  }
  EXPECT_EQ(open, 1);
}

}  // namespace
}  // namespace probatio::keep
