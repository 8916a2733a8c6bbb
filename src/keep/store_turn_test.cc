// A run has the store for moments only, and what needs no store goes on whoever has it.
#include "keep/store_turn.h"

#include <gtest/gtest.h>

#include "keep/test_holdings.h"

namespace probatio::keep {
namespace {

class TestTurn : public StoreTurn {
 public:
  TestTurn() : StoreTurn(false) {}
  bool busy = false;
  int taken = 0;

 private:
  Status DoTake() override {
    if (busy) return StorageError("test: in use by process 1234");
    ++taken;
    return Done{};
  }
  void DoGiveBack() override {}
};

// Nobody touches it but in his turn.
class GuardedBox : public seal::Box {
 public:
  GuardedBox(seal::Box& inner, const StoreTurn& turn) : inner_(inner), turn_(turn) {}
  Status Write(std::span<const seal::BoxEntry> entries) override { return Inner().Write(entries); }
  Status Stage(std::vector<seal::BoxEntry> entries) override { return Inner().Stage(std::move(entries)); }
  Status Settle() override { return Inner().Settle(); }
  Result<std::optional<Buffer>> Read(const std::string& key) const override { return Inner().Read(key); }
  Status Erase(std::span<const std::string> keys) override { return Inner().Erase(keys); }
  Status EraseAll(const std::string& prefix) override { return Inner().EraseAll(prefix); }
  Result<std::vector<std::string>> List(const std::string& prefix) const override {
    return Inner().List(prefix);
  }

 private:
  seal::Box& Inner() const {
    CHECK(turn_.held());
    return inner_;
  }
  seal::Box& inner_;
  const StoreTurn& turn_;
};

class RunInTurn : public ::testing::Test {
 protected:
  RunInTurn() {
    const auto wrap = [this](const Key& key, seal::Stream, const seal::SubjectHandle& handle,
                             std::string_view) -> Result<Buffer> {
      world_.subject_keys[handle] = key.Clone();
      return Buffer(64, 1);
    };
    subjects_.emplace(box_, Key(Buffer(32, 9)), wrap, world_.random);
    run_ = keep::Run::Open({box_,
                            ledger_,
                            world_.journals,
                            *subjects_,
                            world_.retention,
                            world_.clock,
                            world_.random,
                            world_.WrapSegments(),
                            "/tmp",
                            &SystemDisk(),
                            {},
                            false,
                            {},
                            &turn_})
               .value();
  }
  Status Take(const record::Record& record) { return run_->Append(std::vector{record}); }

  TestWorld world_;
  TestTurn turn_;
  GuardedBox box_{world_.box, turn_};
  ledger::Ledger ledger_ = world_.OpenLedger();
  std::optional<Subjects> subjects_;
  std::unique_ptr<keep::Run> run_;
  Instant now_ = world_.clock.Now();
};

TEST_F(RunInTurn, TakesTheStoreForTheFirstRowOfAWindowAndGivesItBack) {
  ASSERT_TRUE(Take(Session(40'000, now_)).ok());
  EXPECT_EQ(turn_.taken, 1);
  EXPECT_FALSE(turn_.held());
  ASSERT_TRUE(Take(Session(40'001, now_)).ok());
  EXPECT_EQ(turn_.taken, 1);
  ASSERT_TRUE(Take(Session(40'002, now_ - kNsPerHour)).ok());
  EXPECT_EQ(turn_.taken, 2);
  ASSERT_TRUE(run_->Close().ok());
  EXPECT_EQ(turn_.taken, 3);
  EXPECT_FALSE(turn_.held());
}

TEST_F(RunInTurn, RowsOfOpenSegmentsAreTakenWhoeverHasTheStore) {
  ASSERT_TRUE(Take(Session(40'000, now_)).ok());
  turn_.busy = true;
  EXPECT_TRUE(Take(Session(40'001, now_)).ok());
  world_.clock.Set(now_ + 2 * kNsPerMinute);  // with a journal head in between
  const std::uint64_t entries = ledger_.size();
  EXPECT_TRUE(Take(Session(40'002, now_)).ok());
  EXPECT_EQ(ledger_.size(), entries + 1);
  EXPECT_EQ(run_->counts().accepted, 3U);
}

TEST_F(RunInTurn, ARowThatNeedsTheStoreIsNotTakenWithoutAndTheErrorSaysWhoHasIt) {
  turn_.busy = true;
  for (const record::Record& record : {Session(40'000, now_), Person("acc-1", now_), Login("acc-1", now_)}) {
    const Status taken = Take(record);
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code(), ErrorCode::kStorage);
    EXPECT_NE(taken.error().what().find("process 1234"), std::string::npos);
  }
  EXPECT_EQ(run_->counts().accepted, 0U);
  EXPECT_EQ(run_->Close().error().code(), ErrorCode::kStorage);
  turn_.busy = false;
  EXPECT_TRUE(Take(Person("acc-1", now_)).ok());
  EXPECT_EQ(run_->Close().value().accepted, 1U);
}

TEST_F(RunInTurn, AVersionOfASubjectNeedsTheStoreThoughItsSegmentIsOpen) {
  ASSERT_TRUE(Take(Person("acc-1", now_)).ok());
  turn_.busy = true;
  EXPECT_FALSE(Take(Person("acc-2", now_)).ok());
  EXPECT_EQ(run_->counts().accepted, 1U);
}

TEST_F(RunInTurn, AHeadIsEnteredThoughSomebodyElseAppendedMeanwhile) {
  ASSERT_TRUE(Take(Session(40'000, now_)).ok());
  ledger::Ledger other = world_.OpenLedger();
  ASSERT_TRUE(other.Append({"order_received", now_, {{"order", "o-1"}}}).ok());
  world_.clock.Set(now_ + 2 * kNsPerMinute);
  EXPECT_TRUE(Take(Session(40'001, now_)).ok());
  EXPECT_EQ(ledger_.entries().back().type, "journal_head");
  EXPECT_EQ(ledger_.size(), other.size() + 1);
}

TEST_F(RunInTurn, AnErrorAfterItsTurnBeganGivesTheStoreBack) {
  world_.fault = {FaultKind::kOnce, 0, 0};  // the wrapped key
  EXPECT_FALSE(Take(Session(40'000, now_)).ok());
  EXPECT_FALSE(turn_.held());
  EXPECT_TRUE(Take(Session(40'000, now_)).ok());
}

}  // namespace
}  // namespace probatio::keep
