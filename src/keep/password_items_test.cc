// Password items: each version under a key of its own, the one before destroyed when the next is
// acknowledged, wherever the power is cut; against somebody who kept every state of the box, has every
// custodian's key, and takes the vault as it is now.
#include <gtest/gtest.h>

#include "keep/outer_layer.h"
#include "keep/password_world.h"
#include "seal/box_key.h"

namespace probatio::keep {
namespace {

constexpr char kAccount[] = "acc-1";

TEST(PasswordItem, ANewVersionDestroysTheOneBeforeAndNothingElse) {
  PasswordWorld at;
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "first", "Night Owl")}).ok());
  const Subjects::Found first = at.Find(kAccount);
  const Subjects::Found account = at.subjects->Find(seal::Stream::kAccount, kAccount).value();
  ASSERT_TRUE(at.CanThiefOpen(first.handle));
  ASSERT_EQ(at.PasswordIn(first), "first");

  at.Later();
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "second")}).ok());
  const Subjects::Found second = at.Find(kAccount);
  EXPECT_NE(second.handle, first.handle);
  EXPECT_TRUE(second.purged);
  EXPECT_EQ(at.PasswordIn(second), "second");
  EXPECT_FALSE(at.CanThiefOpen(first.handle));
  EXPECT_TRUE(at.CanThiefOpen(second.handle));
  // The pseudonym came with the first password, and opens as before.
  EXPECT_EQ(*at.subjects->Find(seal::Stream::kAccount, kAccount).value().wrapped, *account.wrapped);
  EXPECT_EQ(at.ledger->entries().back().type, "segment_closed");
  EXPECT_EQ(at.Entered("passwords_superseded"), 1);
}

TEST(PasswordItem, IsARowOfItsOwnAndTheAccountsRowDoesNotShowIt) {
  PasswordWorld at;
  const record::Record version = at.VersionOf(kAccount, "first", "Night Owl");
  ASSERT_TRUE(at.Import({version}).ok());
  record::Record rest = version;
  std::get<record::Account>(rest).password_verification.reset();
  Manifest manifest = Manifest::FromLedger(*at.ledger).value();
  EXPECT_EQ(HoldingsOf(at.world, manifest, rest).value().closed, 1);
  EXPECT_EQ(HoldingsOf(at.world, manifest, version).value().closed, 0);
}

TEST(PasswordItem, AnEarlierVersionThatArrivesLateIsNotKept) {
  PasswordWorld at;
  const record::Record earlier = at.VersionOf(kAccount, "first");
  at.Later();
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "second")}).ok());
  ASSERT_TRUE(at.Import({earlier}).ok());
  EXPECT_EQ(at.PasswordIn(at.Find(kAccount)), "second");
}

TEST(PasswordItem, OfSeveralVersionsInOneBatchOnlyTheLatestIsKept) {
  PasswordWorld at;
  const record::Record first = at.VersionOf(kAccount, "first");
  at.Later();
  const record::Record second = at.VersionOf(kAccount, "second");
  ASSERT_TRUE(at.Import({second, first, at.VersionOf("acc-2", "other")}).ok());
  EXPECT_EQ(at.PasswordIn(at.Find(kAccount)), "second");
  EXPECT_EQ(at.PasswordIn(at.Find("acc-2")), "other");
  EXPECT_EQ(at.Entered("passwords_superseded"), 0);
}

TEST(PasswordItem, ManyVersionsOfOneHolderAreFoundAgain) {
  PasswordWorld at;
  for (int i = 0; i < 21; ++i) {
    at.Later();
    ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "secret " + std::to_string(i))}).ok());
    ASSERT_EQ(at.PasswordIn(at.Find(kAccount)), "secret " + std::to_string(i));
  }
}

TEST(PasswordItem, WithoutAVaultItIsRefused) {
  TestWorld world;
  ledger::Ledger ledger = world.OpenLedger();
  Subjects subjects = world.MakeSubjects();
  const std::unique_ptr<keep::Run> run = keep::Run::Open(world.Parts(ledger, subjects)).value();
  PasswordWorld at;
  const std::vector<record::Record> batch{at.VersionOf(kAccount, "first")};
  EXPECT_EQ(run->Append(batch).error().code(), ErrorCode::kDenied);
}

TEST(PasswordItem, EndsWithTheAccountWhicheverVersionSaysSo) {
  PasswordWorld at;
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "first", "Night Owl")}).ok());
  const seal::SubjectHandle handle = at.Find(kAccount).handle;
  at.Later();
  record::Account closed;
  closed.origin.at.at = at.world.clock.Now();
  closed.account = kAccount;
  closed.pseudonyms = {"Night Owl"};
  closed.closed_at = at.world.clock.Now();
  ASSERT_TRUE(at.Import({record::Record(closed)}).ok());
  EXPECT_FALSE(IsExpired(at.Find(kAccount), at.world.clock.Now()));

  at.world.clock.Set(at.world.clock.Now() + 40 * kNsPerDay);
  EXPECT_TRUE(IsExpired(at.Find(kAccount), at.world.clock.Now()));
  EXPECT_TRUE(at.CanThiefOpen(handle));
  ASSERT_TRUE(at.RunPurge().ok());
  EXPECT_FALSE(at.CanThiefOpen(handle));  // at once, not when the month ends
  EXPECT_FALSE(at.Find(kAccount).wrapped);
  EXPECT_TRUE(at.Find(kAccount).purged);
}

