#include "ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ledger/memory_storage.h"

namespace probatio::ledger {
namespace {

using testing::HasSubstr;

constexpr char kOrigin[] = "probatio.example/platform";

Entry Event(int number) {
  return {"order_event",
          Instant::FromUnixSeconds(1'731'422'240 + number),
          {{"order", "o-" + std::to_string(number)}}};
}

class LedgerTest : public testing::Test {
 protected:
  Ledger Open() { return Ledger::Open(storage_, kOrigin, key_).value(); }
  Error OpenError() { return Ledger::Open(storage_, kOrigin, key_).error(); }
  void Fill(int count) {
    Ledger ledger = Open();
    for (int i = 0; i < count; ++i) ASSERT_EQ(ledger.Append(Event(i)).value(), static_cast<std::uint64_t>(i));
  }

  const crypto::PrivateKey key_ = crypto::PrivateKey::GenerateEd25519();
  MemoryStorage storage_;
};

TEST_F(LedgerTest, WhatWasAppendedIsThereAtItsIndexAfterReopening) {
  Fill(20);
  const Ledger ledger = Open();
  ASSERT_EQ(ledger.size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ledger.entries()[static_cast<std::size_t>(i)], Event(i));
}

TEST_F(LedgerTest, EmptyOpensAndSignsTheEmptyTree) {
  const Ledger ledger = Open();
  const Checkpoint checkpoint =
      OpenCheckpoint(ledger.SignedCheckpoint().value(), ledger.verifier_key()).value();
  EXPECT_EQ(checkpoint, (Checkpoint{kOrigin, 0, crypto::MerkleRoot({})}));
}

TEST_F(LedgerTest, ManyEntriesAreReadInBatches) {
  Ledger ledger = Open();
  std::vector<Entry> entries;
  for (int i = 0; i < 3000; ++i) entries.push_back(Event(i));
  ASSERT_TRUE(ledger.AppendAll(entries).ok());
  EXPECT_EQ(Open().entries(), entries);
}

TEST_F(LedgerTest, EveryAlteredByteOfAnyEntryIsDetectedAndTheEntryNamed) {
  Fill(7);
  for (std::size_t index = 0; index < 7; ++index) {
    const std::string kept = storage_.entries[index];
    for (std::size_t i = 0; i < kept.size(); ++i) {
      storage_.entries[index][i] = static_cast<char>(kept[i] ^ 1);
      const Error error = OpenError();
      EXPECT_EQ(error.code(), ErrorCode::kStorage);
      EXPECT_THAT(error.what(),
                  HasSubstr("entry " + std::to_string(index) + " does not belong to the recorded root"));
      storage_.entries[index] = kept;
    }
  }
  EXPECT_EQ(Open().size(), 7U);
}

TEST_F(LedgerTest, AnEntryReplacedWithItsNotedLeafIsStillDetected) {
  Fill(7);
  storage_.entries[3] = EntryToJson(Event(99));
  storage_.leaves[3] = crypto::LeafHash(AsBytes(storage_.entries[3]));
  EXPECT_EQ(OpenError().what(), "ledger: the entries from 0 to 7 do not lead to the recorded root");
  storage_.leaves.clear();
  EXPECT_EQ(OpenError().what(), "ledger: the entries from 0 to 7 do not lead to the recorded root");
}

TEST_F(LedgerTest, EveryAlteredBitOfTheHeadIsDetected) {
  Fill(7);
  const Head kept = storage_.head;
  for (std::size_t i = 0; i < kept.root.size(); ++i) {
    storage_.head.root[i] ^= 1;
    EXPECT_EQ(OpenError().code(), ErrorCode::kStorage) << i;
    storage_.head = kept;
  }
  for (std::uint64_t size = 0; size < 12; ++size) {
    storage_.head.size = size;
    EXPECT_EQ(Ledger::Open(storage_, kOrigin, key_).ok(), size == 7) << size;
  }
}

TEST_F(LedgerTest, RemovedInsertedAndSwappedEntriesAreDetected) {
  Fill(7);
  const std::vector<std::string> kept = storage_.entries;
  storage_.entries.erase(storage_.entries.begin() + 2);
  EXPECT_EQ(OpenError().what(), "ledger: entry 6 is missing");
  storage_.entries = kept;
  storage_.entries.insert(storage_.entries.begin() + 2, EntryToJson(Event(50)));
  EXPECT_EQ(OpenError().what(), "ledger: entry 2 does not belong to the recorded root");
  storage_.entries = kept;
  storage_.entries.push_back(EntryToJson(Event(50)));
  EXPECT_EQ(OpenError().what(), "ledger: entry 7 lies beyond the recorded head");
  storage_.entries = kept;
  std::swap(storage_.entries[1], storage_.entries[4]);
  EXPECT_EQ(OpenError().what(), "ledger: entry 1 does not belong to the recorded root");
}

TEST_F(LedgerTest, APausedWriterIsRefusedAndTheTreeIsNotForked) {
  Fill(3);
  Ledger paused = Open();
  Ledger other = Open();
  ASSERT_TRUE(other.Append(Event(3)).ok());

  const auto refused = paused.Append(Event(4));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kStorage);
  EXPECT_EQ(refused.error().what(), "ledger: somebody else appended");
  EXPECT_EQ(paused.size(), 3U);
  EXPECT_EQ(storage_.entries.size(), 4U);

  ASSERT_TRUE(paused.Refresh().ok());
  EXPECT_EQ(paused.entries(), other.entries());
  EXPECT_EQ(paused.Append(Event(4)).value(), 4U);
  EXPECT_EQ(Open().size(), 5U);
}

TEST_F(LedgerTest, AFailedAppendLeavesLedgerAndCheckpointAsTheyWere) {
  Fill(3);
  Ledger ledger = Open();
  const std::string before = ledger.SignedCheckpoint().value();
  storage_.next_append_fails = StorageError("disk full");
  EXPECT_EQ(ledger.Append(Event(3)).error().what(), "disk full");
  EXPECT_EQ(ledger.SignedCheckpoint().value(), before);
  EXPECT_EQ(ledger.Append(Event(3)).value(), 3U);
  EXPECT_EQ(Open().size(), 4U);
}

TEST_F(LedgerTest, ARolledBackOrForkedStorageIsNotFollowed) {
  Fill(3);
  Ledger ledger = Open();
  const MemoryStorage kept = storage_;
  storage_ = MemoryStorage();
  EXPECT_THAT(ledger.Refresh().error().what(), HasSubstr("rolled back"));

  storage_ = MemoryStorage();
  Ledger fork = Open();
  for (int i = 10; i < 15; ++i) ASSERT_TRUE(fork.Append(Event(i)).ok());
  EXPECT_EQ(ledger.Refresh().error().code(), ErrorCode::kStorage);
  EXPECT_EQ(ledger.size(), 3U);
  storage_ = kept;
  EXPECT_TRUE(ledger.Refresh().ok());
}

TEST_F(LedgerTest, AnEntryThatBreaksItsRulesIsRefusedAndNothingIsAppended) {
  Ledger ledger = Open();
  const std::vector<Entry> entries{Event(0), {"Bad Type", Instant(), {}}};
  EXPECT_EQ(ledger.AppendAll(entries).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(ledger.size(), 0U);
  EXPECT_TRUE(storage_.entries.empty());
}

TEST_F(LedgerTest, OneAppendTakesAsManyEntriesAsTheLimitAndNotOneMore) {
  Ledger ledger = Open();
  std::vector<Entry> entries(kEntriesPerAppendMax, Event(0));
  EXPECT_TRUE(ledger.AppendAll(entries).ok());
  entries.push_back(Event(0));
  EXPECT_EQ(ledger.AppendAll(entries).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(ledger.size(), kEntriesPerAppendMax);
}

TEST_F(LedgerTest, EveryEntryProvesItselfAloneAndNothingElse) {
  Fill(7);
  const Ledger ledger = Open();
  for (std::uint64_t i = 0; i < 7; ++i) {
    const EntryProof proof = ledger.Prove(i).value();
    const ProvedEntry proved = VerifyEntry(proof, ledger.verifier_key()).value();
    EXPECT_EQ(proved.entry, Event(static_cast<int>(i)));
    EXPECT_EQ(proved.checkpoint.size, 7U);

    EntryProof other_entry = proof;
    other_entry.entry = EntryToJson(Event(99));
    EXPECT_EQ(VerifyEntry(other_entry, ledger.verifier_key()).error().code(), ErrorCode::kCrypto);
    EntryProof other_index = proof;
    other_index.index = (i + 1) % 7;
    EXPECT_EQ(VerifyEntry(other_index, ledger.verifier_key()).error().code(), ErrorCode::kCrypto);
    EntryProof other_path = proof;
    other_path.path[0][0] ^= 1;
    EXPECT_EQ(VerifyEntry(other_path, ledger.verifier_key()).error().code(), ErrorCode::kCrypto);
  }
}

TEST_F(LedgerTest, AnAuditorSeesThatTheNewTreeContinuesTheOld) {
  Fill(5);
  Ledger ledger = Open();
  const Checkpoint old = OpenCheckpoint(ledger.SignedCheckpoint().value(), ledger.verifier_key()).value();
  for (int i = 5; i < 12; ++i) ASSERT_TRUE(ledger.Append(Event(i)).ok());
  const Checkpoint now = OpenCheckpoint(ledger.SignedCheckpoint().value(), ledger.verifier_key()).value();
  const auto proof = ledger.Consistency(old.size);
  EXPECT_TRUE(crypto::VerifyConsistency(old.size, now.size, proof, old.root, now.root).ok());
  EXPECT_FALSE(crypto::VerifyConsistency(old.size, now.size, proof, now.root, now.root).ok());
}

TEST_F(LedgerTest, AnOriginThatCannotNameAKeyIsRefusedBeforeTheFirstEntry) {
  EXPECT_EQ(Ledger::Open(storage_, "two words", key_).error().code(), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace probatio::ledger
