// A disk that fails one read, whichever it is: of the box, a journal, the ledger, the vault, a held file. The
// caller hears of it, nothing is taken for absent, and nothing that lies on the disk suffers.
#include <gtest/gtest.h>

#include "keep/hold_extraction.h"
#include "keep/test_holdings.h"
#include "keep/test_purge.h"

namespace probatio::keep {
namespace {

// Says "which read", and that it was a read that failed.
void ExpectNamed(const Error& error) {
  EXPECT_EQ(error.code(), ErrorCode::kStorage) << error.what();
  const bool ours = error.what().find("test: ") != std::string::npos;
  EXPECT_TRUE(ours || error.what().find("check the disk") != std::string::npos ||
              error.what().find("cannot list: ") != std::string::npos)
      << error.what();
}

// Three batches of two streams, not closed: what a crash leaves.
std::vector<record::Record> DieInARun(TestWorld& world) {
  ledger::Ledger ledger = world.OpenLedger();
  Subjects subjects = world.MakeSubjects();
  const std::unique_ptr<keep::Run> run = keep::Run::Open(world.Parts(ledger, subjects)).value();
  std::vector<record::Record> acknowledged;
  for (int i = 0; i < 3; ++i) {
    const std::string account = "acc-" + std::to_string(i);
    const std::vector<record::Record> batch{Login(account, world.clock.Now()),
                                            Person(account, world.clock.Now() - kNsPerDay)};
    EXPECT_TRUE(run->Append(batch).ok());
    acknowledged.insert(acknowledged.end(), batch.begin(), batch.end());
    world.clock.Set(world.clock.Now() + 40 * kNsPerSecond);
  }
  return acknowledged;
}

TEST(ReadError, InARecoveryClosesNoSegmentAsDamagedAndTheNextOneEndsIt) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    TestWorld world;
    const std::vector<record::Record> acknowledged = DieInARun(world);
    ledger::Ledger ledger = world.OpenLedger();
    Manifest manifest = Manifest::FromLedger(ledger).value();
    world.fault.reads = 0;
    world.fault.read_fails_at = n;
    const auto recovered = CloseCrashedSegments(ledger, manifest, world.journals, world.clock);
    const bool unhurt = world.fault.reads <= n;
    EXPECT_EQ(recovered.ok(), unhurt);
    if (!recovered.ok()) ExpectNamed(recovered.error());
    world.Restart();
    ASSERT_TRUE(ledger.Refresh().ok());
    const auto again = CloseCrashedSegments(ledger, manifest, world.journals, world.clock);
    ASSERT_TRUE(again.ok()) << again.error().what();
    EXPECT_EQ(again.value().damaged, 0U);
    for (const record::Record& record : acknowledged)
      EXPECT_EQ(HoldingsOf(world, manifest, record).value().crashed, 1);
    if (unhurt || ::testing::Test::HasFailure()) break;
  }
}

TEST(ReadError, OfTheLedgerIsNeverAShorterLedger) {
  TestWorld world;
  DieInARun(world);
  const std::uint64_t whole = world.OpenLedger().size();
  for (int n = 0;; ++n) {
    world.fault.reads = 0;
    world.fault.read_fails_at = n;
    const auto ledger =
        ledger::Ledger::Open(world.storage, "probatio.example/test", crypto::PrivateKey::GenerateEd25519());
    if (!ledger.ok()) {
      ExpectNamed(ledger.error());
      continue;
    }
    EXPECT_EQ(ledger.value().size(), whole);
    EXPECT_EQ(world.fault.reads, n);
    break;
  }
}

TEST(ReadError, InARunRefusesTheBatchAndTheNextTryTakesItOnce) {
  int refused = 0;
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    PurgeWorld at;
    std::unique_ptr<keep::Run> run = keep::Run::Open(at.world.Parts(*at.ledger, *at.subjects)).value();
    const Instant now = at.world.clock.Now();
    const std::vector<record::Record> batch{Login("acc-1", now), Person("acc-1", now - kNsPerDay),
                                            Person("acc-2", now - kNsPerDay)};
    at.world.fault.reads = 0;
    at.world.fault.read_fails_at = n;
    const Status appended = run->Append(batch);
    const bool unhurt = at.world.fault.reads <= n;
    EXPECT_TRUE(appended.ok() || !unhurt);
    at.world.Restart();
    if (!appended.ok()) {  // an erasure key that one folder cannot give comes from its replica
      ++refused;
      ExpectNamed(appended.error());
      EXPECT_TRUE(run->Append(batch).ok());
    }
    EXPECT_EQ(run->Close().value().accepted, batch.size());
    const Manifest manifest = Manifest::FromLedger(*at.ledger).value();
    EXPECT_EQ(HoldingsOf(at.world, manifest, batch[0]).value().closed, 1);
    if (unhurt || ::testing::Test::HasFailure()) break;
  }
  EXPECT_GT(refused, 10);
}