TEST(PasswordItem, AReplicaThatWasAwayIsDestroyedByTheNextPurge) {
  PasswordWorld at;
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "first")}).ok());
  const seal::SubjectHandle handle = at.Find(kAccount).handle;
  const std::string file = at.replica.path + "/" + kItemKeysFile;
  const std::string copy = at.replica.path + "/copy";
  std::filesystem::copy_file(file, copy);
  at.Later();
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "second")}).ok());
  const Subjects::Found second = at.Find(kAccount);
  std::filesystem::copy_file(copy, file, std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(at.CanThiefOpen(handle));  // from the copy
  ASSERT_TRUE(at.RunPurge().ok());
  EXPECT_FALSE(at.CanThiefOpen(handle));
  EXPECT_EQ(at.PasswordIn(second), "second");
  // The slot that the copy lacked is there again: either folder alone still opens the living one.
  std::filesystem::remove(at.main.path + "/" + kItemKeysFile);
  EXPECT_TRUE(at.CanThiefOpen(second.handle));
}

TEST(PasswordItem, TheBoxCannotPutAnOldVersionInThePlaceOfTheNewOne) {
  PasswordWorld at;
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "first")}).ok());
  const std::string key = seal::SubjectKey(record::RecordClass::kAccount, at.Find(kAccount).handle);
  const Buffer old = at.world.box.entries.at(key);
  at.Later();
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "second")}).ok());
  const std::string now = seal::SubjectKey(record::RecordClass::kAccount, at.Find(kAccount).handle);
  at.world.box.entries[now] = old;
  EXPECT_EQ(at.subjects->Find(seal::Stream::kPassword, kAccount).error().code(), ErrorCode::kCrypto);
}

// One version is acknowledged, the power is cut somewhere in the import of the next.
void CutThePower(FaultKind kind, int n, bool* unhurt) {
  PasswordWorld at;
  ASSERT_TRUE(at.Import({at.VersionOf(kAccount, "first", "Night Owl")}).ok());
  const seal::SubjectHandle first = at.Find(kAccount).handle;
  const Buffer account = *at.subjects->Find(seal::Stream::kAccount, kAccount).value().wrapped;
  at.Later();
  const record::Record next = at.VersionOf(kAccount, "second");
  at.world.fault = {kind, n, 0};
  bool acknowledged = false;
  at.Import({next}, &acknowledged).ok();
  *unhurt = at.world.fault.writes <= n;
  at.Reopen();
  // A folder of the vault that failed for a moment is tried again by the next purge.
  if (kind == FaultKind::kOnce) {
    ASSERT_TRUE(at.RunPurge().ok());
  }

  // Whatever happened, exactly one version opens, and it is the one that is found.
  const Subjects::Found found = at.Find(kAccount);
  ASSERT_TRUE(found.wrapped);
  const bool renewed = found.handle != first;
  EXPECT_TRUE(renewed || !acknowledged);
  EXPECT_EQ(at.CanThiefOpen(first), !renewed);
  EXPECT_TRUE(at.CanThiefOpen(found.handle));
  EXPECT_EQ(at.PasswordIn(found), renewed ? "second" : "first");
  EXPECT_EQ(*at.subjects->Find(seal::Stream::kAccount, kAccount).value().wrapped, account);

  // The source sends again what was not acknowledged.
  ASSERT_TRUE(at.Import({next}).ok());
  EXPECT_EQ(at.PasswordIn(at.Find(kAccount)), "second");
  EXPECT_FALSE(at.CanThiefOpen(first));
  EXPECT_TRUE(!renewed || !at.CanThiefOpen(found.handle));
}

TEST(PasswordItem, WhereverThePowerIsCutOneVersionIsReadableAndNeverTwo) {
  for (const FaultKind kind : {FaultKind::kCrashBefore, FaultKind::kCrashAfter, FaultKind::kOnce}) {
    for (int n = 0;; ++n) {
      SCOPED_TRACE(n);
      bool unhurt = false;
      CutThePower(kind, n, &unhurt);
      if (unhurt || ::testing::Test::HasFailure()) break;
    }
  }
}

TEST(ItemKeys, StandWithinTheirLimit) {
  EXPECT_TRUE(CheckRoomForItems(kItemKeysMax - 2, 2).ok());
  EXPECT_EQ(CheckRoomForItems(kItemKeysMax - 2, 3).error().code(), ErrorCode::kStorage);
}

TEST(ItemSlot, RoundTripsAndShowsEveryDamage) {
  crypto::SeededRandom random(3);
  ItemSlot slot;
  slot.number = 7;
  slot.state = ItemState::kLive;
  slot.handle = {1, 2, 3};
  slot.supersedes = 4;
  slot.key = crypto::RandomKey(random);
  const Buffer bytes = ItemSlotBytes(slot);
  ASSERT_EQ(bytes.size(), kItemSlotBytes);
  const ItemSlot back = ParseItemSlot(bytes, 7).value();
  EXPECT_EQ(back.state, slot.state);
  EXPECT_EQ(back.handle, slot.handle);
  EXPECT_EQ(back.supersedes, slot.supersedes);
  EXPECT_EQ(ToBuffer(back.key.reveal()), ToBuffer(slot.key.reveal()));
  EXPECT_EQ(ParseItemSlot(bytes, 8).error().code(), ErrorCode::kCrypto);  // in another's place
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Buffer damaged = bytes;
    damaged[i] ^= 1;
    EXPECT_FALSE(ParseItemSlot(damaged, 7).ok()) << i;
  }
}

}  // namespace
}  // namespace probatio::keep
