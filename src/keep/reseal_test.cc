// A dead run becomes blocks, many segments become one, and the power may go at any write of it.
#include <gtest/gtest.h>

#include "keep/reseal_build.h"
#include "keep/reseal_pick.h"
#include "keep/reseal_take.h"
#include "keep/test_holdings.h"

namespace probatio::keep {
namespace {

using seal::SegmentInfo;
using seal::SegmentState;

const law::Regime kNoLaw;
const RetentionRules kNoRules(kNoLaw, "");

record::Record Nat(record::NatEventKind kind, std::uint16_t port, Instant at) {
  auto event = std::get<record::NatEvent>(Session(port, at));
  event.event = kind;
  return event;
}
constexpr auto kCreate = record::NatEventKind::kNat44SessionCreate;
constexpr auto kDelete = record::NatEventKind::kNat44SessionDelete;

// The custodians' work without their station: the test world holds all window keys.
struct ResealWorld {
  void Open() {
    ledger_.emplace(world_.OpenLedger());
    manifest_ = Manifest::FromLedger(*ledger_).value();
  }
  // A run that takes all batches and dies, or closes.
  std::string RunOver(const std::vector<std::vector<record::Record>>& batches, bool close) {
    ledger::Ledger ledger = world_.OpenLedger();
    Subjects subjects = world_.MakeSubjects();
    const std::unique_ptr<keep::Run> run = keep::Run::Open(world_.Parts(ledger, subjects)).value();
    for (const auto& batch : batches) EXPECT_TRUE(run->Append(batch).ok());
    if (close) {
      EXPECT_TRUE(run->Close().ok());
    }
    return run->name();
  }
  void Recover() {
    Open();
    ASSERT_TRUE(CloseCrashedSegments(*ledger_, manifest_, world_.journals, world_.clock).ok());
  }

  // Enters the request and builds the answer, as it would come back.
  Result<Buffer> Answer(const std::string& kind, const ResealPick& pick) {
    const std::string run = FreshRunName(*ledger_, world_.random).value();
    const crypto::Digest digest = crypto::Sha256(AsBytes("request " + run));
    const ResealAsked asked{"id-" + run, kind, run, pick.segments, false};
    TRY(ledger_->Append(ResealAskedEntry(asked, digest, world_.clock.Now())));
    const Buffer bytes = TRY(seal::ResealFileBytes("request", pick.parts));
    const seal::ResealFile file = TRY(seal::ParseResealFile(bytes));
    std::vector<seal::WindowKeys> keys;
    std::vector<ResealInput> inputs;
    for (const SegmentInfo& info : pick.segments) keys.emplace_back(world_.window_keys.at(info.id));
    for (std::size_t i = 0; i < pick.segments.size(); ++i) {
      inputs.push_back({&pick.segments[i], &keys[i], file.sources[i]});
    }
    const ResealBuild build{world_.random, run, false, world_.WrapSegments()};
    ResealOutput output;
    if (kind == "rebuild") output = TRY(RebuildSegments(build, inputs));
    if (kind == "merge") output = TRY(MergeSegments(build, inputs));
    if (kind == "verify") output = TRY(VerifySegments(inputs));
    const Buffer body =
        TRY(seal::ResealedBody({digest, output.rows_read, std::move(output.segments), {}, {}}));
    return seal::ResealedBytes(body, {});
  }
  ResealParts Parts() {
    return {world_.box,   *ledger_,
            manifest_,    world_.journals,
            world_.clock, [](const SegmentId&, Bytes inner) -> Result<Buffer> {
              return ToBuffer(inner); }};
  }
  Result<std::vector<SegmentInfo>> Take(const Buffer& answer) {
    seal::Resealed resealed = TRY(seal::ParseResealed(answer));
    const ResealAsked asked = TRY(FindReseal(*ledger_, manifest_, resealed.request));
    return TakeResealed(Parts(), asked, std::move(resealed));
  }
  Status Retire() { return RetireReplaced(world_.box, *ledger_, manifest_, world_.journals, world_.clock); }
  ResealPick Dead() {
    return PickDead(DeadRuns(manifest_, kNoRules, world_.clock.Now()).at(0), world_.journals).value();
  }
  std::size_t CountIn(SegmentState state) {
    const std::vector<SegmentInfo> all = manifest_.All();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const SegmentInfo& info) { return info.state == state; }));
  }
  void ExpectHeldOnce(const std::vector<record::Record>& records, bool closed) {
    for (const record::Record& record : records) {
      const Result<Holdings> held = HoldingsOf(world_, manifest_, record);
      ASSERT_TRUE(held.ok()) << held.error().what();
      EXPECT_EQ(held.value().closed, closed ? 1 : 0);
      EXPECT_EQ(held.value().crashed, closed ? 0 : 1);
    }
  }

  TestWorld world_;
  std::optional<ledger::Ledger> ledger_;
  Manifest manifest_;
  Instant now_ = world_.clock.Now();
  std::vector<record::Record> logins_{Login("acc-1", now_, "m-1"), Login("acc-2", now_ - kNsPerDay),
                                      Login("acc-1", now_ - kNsPerDay, "m-2")};
};
class Reseal : public ::testing::Test, protected ResealWorld {};

