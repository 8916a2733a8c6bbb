#include "keep/vault.h"

#include <gtest/gtest.h>

#include "keep/test_vault.h"

namespace probatio::keep {
namespace {

const law::CivilDate kDay{2027, 11, 25};
constexpr auto kClass = record::RecordClass::kNetwork;

bool Never(const ErasureKeyId&) {
  return false;
}

std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class VaultTest : public ::testing::Test {
 protected:
  Result<NamedErasureKey> Need() { return vault_.Need(ErasureKind::kWindow, kClass, kDay, Never); }
  std::string FileOf(const std::string& folder, const ErasureKeyName& name) const {
    return folder + "/" + IdOf(name).text() + ".key";
  }

  VaultWorld at_;
  Vault vault_ = at_.OpenVault();
};

TEST_F(VaultTest, AKeyIsInEveryFolderBeforeItIsUsedAndIsUsedAgain) {
  const NamedErasureKey made = Need().value();
  EXPECT_EQ(Slurp(FileOf(at_.main.path, made.name)), Slurp(FileOf(at_.replica.path, made.name)));
  EXPECT_EQ(Need().value().name, made.name);
  EXPECT_TRUE(crypto::Equal(vault_.Read(made.name).value().reveal(), made.key.reveal()));
  EXPECT_NE(vault_.Need(ErasureKind::kWindow, kClass, {2027, 11, 26}, Never).value().name, made.name);
  EXPECT_NE(vault_.Need(ErasureKind::kHeld, kClass, kDay, Never).value().name, made.name);
  EXPECT_EQ(vault_.List().value().size(), 3U);
}

TEST_F(VaultTest, ADyingKeyIsNotUsedAgain) {
  const NamedErasureKey made = Need().value();
  const auto dying = [&](const ErasureKeyId& id) { return id == IdOf(made.name); };
  EXPECT_NE(vault_.Need(ErasureKind::kWindow, kClass, kDay, dying).value().name, made.name);
}

TEST_F(VaultTest, AReplicaThatIsNotMountedIsNamedAndNothingIsMade) {
  at_.Unmount();
  const auto refused = Need();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kStorage);
  EXPECT_NE(refused.error().what().find(at_.replica.path), std::string::npos);
  EXPECT_NE(refused.error().what().find("mount it"), std::string::npos);
  EXPECT_TRUE(vault_.List().value().empty());
}

TEST_F(VaultTest, AReplicaOfAnotherDeploymentIsRefused) {
  std::ofstream(at_.replica.path + "/" + kVaultMarkFile) << "probatio-vault/1\n00\n";
  EXPECT_NE(Need().error().what().find("another deployment"), std::string::npos);
}

TEST_F(VaultTest, WhicheverCallOfTheDiskFailsAKeyIsEitherInEveryFolderOrNotHandedOut) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    VaultWorld at;
    Vault vault = at.OpenVault();
    at.world.fault = {FaultKind::kCrashBefore, n, 0};
    const auto made = vault.Need(ErasureKind::kWindow, kClass, kDay, Never);
    const bool unhurt = at.world.fault.writes <= n;
    at.world.Restart();
    if (made.ok()) {
      EXPECT_EQ(Slurp(FileOf(at.main.path, made.value().name)),
                Slurp(FileOf(at.replica.path, made.value().name)));
    }
    // What a crash left in one folder is never taken for a key that is everywhere.
    const NamedErasureKey next = vault.Need(ErasureKind::kWindow, kClass, kDay, Never).value();
    EXPECT_TRUE(std::filesystem::exists(FileOf(at.main.path, next.name)));
    EXPECT_TRUE(std::filesystem::exists(FileOf(at.replica.path, next.name)));
    EXPECT_EQ(made.ok(), unhurt);
    if (unhurt) break;
  }
}

TEST_F(VaultTest, WhicheverCallFailsADestructionIsNotCalledCompleteUntilItIs) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    VaultWorld at;
    Vault vault = at.OpenVault();
    const NamedErasureKey made = vault.Need(ErasureKind::kWindow, kClass, kDay, Never).value();
    at.world.fault = {FaultKind::kCrashBefore, n, 0};
    const Vault::Destroyed first = vault.Destroy(made.name);
    const bool unhurt = at.world.fault.writes <= n;
    EXPECT_EQ(first.complete(), unhurt);
    at.world.Restart();
    EXPECT_TRUE(vault.Destroy(made.name).complete());
    EXPECT_EQ(vault.Read(made.name).error().code(), ErrorCode::kNotFound);
    if (unhurt) break;
  }
}