// One held and one free window, both expired, one that lives, and a subject whose time is over.
struct PurgeStory {
  PurgeStory() {
    const Instant then = at.world.clock.Now();
    held = at.Add(seal::Stream::kActivity, then);
    free = at.Add(seal::Stream::kNatBlock, then);
    const std::vector<record::Record> versions{
        AccountOf("acc-1", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z")),
        AccountOf("acc-2", "2026-11-20T00:00:00Z", std::nullopt)};
    CHECK(at.subjects->NoteEnds(versions, then).ok());
    CHECK(at.subjects->Get(seal::Stream::kAccount, "acc-1").ok());
    CHECK(at.subjects->Get(seal::Stream::kAccount, "acc-2").ok());
    at.world.clock.Set(At("2027-02-02T12:00:00Z"));
    living = at.Add(seal::Stream::kActivity, at.world.clock.Now());
    const seal::SegmentInfo info = *at.manifest->Get(held);
    at.pins = {{info.window.stream, info.window.period}};
  }
  bool IsSubject(const std::string& holder) {
    return at.subjects->Find(seal::Stream::kAccount, holder).value().wrapped.has_value();
  }
  PurgeWorld at;
  SegmentId held;
  SegmentId free;
  SegmentId living;
};

TEST(ReadError, InAPurgeIsSaidAndTheNextPurgeEndsItWithNothingElseGone) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    PurgeStory story;
    PurgeWorld& at = story.at;
    at.world.fault.reads = 0;
    at.world.fault.read_fails_at = n;
    const Result<PurgeResult> hurt = at.Run();
    const bool unhurt = at.world.fault.reads <= n;
    if (!hurt.ok()) ExpectNamed(hurt.error());
    at.Reopen();
    EXPECT_TRUE(at.CanRead(story.held));
    EXPECT_TRUE(at.CanRead(story.living));
    EXPECT_TRUE(story.IsSubject("acc-2"));
    const Result<PurgeResult> purged = at.Run();
    ASSERT_TRUE(purged.ok()) << purged.error().what();
    EXPECT_TRUE(purged.value().unreachable.empty());
    EXPECT_TRUE(at.CanRead(story.held));
    EXPECT_TRUE(at.CanRead(story.living));
    EXPECT_TRUE(at.manifest->Get(story.free)->erased);
    EXPECT_FALSE(at.CanThiefRead(story.free));
    EXPECT_FALSE(story.IsSubject("acc-1"));
    EXPECT_TRUE(story.IsSubject("acc-2"));
    if (unhurt || ::testing::Test::HasFailure()) {
      EXPECT_GT(n, 20);
      break;
    }
  }
}

TEST(ReadError, OfAHeldFileKeepsThePins) {
  const OrderId order = OrderId::Parse("2024-7").value();
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    TestWorld world;
    ledger::Ledger ledger = world.OpenLedger();
    TempFolder folder;
    FaultDisk disk(world.fault);
    const Buffer content(200'000, 7);
    std::size_t pins = 1;
    const auto extract = [&] {
      return ExtractHold({ledger,
                          {disk, folder.path, 1U << 20},
                          world.clock,
                          [&]() -> Result<std::size_t> { return pins; },
                          [&]() -> Result<ExtractionParts::Made> {
                            return ExtractionParts::Made{content, 1};
                          },
                          [](Bytes) -> Status { return Done{}; },
                          [&]() -> Status {
                            pins = 0;
                            return Done{};
                          }},
                         order);
    };
    world.fault.reads = 0;
    world.fault.read_fails_at = n;
    const auto extraction = extract();
    const bool unhurt = world.fault.reads <= n;
    EXPECT_EQ(extraction.ok(), unhurt);
    if (!extraction.ok()) {
      ExpectNamed(extraction.error());
      EXPECT_EQ(pins, 1U);
    }
    world.Restart();
    const auto done = extract();
    EXPECT_TRUE(unhurt || done.ok()) << done.error().what();
    EXPECT_EQ(pins, 0U);
    if (unhurt || ::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace probatio::keep