TEST_F(Reseal, ADeadRunsRowsStandInBlocksAndItsJournalIsGone) {
  const std::string run = RunOver({{logins_[0]}, {logins_[1], logins_[2]}}, false);
  Recover();
  ExpectHeldOnce(logins_, false);
  const std::vector<SegmentInfo> taken = Take(Answer("rebuild", Dead()).value()).value();
  EXPECT_EQ(taken.size(), 2U);
  ExpectHeldOnce(logins_, true);
  EXPECT_EQ(CountIn(SegmentState::kReplaced), 2U);
  EXPECT_EQ(world_.journals.files.count(run), 0U);
  for (const SegmentInfo& info : manifest_.All()) {
    const bool replaced = info.state == SegmentState::kReplaced;
    EXPECT_EQ(info.retired, replaced);
    EXPECT_EQ(world_.box.entries.count(seal::WrappedKey(info.id)), replaced ? 0U : 1U);
  }
  // The ledger names what each new segment was built from.
  const ledger::Entry& entry = ledger_->entries().at(manifest_.Get(taken[0].id)->closed_index);
  EXPECT_EQ(entry.type, "segment_resealed");
  EXPECT_EQ(entry.fields.at("digests").size(), 2 * 64U + 1);
}

TEST_F(Reseal, ACreateMeetsItsDeleteAsIfTheRunHadNotDied) {
  const Instant begin = At("2026-11-24T09:10:00Z");
  // The delete arrives first, in a batch before: what counts is the instant.
  RunOver({{Nat(kDelete, 40'001, begin + 50 * kNsPerMinute)},
           {Nat(kCreate, 40'001, begin), Nat(kCreate, 40'002, begin + kNsPerMinute)}},
          false);
  Recover();
  const std::vector<SegmentInfo> taken = Take(Answer("rebuild", Dead()).value()).value();
  std::size_t sessions = 0;
  std::size_t carried = 0;
  std::size_t lone = 0;
  std::uint64_t loose = 0;
  for (const SegmentInfo& info : taken) {
    loose += info.loose;
    const std::vector<record::Record> rows = RowsOfClosed(world_, info).value();
    for (const record::Record& row : rows) {
      const auto& event = std::get<record::NatEvent>(row);
      sessions += event.end_at.has_value() ? 1 : 0;
      carried += IsCarriedInto(info.window, row) ? 1 : 0;
      lone += !event.end_at.has_value() && !IsCarriedInto(info.window, row) ? 1 : 0;
    }
  }
  EXPECT_EQ(sessions, 1U);
  EXPECT_EQ(lone, 1U);     // the create that nothing ended
  EXPECT_EQ(loose, 1U);    // and the ledger says so
  EXPECT_EQ(carried, 3U);  // 09:15 to 10:00, of the one that ended
}

TEST_F(Reseal, AJournalThatTheLedgerDoesNotVouchForIsNeverSealed) {
  const std::string run = RunOver({{logins_[0]}, {Login("acc-9", now_)}}, false);
  Recover();
  ResealPick pick = Dead();
  ASSERT_EQ(pick.parts.at(0).size(), 2U);
  ResealPick shorter = pick;
  shorter.parts[0].pop_back();
  EXPECT_FALSE(Answer("rebuild", shorter).ok());
  for (std::size_t at = 0; at < pick.parts[0][0].size(); at += 7) {
    ResealPick flipped = pick;
    flipped.parts[0][0][at] ^= 1U;
    EXPECT_FALSE(Answer("rebuild", flipped).ok()) << at;
  }
  world_.journals.files.at(run).pop_back();
  EXPECT_EQ(Dead().passed_over.size(), 1U);
  EXPECT_TRUE(Dead().segments.empty());
}

TEST_F(Reseal, RowsOfSubjectsStayInTheirJournal) {
  const std::string run = RunOver({{logins_[0], Person("acc-1", now_)}}, false);
  Recover();
  ASSERT_EQ(DeadRuns(manifest_, kNoRules, now_).size(), 1U);
  ASSERT_TRUE(Take(Answer("rebuild", Dead()).value()).ok());
  EXPECT_TRUE(DeadRuns(manifest_, kNoRules, now_).empty());
  EXPECT_EQ(CountIn(SegmentState::kClosedByCrash), 1U);
  EXPECT_EQ(world_.journals.files.count(run), 1U);  // which the identity rows still need
  ExpectHeldOnce({Person("acc-1", now_)}, false);
}

// The power is cut before, and after, every write of taking an answer in; then the program starts again.
TEST(ResealCrash, ThePowerMayGoAtAnyWrite) {
  const auto prepare = [](ResealWorld& it) {
    it.RunOver({{it.logins_[0]}, {it.logins_[1], it.logins_[2]}}, false);
    it.Recover();
    Buffer answer = it.Answer("rebuild", it.Dead()).value();
    it.world_.fault = Fault{};
    return answer;
  };
  ResealWorld whole;
  ASSERT_TRUE(whole.Take(prepare(whole)).ok());
  const int writes = whole.world_.fault.writes;
  ASSERT_GE(writes, 5);
  for (const FaultKind kind : {FaultKind::kCrashBefore, FaultKind::kCrashAfter, FaultKind::kOnce}) {
    for (int n = 0; n < writes; ++n) {
      SCOPED_TRACE(n);
      ResealWorld it;
      const Buffer answer = prepare(it);
      it.world_.fault = {kind, n, 0};
      (void)it.Take(answer).ok();
      it.world_.Restart();
      it.Recover();
      ASSERT_TRUE(it.Retire().ok());
      // Whatever happened, every row is found once, in the one form or in the other.
      const bool switched = it.CountIn(SegmentState::kReplaced) != 0;
      it.ExpectHeldOnce(it.logins_, switched);
      // Again, by somebody who does not know how far it came.
      const auto again = it.Take(answer);
      ASSERT_TRUE(again.ok()) << again.error().what();
      EXPECT_EQ(again.value().empty(), switched);
      it.ExpectHeldOnce(it.logins_, true);
      EXPECT_TRUE(it.world_.journals.files.empty());
      const std::uint64_t size = it.ledger_->size();
      ASSERT_TRUE(it.Take(answer).ok());
      EXPECT_EQ(it.ledger_->size(), size);
    }
  }
}

TEST_F(Reseal, NoBitOfAnAnswerCanFlipUnseen) {
  RunOver({{logins_[0]}}, false);
  Recover();
  const Buffer answer = Answer("rebuild", Dead()).value();
  for (std::size_t at = 0; at < answer.size(); ++at) {
    Buffer flipped = answer;
    flipped[at] ^= 0x10U;
    EXPECT_FALSE(Take(flipped).ok()) << at;
  }
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, answer.size() / 2, answer.size() - 1}) {
    EXPECT_FALSE(Take(Buffer(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(length))).ok());
  }
  EXPECT_TRUE(Take(answer).ok());
}

