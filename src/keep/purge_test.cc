// The purge over random schedules, with the power cut anywhere, against somebody who kept every state of the
// box.
#include "keep/purge.h"

#include <gtest/gtest.h>

#include <random>

#include "keep/test_purge.h"

namespace probatio::keep {
namespace {

Pin PinOf(const PurgeWorld& at, const SegmentId& id) {
  const seal::SegmentInfo info = *at.manifest->Get(id);
  return {info.window.stream, info.window.period};
}

TEST(Purge, DestroysWhatIsPastItsRetentionAndNothingADayEarlier) {
  PurgeWorld at;
  const SegmentId id = at.Add(seal::Stream::kActivity, At("2026-11-24T10:00:00Z"));
  // The window's last rows, after 23:00 UTC, are of the 25th in Paris: kept to the end of the 25th of
  // December.
  EXPECT_EQ(at.manifest->Get(id)->expires, At("2026-12-25T23:00:00Z"));
  at.world.clock.Set(At("2026-12-25T22:59:59Z"));
  EXPECT_TRUE(at.Run().value().purged.empty());
  EXPECT_TRUE(at.CanRead(id));
  at.world.clock.Set(At("2026-12-25T23:00:00Z"));
  const PurgeResult result = at.Run().value();
  EXPECT_EQ(result.purged, std::vector<SegmentId>{id});
  EXPECT_TRUE(at.manifest->Get(id)->erased);
  EXPECT_FALSE(at.CanThiefRead(id));
  EXPECT_TRUE(at.world.box.entries.empty());
  const std::uint64_t size = at.ledger->size();
  EXPECT_TRUE(at.Run().value().purged.empty());
  EXPECT_EQ(at.ledger->size(), size);  // nothing more to do, and nothing is said
}

TEST(Purge, AHoldKeepsItsWindowAndTheRestOfTheDayGoes) {
  PurgeWorld at;
  const SegmentId held = at.Add(seal::Stream::kNatSession, At("2026-11-24T10:00:00Z"));
  const SegmentId other = at.Add(seal::Stream::kNatSession, At("2026-11-24T10:15:00Z"));
  EXPECT_EQ(at.manifest->Get(held)->erasure_key, at.manifest->Get(other)->erasure_key);
  at.pins = {PinOf(at, held)};
  at.world.clock.Set(At("2027-03-01T00:00:00Z"));
  const PurgeResult result = at.Run().value();
  EXPECT_EQ(result.held, 1U);
  EXPECT_EQ(result.purged, std::vector<SegmentId>{other});
  EXPECT_TRUE(at.CanRead(held));
  EXPECT_FALSE(at.CanThiefRead(other));
  at.Reopen();
  EXPECT_TRUE(at.CanRead(held));
  at.pins.clear();
  EXPECT_EQ(at.Run().value().purged, std::vector<SegmentId>{held});
  EXPECT_FALSE(at.CanThiefRead(held));
}

TEST(Purge, AnUnreachableReplicaLeavesItIncompleteAndTheNextPurgeEndsIt) {
  PurgeWorld at;
  const SegmentId id = at.Add(seal::Stream::kAccess, At("2026-11-24T10:00:00Z"));
  at.world.clock.Set(At("2027-03-01T00:00:00Z"));
  at.Unmount();
  const PurgeResult first = at.Run().value();
  EXPECT_EQ(first.unreachable.size(), 1U);
  EXPECT_TRUE(first.purged.empty());
  EXPECT_EQ(at.manifest->Get(id)->state, seal::SegmentState::kPurged);
  EXPECT_FALSE(at.manifest->Get(id)->erased);
  EXPECT_NE(at.ledger->entries().back().fields.at("unreachable").find(at.replica.path), std::string::npos);
  at.Mount();
  EXPECT_TRUE(at.CanThiefRead(id));  // which is why nobody called it purged
  const PurgeResult second = at.Run().value();
  EXPECT_TRUE(second.unreachable.empty());
  EXPECT_EQ(second.purged, std::vector<SegmentId>{id});
  EXPECT_FALSE(at.CanThiefRead(id));
}

TEST(Purge, AShorterRulePurgesEarlierAndALongerOneDoesNotKeepLonger) {
  PurgeWorld at;
  const SegmentId id = at.Add(seal::Stream::kActivity, At("2026-11-24T10:00:00Z"));
  at.regime.retention[0].months = 2;
  at.world.clock.Set(At("2026-12-25T23:00:00Z"));
  EXPECT_EQ(at.Run().value().purged, std::vector<SegmentId>{id});
  const SegmentId next = at.Add(seal::Stream::kActivity, At("2026-12-25T10:00:00Z"));
  at.regime.retention[0].months = 1;
  at.world.clock.Set(At("2027-01-26T23:00:00Z"));
  EXPECT_EQ(at.Run().value().purged, std::vector<SegmentId>{next});
}

TEST(Purge, ARuleThatIsGoneFromTheRegimePurgesNothingEarly) {
  PurgeWorld at;
  const SegmentId id = at.Add(seal::Stream::kActivity, At("2026-11-24T10:00:00Z"));
  at.regime.retention.clear();
  at.world.clock.Set(At("2026-12-01T00:00:00Z"));
  EXPECT_TRUE(at.Run().value().purged.empty());
  EXPECT_TRUE(at.CanRead(id));
}

TEST(Purge, ADeadRunsJournalGoesWithTheLastSegmentThatNeedsIt) {
  PurgeWorld at;
  const SegmentId id = at.Add(seal::Stream::kActivity, At("2026-11-24T10:00:00Z"), true);
  at.Run().value();
  EXPECT_EQ(at.world.journals.files.count(RunOf(id)), 1U);
  at.world.clock.Set(At("2027-03-01T00:00:00Z"));
  at.Run().value();
  EXPECT_EQ(at.world.journals.files.count(RunOf(id)), 0U);
}

TEST(Purge, AReplicaThatWasAddedLaterGetsTheKeysThatLive) {
  PurgeWorld at;
  at.Add(seal::Stream::kActivity, At("2026-11-24T10:00:00Z"));
  for (const auto& file : std::filesystem::directory_iterator(at.replica.path)) {
    if (file.path().extension() == ".key") std::filesystem::remove(file.path());
  }
  EXPECT_TRUE(at.Run().value().unreachable.empty());
  for (const auto& file : std::filesystem::directory_iterator(at.main.path)) {
    EXPECT_TRUE(std::filesystem::exists(at.replica.path + "/" + file.path().filename().string()));
  }
}

TEST(Purge, AReplicaRestoredFromACopyIsDestroyedAgain) {
  PurgeWorld at;
  const SegmentId id = at.Add(seal::Stream::kActivity, At("2026-11-24T10:00:00Z"));
  const TempFolder copy;
  const auto all =
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing;
  std::filesystem::copy(at.replica.path, copy.path, all);
  at.world.clock.Set(At("2027-03-01T00:00:00Z"));
  at.Run().value();
  std::filesystem::copy(copy.path, at.replica.path, all);
  EXPECT_TRUE(at.CanThiefRead(id));
  at.Run().value();
  EXPECT_FALSE(at.CanThiefRead(id));
}

// One random schedule. Whatever happens: nothing held, and nothing within its time, is unreadable; nothing
// that the ledger calls purged is readable; after a purge that ended, nothing expired and not held is
// readable, even to somebody who kept every state of the box and has every custodian's key.
class Schedule {
 public:
  explicit Schedule(std::uint32_t seed) : dice_(seed) {}