TEST_F(VaultTest, AnUnreachableReplicaLeavesTheDestructionIncompleteAndNamed) {
  const NamedErasureKey made = Need().value();
  at_.Unmount();
  const Vault::Destroyed destroyed = vault_.Destroy(made.name);
  EXPECT_EQ(destroyed.destroyed, 1U);
  ASSERT_EQ(destroyed.unreachable.size(), 1U);
  EXPECT_NE(destroyed.unreachable.front().find(at_.replica.path), std::string::npos);
  at_.Mount();
  EXPECT_TRUE(vault_.Destroy(made.name).complete());
}

TEST_F(VaultTest, ADamagedCopyIsReadFromAReplicaAndNamedWhenAllAreDamaged) {
  const NamedErasureKey made = Need().value();
  std::string bytes = Slurp(FileOf(at_.main.path, made.name));
  bytes[bytes.size() - 40] = static_cast<char>(bytes[bytes.size() - 40] ^ 1);
  std::ofstream(FileOf(at_.main.path, made.name), std::ios::binary) << bytes;
  EXPECT_TRUE(crypto::Equal(vault_.Read(made.name).value().reveal(), made.key.reveal()));
  std::ofstream(FileOf(at_.replica.path, made.name), std::ios::binary) << bytes;
  const auto damaged = vault_.Read(made.name);
  EXPECT_EQ(damaged.error().code(), ErrorCode::kCrypto);
  EXPECT_NE(damaged.error().what().find(FileOf(at_.main.path, made.name)), std::string::npos);
}

TEST_F(VaultTest, AKeyUnderAnothersNameIsRefused) {
  const NamedErasureKey made = Need().value();
  ErasureKeyName other = made.name;
  other.serial ^= 1;
  std::filesystem::copy_file(FileOf(at_.main.path, made.name), FileOf(at_.main.path, other));
  EXPECT_EQ(vault_.Read(other).error().code(), ErrorCode::kCrypto);
}

TEST_F(VaultTest, AReplicaThatWasAddedLaterIsFilled) {
  const NamedErasureKey made = Need().value();
  std::filesystem::remove(FileOf(at_.replica.path, made.name));
  ASSERT_TRUE(vault_.Spread(made.name).ok());
  EXPECT_EQ(Slurp(FileOf(at_.main.path, made.name)), Slurp(FileOf(at_.replica.path, made.name)));
}

TEST_F(VaultTest, WhateverCuttingOffASpreadLeavesADestructionTakesItToo) {
  for (const FaultKind kind : {FaultKind::kCrashBefore, FaultKind::kCrashAfter}) {
    for (int n = 0;; ++n) {
      SCOPED_TRACE(n);
      VaultWorld at;
      Vault vault = at.OpenVault();
      const NamedErasureKey made = vault.Need(ErasureKind::kWindow, kClass, kDay, Never).value();
      std::filesystem::remove(FileOf(at.replica.path, made.name));
      at.world.fault = {kind, n, 0};
      const bool spread = vault.Spread(made.name).ok();
      at.world.Restart();
      ASSERT_TRUE(vault.Destroy(made.name).complete());
      for (const std::string& folder : {at.main.path, at.replica.path}) {
        for (const auto& entry : std::filesystem::directory_iterator(folder))
          EXPECT_EQ(entry.path().filename(), kVaultMarkFile);
      }
      if (spread || ::testing::Test::HasFailure()) break;
    }
  }
}

TEST_F(VaultTest, AKeyWhoseNameACrashLeftUnsyncedIsUsedOnlyOnceItIsDurable) {
  int met = 0;
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    VaultWorld at;
    Vault dead = at.OpenVault();
    at.world.fault = {FaultKind::kCrashBefore, n, 0};
    const bool made = dead.Need(ErasureKind::kWindow, kClass, kDay, Never).ok();
    at.world.Restart();
    Vault vault = at.OpenVault();
    if (!made && !vault.List().value().empty()) {
      const std::string left = FileOf(at.main.path, vault.List().value().front());
      if (std::filesystem::exists(left)) {
        ++met;
        at.world.fault = {FaultKind::kOnce, 0, 0};
        EXPECT_FALSE(vault.Need(ErasureKind::kWindow, kClass, kDay, Never).ok());  // the folder's sync
        at.world.Restart();
      }
    }
    EXPECT_TRUE(vault.Need(ErasureKind::kWindow, kClass, kDay, Never).ok());
    if (made) break;
  }
  EXPECT_GT(met, 0);
}

