// Clocks that are wrong: ours steps back by hours, a source's lies in the future. What was acknowledged
// stays, nothing is destroyed early, and nothing that should be said each minute falls silent.
#include <gtest/gtest.h>

#include "keep/test_holdings.h"
#include "keep/test_purge.h"

namespace probatio::keep {
namespace {

std::size_t CountOf(const ledger::Ledger& ledger, const std::string& type) {
  return static_cast<std::size_t>(
      std::count_if(ledger.entries().begin(), ledger.entries().end(),
                    [&](const ledger::Entry& entry) { return entry.type == type; }));
}

TEST(Clock, AVersionFromTheFutureIsRefusedAndEndsNothing) {
  PurgeWorld at;
  keep::Run::Parts parts = at.world.Parts(*at.ledger, *at.subjects);
  const std::unique_ptr<keep::Run> run = keep::Run::Open(std::move(parts)).value();
  ASSERT_TRUE(run->Append(std::vector{AccountOf("acc-1", "2026-11-20T00:00:00Z", std::nullopt)}).ok());
  // Its source's clock is four years ahead, and it says that the account closed last spring.
  const Instant closed = At("2026-05-01T00:00:00Z");
  ASSERT_TRUE(run->Append(std::vector{AccountOf("acc-1", "2030-11-20T00:00:00Z", closed)}).ok());
  EXPECT_EQ(run->counts().from_future, 1U);
  ASSERT_TRUE(run->Close().ok());
  at.Reopen();
  EXPECT_EQ(at.Run().value().subjects, 0U);
  EXPECT_TRUE(at.subjects->Find(record::RecordClass::kAccount, "acc-1").value().wrapped);
}

TEST(Clock, ThatStepsBackByHoursDoesNotSilenceTheJournalHeads) {
  TestWorld world;
  ledger::Ledger ledger = world.OpenLedger();
  Subjects subjects = world.MakeSubjects();
  const std::unique_ptr<keep::Run> run = keep::Run::Open(world.Parts(ledger, subjects)).value();
  ASSERT_TRUE(run->Append(std::vector{Login("acc-1", world.clock.Now())}).ok());
  world.clock.Set(world.clock.Now() - 5 * kNsPerHour);
  ASSERT_TRUE(run->Append(std::vector{Login("acc-2", world.clock.Now())}).ok());
  EXPECT_EQ(CountOf(ledger, "journal_head"), 1U);  // a step is a reason to say it at once
  ASSERT_TRUE(run->Append(std::vector{Login("acc-3", world.clock.Now())}).ok());
  EXPECT_EQ(CountOf(ledger, "journal_head"), 1U);
  world.clock.Set(world.clock.Now() + kJournalHeadEveryNs);
  ASSERT_TRUE(run->Append(std::vector{Login("acc-4", world.clock.Now())}).ok());
  EXPECT_EQ(CountOf(ledger, "journal_head"), 2U);
}

}  // namespace
}  // namespace probatio::keep