  void Step() {
    switch (Roll(6)) {
      case 0:
        Move();
        break;
      case 1:
      case 2:
        AddOne();
        break;
      case 3:
        Hold();
        break;
      default:
        PurgeOnce();
        break;
    }
    CheckAlways();
  }
  std::uint64_t purged() const { return purged_; }
  std::uint64_t held() const { return held_; }

 private:
  std::int64_t Roll(std::int64_t sides) {
    return std::uniform_int_distribution<std::int64_t>(0, sides - 1)(dice_);
  }

  void Move() {
    const std::int64_t days = Roll(10) == 0 ? -Roll(4) : Roll(25);
    at_.world.clock.Set(at_.world.clock.Now() + days * kNsPerDay + Roll(kNsPerDay));
  }

  void AddOne() {
    constexpr std::array kStreams{seal::Stream::kNatSession, seal::Stream::kNatBlock, seal::Stream::kAccess,
                                  seal::Stream::kActivity};
    const Instant at = at_.world.clock.Now() - Roll(20) * kNsPerDay;
    at_.Add(kStreams[static_cast<std::size_t>(Roll(4))], at, Roll(4) == 0);
  }

  void Hold() {
    if (!at_.pins.empty() && Roll(2) == 0) {
      at_.pins.erase(at_.pins.begin() + Roll(static_cast<std::int64_t>(at_.pins.size())));
    } else if (!at_.inners.empty()) {
      auto one = at_.inners.begin();
      std::advance(one, Roll(static_cast<std::int64_t>(at_.inners.size())));
      at_.pins.push_back(PinOf(at_, one->first));
    }
  }