TEST_F(Reseal, AnAnswerThatIsNotWhatWasAskedForIsRefused) {
  RunOver({{logins_[0]}}, false);
  Recover();
  const Buffer answer = Answer("rebuild", Dead()).value();
  const seal::Resealed good = seal::ParseResealed(answer).value();
  const ResealAsked asked = FindReseal(*ledger_, manifest_, good.request).value();
  const std::uint64_t size = ledger_->size();
  const auto refuses = [&](const std::function<void(seal::Resealed*)>& change) {
    seal::Resealed changed = seal::ParseResealed(answer).value();
    change(&changed);
    EXPECT_FALSE(TakeResealed(Parts(), asked, std::move(changed)).ok());
    EXPECT_EQ(ledger_->size(), size);
  };
  refuses([](seal::Resealed* it) { it->segments.clear(); });
  refuses([](seal::Resealed* it) { it->segments.push_back(it->segments[0]); });
  refuses([](seal::Resealed* it) { it->segments[0].sealed.blocks[0][0] ^= 1U; });
  refuses([](seal::Resealed* it) { it->segments[0].sealed.blocks.pop_back(); });
  refuses([](seal::Resealed* it) { it->segments[0].sealed.leaves[1].last = false; });
  refuses([&](seal::Resealed* it) {
    it->segments[0].id = seal::MakeSegmentId(seal::WindowOf(seal::Stream::kActivity, now_), "0badc0de");
  });
  EXPECT_FALSE(FindReseal(*ledger_, manifest_, crypto::Digest{}).ok());
  // Two answers to two requests for one segment: the second comes too late.
  const Buffer other = Answer("rebuild", Dead()).value();
  ASSERT_TRUE(Take(answer).ok());
  EXPECT_EQ(Take(other).error().code(), ErrorCode::kDenied);
}