TEST_F(VaultTest, AFolderWithoutTheMarkIsNoVaultAndReplicasStandWithinTheirLimit) {
  const TempFolder empty;
  EXPECT_EQ(Vault::Open(empty.path, {}, at_.disk, at_.world.random).error().code(), ErrorCode::kStorage);
  const std::vector<std::string> most(kVaultReplicasMax, at_.replica.path);
  EXPECT_TRUE(Vault::Open(at_.main.path, most, at_.disk, at_.world.random).ok());
  const std::vector<std::string> more(kVaultReplicasMax + 1, at_.replica.path);
  EXPECT_FALSE(Vault::Open(at_.main.path, more, at_.disk, at_.world.random).ok());
}

TEST(ErasureKeyFile, NewerDamagedAndForeignFilesAreRefusedAsSuch) {
  const ErasureKeyName name{ErasureKind::kSubject, record::RecordClass::kIdentity, {2026, 11, 1}, 7};
  const Buffer file = ErasureKeyFile(name, Key(Buffer(32, 5)));
  ASSERT_TRUE(ParseErasureKeyFile(file).ok());
  EXPECT_EQ(ParseErasureKeyFile(file).value().name, name);
  Buffer newer = file;
  newer[9] = 2;
  EXPECT_NE(ParseErasureKeyFile(newer).error().what().find("version 2"), std::string::npos);
  Buffer foreign = file;
  foreign[0] = 'X';
  EXPECT_NE(ParseErasureKeyFile(foreign).error().what().find("not an erasure key"), std::string::npos);
  for (std::size_t i = 10; i < file.size(); ++i) {
    Buffer damaged = file;
    damaged[i] ^= 1;
    EXPECT_EQ(ParseErasureKeyFile(damaged).error().code(), ErrorCode::kCrypto) << i;
  }
  for (std::size_t i = 10; i < file.size(); ++i) EXPECT_FALSE(ParseErasureKeyFile(Bytes(file).first(i)).ok());
}

TEST(ErasureKeyName, IsReadOnlyAsItIsWritten) {
  const ErasureKeyName name{ErasureKind::kHeld, record::RecordClass::kActivity, {2026, 2, 3}, 0xabc};
  EXPECT_EQ(IdOf(name).text(), "held-activity-2026-02-03-0000000000000abc");
  EXPECT_EQ(ParseErasureKeyName(IdOf(name).text()).value(), name);
  for (const char* bad :
       {"", "held", "held-activity", "held-activity-2026-02-03-0000000000000ABC",
        "held-activity-2026-02-30-0000000000000abc", "kept-activity-2026-02-03-0000000000000abc",
        "held-people-2026-02-03-0000000000000abc", "held-activity-2026-02-03-000000000000abc"}) {
    EXPECT_FALSE(ParseErasureKeyName(bad).ok()) << bad;
  }
}

TEST(OuterLayer, OpensOnlyUnderItsKeyAndInItsPlace) {
  crypto::SeededRandom random(3);
  const NamedErasureKey key{{ErasureKind::kWindow, kClass, kDay, 1}, crypto::RandomKey(random)};
  const NamedErasureKey other{{ErasureKind::kWindow, kClass, kDay, 2}, crypto::RandomKey(random)};
  const Buffer here = OuterContext(SegmentId::Parse("nat_block-20261124T000000Z-0000000a").value());
  const Buffer there = OuterContext(SegmentId::Parse("nat_block-20261124T000000Z-0000000b").value());
  const Buffer inner(100, 8);
  const Buffer outer = SealOuter(key, here, inner, random);
  EXPECT_EQ(OuterKeyOf(outer).value(), key.name);
  EXPECT_EQ(OpenOuter(key, here, outer).value(), inner);
  EXPECT_EQ(OpenOuter(key, there, outer).error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(OpenOuter(other, here, outer).error().code(), ErrorCode::kCrypto);
  EXPECT_FALSE(OuterKeyOf(inner).ok());
}

}  // namespace
}  // namespace probatio::keep