  void PurgeOnce() {
    if (Roll(2) == 0) {
      const FaultKind kind = Roll(2) == 0 ? FaultKind::kCrashBefore : FaultKind::kCrashAfter;
      at_.world.fault = {kind, static_cast<int>(Roll(40)), 0};
      const Result<PurgeResult> cut = at_.Run();
      at_.Reopen();
      return;
    }
    const Result<PurgeResult> result = at_.Run();
    ASSERT_TRUE(result.ok()) << result.error().what();
    purged_ += result.value().purged.size();
    held_ += result.value().held;
    for (const auto& [id, inner] : at_.inners) {
      const seal::SegmentInfo info = *at_.manifest->Get(id);
      if (!IsExpired(info, at_.rules, at_.world.clock.Now()) || IsPinned(at_.pins, info)) continue;
      EXPECT_TRUE(info.erased) << id.text();
      EXPECT_FALSE(at_.CanThiefRead(id)) << id.text();
    }
  }

  void CheckAlways() {
    for (const auto& [id, inner] : at_.inners) {
      const seal::SegmentInfo info = *at_.manifest->Get(id);
      if (info.state == seal::SegmentState::kPurged) {
        EXPECT_TRUE(!info.erased || !at_.CanThiefRead(id)) << id.text();
      } else {
        EXPECT_TRUE(at_.CanRead(id)) << id.text();
      }
    }
    // A purge may only ever have begun on what was expired and unheld; once readable and held, always
    // readable.
    for (const auto& [id, inner] : at_.inners) {
      const bool purged = at_.manifest->Get(id)->state == seal::SegmentState::kPurged;
      const bool held = IsPinned(at_.pins, *at_.manifest->Get(id));
      EXPECT_FALSE(purged && held && kept_.count(id) > 0) << id.text();
      if (held && !purged) kept_.insert(id);
      if (!held) kept_.erase(id);
    }
  }

  std::mt19937 dice_;
  std::uint64_t purged_ = 0;
  std::uint64_t held_ = 0;
  PurgeWorld at_;
  std::set<SegmentId> kept_;  // held, and readable when the hold met them
};

TEST(Purge, OverRandomSchedulesWithThePowerCutAnywhereKeepsWhatIsHeldAndDestroysTheRest) {
  std::uint64_t purged = 0;
  std::uint64_t held = 0;
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Schedule schedule(seed);
    for (int step = 0; step < 60; ++step) {
      schedule.Step();
      if (::testing::Test::HasFailure()) return;
    }
    purged += schedule.purged();
    held += schedule.held();
  }
  EXPECT_GT(purged, 100U);  // the schedules do meet what they are about
  EXPECT_GT(held, 100U);
}

// ---- Subjects

class SubjectPurgeTest : public ::testing::Test {
 protected:
  void Import(const std::string& holder, std::string_view at, std::optional<Instant> closed = std::nullopt) {
    const std::vector<record::Record> versions{AccountOf(holder, at, closed)};
    ASSERT_TRUE(at_.subjects->NoteEnds(versions, at_.world.clock.Now()).ok());
    ASSERT_TRUE(at_.subjects->Get(seal::Stream::kAccount, holder).ok());
  }
  Subjects::Found Find(const std::string& holder) {
    return at_.subjects->Find(seal::Stream::kAccount, holder).value();
  }
  bool CanThiefRead(const seal::SubjectHandle& handle) {
    return at_.CanOldCopiesOpen(seal::SubjectKey(record::RecordClass::kAccount, handle),
                                OuterContext(record::RecordClass::kAccount, handle),
                                [](Bytes value) { return value.size() > 65 ? value.subspan(65) : Bytes(); });
  }