TEST_F(Reseal, OneRunHasOneSegmentOfAWindowHoweverOftenRecordsComeLate) {
  const Instant yesterday = now_ - kNsPerDay;
  RunOver({{Login("acc-1", yesterday)}, {Login("acc-2", now_)}, {Login("acc-3", yesterday)}}, true);
  Open();
  EXPECT_EQ(manifest_.All().size(), 2U);
}

TEST_F(Reseal, AWindowOverItsLimitIsNamedAndNothingIsRefused) {
  for (std::size_t i = 0; i < kSegmentsPerWindowMax; ++i) RunOver({{Login("acc-1", now_)}}, true);
  Open();
  EXPECT_TRUE(CrowdedWindows(manifest_, kNoRules, now_, kSegmentsPerWindowMax).empty());
  RunOver({{Login("acc-1", now_)}}, true);  // records are taken all the same
  Open();
  const auto crowded = CrowdedWindows(manifest_, kNoRules, now_, kSegmentsPerWindowMax);
  ASSERT_EQ(crowded.size(), 1U);
  EXPECT_EQ(crowded[0].size(), kSegmentsPerWindowMax + 1);
  ASSERT_TRUE(Take(Answer("merge", PickClosed(crowded[0], world_.box).value()).value()).ok());
  EXPECT_TRUE(CrowdedWindows(manifest_, kNoRules, now_, 1).empty());
  EXPECT_EQ(manifest_.Find(seal::Stream::kActivity, {now_, now_ + 1}).size(), 1U);
  EXPECT_EQ(HoldingsOf(world_, manifest_, Login("acc-1", now_)).value().closed,
            static_cast<int>(kSegmentsPerWindowMax) + 1);
}

TEST_F(Reseal, AMergeKeepsRowsAsTheyWere) {
  const Instant begin = At("2026-11-24T10:01:00Z");
  RunOver({{Nat(kCreate, 40'001, begin), Nat(kCreate, 40'002, begin),
            Nat(kDelete, 40'002, begin + kNsPerMinute)}},
          true);
  RunOver({{Nat(kDelete, 40'001, begin + kNsPerMinute)}}, true);
  Open();
  const auto bytes_of = [&](const std::vector<SegmentInfo>& segments) {
    std::multiset<Buffer> all;
    for (const SegmentInfo& info : segments) {
      const std::vector<record::Record> rows = RowsOfClosed(world_, info).value();
      for (const record::Record& row : rows) all.insert(record::RecordBytes(row));
    }
    return all;
  };
  const std::multiset<Buffer> before = bytes_of(manifest_.All());
  const auto crowded = CrowdedWindows(manifest_, kNoRules, now_, 1);
  const std::vector<SegmentInfo> merged =
      Take(Answer("merge", PickClosed(crowded.at(0), world_.box).value()).value()).value();
  ASSERT_EQ(merged.size(), 1U);
  EXPECT_EQ(merged[0].loose,
            2U);  // a create and a delete that two runs saw: nothing is paired after the fact
  EXPECT_EQ(bytes_of(merged), before);
}

TEST_F(Reseal, AVerificationIsEnteredAndChangesNothingElse) {
  RunOver({{logins_[0]}}, false);
  Recover();
  ASSERT_TRUE(Take(Answer("rebuild", Dead()).value()).ok());
  const std::vector<SegmentInfo> closed = manifest_.Find(seal::Stream::kActivity, {now_, now_ + 1});
  const std::map<std::string, Buffer> box = world_.box.entries;
  ASSERT_TRUE(Take(Answer("verify", PickClosed(closed, world_.box).value()).value()).ok());
  EXPECT_EQ(ledger_->entries().back().type, "segments_verified");
  EXPECT_EQ(world_.box.entries, box);
  // A box that lost a block has nothing to send.
  for (auto& [key, value] : world_.box.entries) {
    if (key.starts_with(seal::BlocksPrefix(closed[0].id))) value[0] ^= 1U;
  }
  EXPECT_EQ(PickClosed(closed, world_.box).value().passed_over.size(), 1U);
}

}  // namespace
}  // namespace probatio::keep
