// Clocks that are wrong: ours steps back by hours, a source's lies in the future. What was acknowledged
// stays, nothing is destroyed early, and nothing that should be said each minute falls silent.
#include <gtest/gtest.h>

#include <random>

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
  EXPECT_TRUE(at.subjects->Find(seal::Stream::kAccount, "acc-1").value().wrapped);
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

TEST(Clock, ThatStepsBackWithinADayRefusesNoRecordOfTheWire) {
  TestWorld world;
  ledger::Ledger ledger = world.OpenLedger();
  Subjects subjects = world.MakeSubjects();
  const std::unique_ptr<keep::Run> run = keep::Run::Open(world.Parts(ledger, subjects)).value();
  const Instant now = world.clock.Now();
  ASSERT_TRUE(run->Append(std::vector{Login("acc-1", now)}).ok());
  world.clock.Set(now - kClockStepBackMaxNs);
  ASSERT_TRUE(run->Append(std::vector{Login("acc-2", now + kClockAheadMaxNs)}).ok());
  EXPECT_EQ(run->counts().from_future, 0U);
  ASSERT_TRUE(run->Append(std::vector{Login("acc-3", now + kClockAheadMaxNs + 1)}).ok());
  EXPECT_EQ(run->counts().from_future, 1U);
  // It was a year ahead and comes back: that year has not passed.
  world.clock.Set(now - kClockStepBackMaxNs - 1);
  ASSERT_TRUE(run->Append(std::vector{Login("acc-4", now)}).ok());
  EXPECT_EQ(run->counts().from_future, 2U);
}

// Batches under a clock that jumps both ways, then a close or a death.
void LiveUnderAWildClock(std::uint32_t seed, bool crash) {
  std::mt19937 dice(seed);
  TestWorld world;
  std::vector<record::Record> acknowledged;
  {
    ledger::Ledger ledger = world.OpenLedger();
    Subjects subjects = world.MakeSubjects();
    const std::unique_ptr<keep::Run> run = keep::Run::Open(world.Parts(ledger, subjects)).value();
    const Instant now = world.clock.Now();
    for (int i = 0; i < 12; ++i) {
      world.clock.Set(now + std::uniform_int_distribution<std::int64_t>(-12, 6)(dice) * kNsPerHour);
      const std::string account = "acc-" + std::to_string(i);
      const std::vector<record::Record> batch{
          Login(account, now - i * kNsPerHour, "m-" + std::to_string(i)),
          Session(static_cast<std::uint16_t>(40'000 + i), now - i * kNsPerHour),
          Person(account, now - kNsPerDay)};
      const std::uint64_t before = run->counts().accepted;
      ASSERT_TRUE(run->Append(batch).ok());
      const RunCounts& counts = run->counts();
      EXPECT_EQ(counts.accepted + counts.from_future, 3U * (static_cast<std::uint64_t>(i) + 1));
      if (counts.accepted == before + 3) acknowledged.insert(acknowledged.end(), batch.begin(), batch.end());
    }
    EXPECT_TRUE(crash || run->Close().ok());
  }
  world.clock.Set(world.clock.Now() - 3 * kNsPerDay);
  ledger::Ledger ledger = world.OpenLedger();
  Manifest manifest = Manifest::FromLedger(ledger).value();
  const auto recovered = CloseCrashedSegments(ledger, manifest, world.journals, world.clock);
  ASSERT_TRUE(recovered.ok()) << recovered.error().what();
  EXPECT_EQ(recovered.value().damaged, 0U);
  EXPECT_FALSE(acknowledged.empty());
  for (const record::Record& record : acknowledged) {
    const Holdings held = HoldingsOf(world, manifest, record).value();
    EXPECT_EQ(crash ? held.crashed : held.closed, 1);
  }
}

TEST(Clock, ThatJumpsBothWaysLosesAndDoublesNothing) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    LiveUnderAWildClock(seed, false);
    LiveUnderAWildClock(seed, true);
  }
}

TEST(Clock, ThatIsBehindPurgesNothingEarlyAndTheNextPurgeEndsIt) {
  PurgeWorld at;
  const Instant then = at.world.clock.Now();
  const SegmentId id = at.Add(seal::Stream::kActivity, then);
  const SegmentId dead = at.Add(seal::Stream::kNatBlock, then, true);
  at.world.clock.Set(At("2027-03-01T00:00:00Z"));
  at.pins = {{seal::Stream::kActivity, at.manifest->Get(id)->window.period},
             {seal::Stream::kNatBlock, at.manifest->Get(dead)->window.period}};
  EXPECT_EQ(at.Run().value().held, 2U);  // both move to a key for what is held
  at.pins.clear();
  at.world.clock.Set(then - 400 * kNsPerDay);
  EXPECT_TRUE(at.Run().value().purged.empty());
  EXPECT_TRUE(at.CanRead(id));
  EXPECT_TRUE(at.CanRead(dead));
  at.world.clock.Set(At("2027-03-02T00:00:00Z"));
  EXPECT_EQ(at.Run().value().purged.size(), 2U);
  EXPECT_FALSE(at.CanThiefRead(id));
  EXPECT_FALSE(at.CanThiefRead(dead));
}

TEST(Clock, ThatIsAMonthBehindMakesSubjectsWhoseKeysLiveOn) {
  PurgeWorld at;
  const auto import = [&](const char* holder) {
    const std::vector<record::Record> versions{AccountOf(holder, "2026-11-01T00:00:00Z", std::nullopt)};
    CHECK(at.subjects->NoteEnds(versions, at.world.clock.Now()).ok());
    CHECK(at.subjects->Get(seal::Stream::kAccount, holder).ok());
    return *at.subjects->Find(seal::Stream::kAccount, holder).value().wrapped;
  };
  std::map<std::string, Buffer> wrapped;
  wrapped["acc-1"] = import("acc-1");
  at.world.clock.Set(At("2026-12-02T12:00:00Z"));
  at.Run().value();  // November's key is destroyed, its subjects moved
  at.world.clock.Set(At("2026-11-28T12:00:00Z"));
  wrapped["acc-2"] = import("acc-2");  // under November again, and never under the key that is gone
  for (const char* day : {"2026-11-29T12:00:00Z", "2026-10-29T12:00:00Z", "2026-12-03T12:00:00Z"}) {
    at.world.clock.Set(At(day));
    ASSERT_TRUE(at.Run().ok());
    for (const auto& [holder, key] : wrapped)
      EXPECT_EQ(at.subjects->Find(seal::Stream::kAccount, holder).value().wrapped, key) << day;
  }
}

}  // namespace
}  // namespace probatio::keep