  PurgeWorld at_;
};

TEST_F(SubjectPurgeTest, AClosedAccountGoesAfterItsRetentionAndItsOldCopiesWhenTheMonthEnds) {
  Import("acc-1", "2026-11-01T00:00:00Z");
  Import("acc-2", "2026-11-01T00:00:00Z");
  const Buffer alive = *Find("acc-2").wrapped;
  const seal::SubjectHandle gone = Find("acc-1").handle;
  Import("acc-1", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z"));
  at_.world.clock.Set(At("2026-12-19T12:00:00Z"));
  EXPECT_EQ(at_.Run().value().subjects, 0U);
  EXPECT_TRUE(Find("acc-1").wrapped);
  at_.world.clock.Set(At("2026-12-21T12:00:00Z"));
  EXPECT_EQ(at_.Run().value().subjects, 1U);
  EXPECT_FALSE(Find("acc-1").wrapped);
  EXPECT_TRUE(Find("acc-1").purged);
  EXPECT_TRUE(CanThiefRead(gone));  // December's key still lives: docs/operate/purge.md says so
  at_.world.clock.Set(At("2027-01-01T12:00:00Z"));
  at_.Run().value();
  EXPECT_FALSE(CanThiefRead(gone));
  EXPECT_EQ(*Find("acc-2").wrapped, alive);
  EXPECT_FALSE(Find("acc-2").purged);
}

TEST_F(SubjectPurgeTest, APinOnTheStreamKeepsEverySubjectOfIt) {
  Import("acc-1", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z"));
  const Buffer key = *Find("acc-1").wrapped;
  at_.pins = {{seal::Stream::kAccount, {At("2026-11-01T00:00:00Z"), At("2026-11-02T00:00:00Z")}}};
  at_.world.clock.Set(At("2027-03-01T12:00:00Z"));
  EXPECT_EQ(at_.Run().value().subjects_held, 1U);
  EXPECT_EQ(*Find("acc-1").wrapped, key);
  at_.pins.clear();
  EXPECT_EQ(at_.Run().value().subjects, 1U);
  EXPECT_FALSE(Find("acc-1").wrapped);
}

TEST_F(SubjectPurgeTest, ALaterVersionWithoutAnEndLiftsItInWhateverOrderTheyArrive) {
  Import("acc-1", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z"));
  Import("acc-1", "2026-11-21T00:00:00Z");
  Import("acc-2", "2026-11-21T00:00:00Z");
  Import("acc-2", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z"));
  at_.world.clock.Set(At("2027-03-01T12:00:00Z"));
  EXPECT_EQ(at_.Run().value().subjects, 0U);
  EXPECT_TRUE(Find("acc-1").wrapped);
  EXPECT_TRUE(Find("acc-2").wrapped);
}

TEST_F(SubjectPurgeTest, AHolderWhoComesBackGetsAFreshHandleAndKey) {
  Import("acc-1", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z"));
  const Subjects::Found before = Find("acc-1");
  at_.world.clock.Set(At("2027-03-01T12:00:00Z"));
  at_.Run().value();
  Import("acc-1", "2027-03-01T12:00:00Z");
  const Subjects::Found after = Find("acc-1");
  EXPECT_TRUE(after.purged);
  ASSERT_TRUE(after.wrapped);
  EXPECT_NE(after.handle, before.handle);
  EXPECT_NE(*after.wrapped, *before.wrapped);
}

TEST_F(SubjectPurgeTest, TheBoxCanNeitherMakeUpATombstoneNorShowAnOldCopyForAnAnswer) {
  Import("acc-1", "2026-11-20T00:00:00Z");
  const std::string key = seal::SubjectKey(record::RecordClass::kAccount, Find("acc-1").handle);
  const Buffer old = at_.world.box.entries.at(key);
  SubjectEntry forged;
  forged.purged = true;
  at_.world.box.entries[key] = SubjectEntryBytes(forged);
  EXPECT_EQ(at_.subjects->Find(seal::Stream::kAccount, "acc-1").error().code(), ErrorCode::kCrypto);
  at_.world.box.entries[key] = old;
  at_.world.clock.Set(At("2027-01-02T12:00:00Z"));
  at_.Run().value();
  at_.world.box.entries[key] = old;
  EXPECT_EQ(at_.subjects->Find(seal::Stream::kAccount, "acc-1").error().code(), ErrorCode::kStorage);
}

TEST(Erasure, NamesTheSubjectWhoseWrappedKeyWasDamagedInTheBox) {
  PurgeWorld at;
  seal::SubjectHandle handle{};
  handle.fill(0x5a);
  Buffer outer = at.erasure->SealSubject(seal::Stream::kAccount, handle, Buffer(48, 1)).value();
  EXPECT_TRUE(at.erasure->OpenSubject(record::RecordClass::kAccount, handle, outer).ok());
  for (const std::size_t place : {std::size_t{0}, outer.size() - 1}) {  // its mark; what is sealed
    Buffer damaged = outer;
    damaged[place] ^= 1;
    const Error error = at.erasure->OpenSubject(record::RecordClass::kAccount, handle, damaged).error();
    EXPECT_EQ(error.code(), ErrorCode::kCrypto) << error.what();
    EXPECT_EQ(error.what().find("subject " + ToHex(handle) + ": "), 0U) << error.what();
  }
}

TEST(SubjectPurge, WhereverThePowerIsCutTheLivingStayReadableAndTheNextPurgeEndsIt) {
  for (const FaultKind kind : {FaultKind::kCrashBefore, FaultKind::kCrashAfter}) {
    for (int n = 0;; ++n) {
      SCOPED_TRACE(n);
      PurgeWorld at;
      const std::vector<record::Record> versions{
          AccountOf("acc-1", "2026-11-20T00:00:00Z", At("2026-11-20T00:00:00Z")),
          AccountOf("acc-2", "2026-11-20T00:00:00Z", std::nullopt)};
      ASSERT_TRUE(at.subjects->NoteEnds(versions, at.world.clock.Now()).ok());
      ASSERT_TRUE(at.subjects->Get(seal::Stream::kAccount, "acc-1").ok());
      ASSERT_TRUE(at.subjects->Get(seal::Stream::kAccount, "acc-2").ok());
      const Buffer alive = *at.subjects->Find(seal::Stream::kAccount, "acc-2").value().wrapped;
      at.world.clock.Set(At("2027-01-02T12:00:00Z"));
      at.world.fault = {kind, n, 0};
      const Result<PurgeResult> cut = at.Run();
      const bool unhurt = at.world.fault.writes <= n;
      at.Reopen();
      EXPECT_EQ(*at.subjects->Find(seal::Stream::kAccount, "acc-2").value().wrapped, alive);
      ASSERT_TRUE(at.Run().ok());
      EXPECT_EQ(*at.subjects->Find(seal::Stream::kAccount, "acc-2").value().wrapped, alive);
      EXPECT_FALSE(at.subjects->Find(seal::Stream::kAccount, "acc-1").value().wrapped);
      if (unhurt || ::testing::Test::HasFailure()) break;
    }
  }
}

}  // namespace
}  // namespace probatio::keep
