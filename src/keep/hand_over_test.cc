// What becomes of a session that begins under one run of a collector and ends under another.
#include <gtest/gtest.h>

#include "keep/reseal_build.h"
#include "keep/test_holdings.h"

namespace probatio::keep {
namespace {

using record::NatEventKind;

class HandOver : public ::testing::Test {
 protected:
  HandOver() {
    world_.clock.Set(At("2026-11-24T10:05:00Z"));
    run_ = OpenRun();
  }
  std::unique_ptr<keep::Run> OpenRun() { return keep::Run::Open(world_.Parts(ledger_, subjects_)).value(); }
  void Take(NatEventKind kind, std::uint16_t port, const char* at) {
    auto event = std::get<record::NatEvent>(Session(port, At(at)));
    event.event = kind;
    if (world_.clock.Now() < At(at)) world_.clock.Set(At(at));
    ASSERT_TRUE(run_->Append(std::vector<record::Record>{event}).ok());
  }
  void Create(std::uint16_t port, const char* at) { Take(NatEventKind::kNat44SessionCreate, port, at); }
  void Delete(std::uint16_t port, const char* at) { Take(NatEventKind::kNat44SessionDelete, port, at); }
  void HandOverAt(const char* at) {
    world_.clock.Set(At(at));
    std::unique_ptr<keep::Run> next = OpenRun();
    ASSERT_TRUE(run_->Close(next.get()).ok());
    run_ = std::move(next);
  }
  // "10:15 create", "11:00 session": each row of each closed segment, by window.
  std::vector<std::string> Rows(std::uint64_t* loose = nullptr) {
    EXPECT_TRUE(manifest_.Refresh(ledger_).ok());
    std::vector<std::string> rows;
    for (const seal::SegmentInfo& info : manifest_.All()) {
      if (info.state != seal::SegmentState::kClosed) continue;
      if (loose != nullptr) *loose += info.loose;
      const std::vector<record::Record> held = RowsOfClosed(world_, info).value();
      for (const record::Record& row : held) {
        const auto& event = std::get<record::NatEvent>(row);
        const std::string window = info.window.period.begin.ToRfc3339().substr(8, 8);
        const bool ends = record::NatureOf(event.event) == record::Nature::kEnds;
        rows.push_back(window + (event.end_at.has_value() ? " session" : ends ? " delete" : " create"));
      }
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  using Texts = std::vector<std::string>;

  TestWorld world_;
  ledger::Ledger ledger_ = world_.OpenLedger();
  Subjects subjects_ = world_.MakeSubjects();
  Manifest manifest_;
  std::unique_ptr<keep::Run> run_;
};

TEST_F(HandOver, ASessionThatEndsUnderTheNextRunIsOneRowInTheWindowOfItsEnd) {
  Create(40'000, "2026-11-24T10:05:00Z");
  HandOverAt("2026-11-24T10:15:30Z");
  EXPECT_EQ(Rows(), Texts{});
  EXPECT_EQ(run_->counts().taken_over, 1U);
  EXPECT_EQ(run_->counts().accepted, 0U);
  Delete(40'000, "2026-11-24T10:20:00Z");
  ASSERT_TRUE(run_->Close().ok());
  std::uint64_t loose = 0;
  EXPECT_EQ(Rows(&loose), (Texts{"24T10:15 session"}));
  EXPECT_EQ(loose, 0U);
}

TEST_F(HandOver, ASessionIsCarriedOnceIntoEachWindowThatItLastsThroughByWhoeverHasItThen) {
  Create(40'000, "2026-11-24T10:05:00Z");
  HandOverAt("2026-11-24T10:15:30Z");
  HandOverAt("2026-11-24T10:30:30Z");
  EXPECT_EQ(Rows(), (Texts{"24T10:15 create"}));
  HandOverAt("2026-11-24T10:40:00Z");  // in the middle of a window
  HandOverAt("2026-11-24T11:20:00Z");  // after some
  EXPECT_EQ(Rows(), (Texts{"24T10:15 create", "24T10:30 create", "24T10:45 create", "24T11:00 create"}));
  Delete(40'000, "2026-11-24T11:35:00Z");
  ASSERT_TRUE(run_->Close().ok());
  std::uint64_t loose = 0;
  EXPECT_EQ(Rows(&loose), (Texts{"24T10:15 create", "24T10:30 create", "24T10:45 create", "24T11:00 create",
                                 "24T11:15 create", "24T11:30 session"}));
  EXPECT_EQ(loose, 0U);
}

TEST_F(HandOver, ADeleteThatComesLateStillMeetsItsCreate) {
  Create(40'000, "2026-11-24T10:05:00Z");
  HandOverAt("2026-11-24T10:15:30Z");
  Delete(40'000, "2026-11-24T10:14:59Z");
  ASSERT_TRUE(run_->Close().ok());
  EXPECT_EQ(Rows(), (Texts{"24T10:00 session"}));
}

TEST_F(HandOver, ACreateOlderThanAnyQuestionLooksIsFiledLooseOnceAndLeft) {
  Create(40'000, "2026-11-24T10:05:00Z");
  HandOverAt("2026-11-25T10:05:00Z");  // its age is the limit itself
  EXPECT_EQ(run_->counts().taken_over, 1U);
  HandOverAt("2026-11-25T10:05:01Z");
  EXPECT_EQ(run_->counts().taken_over, 0U);
  ASSERT_TRUE(run_->Close().ok());
  std::uint64_t loose = 0;
  const Texts rows = Rows(&loose);
  EXPECT_EQ(loose, 1U);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), "24T10:00 create"), 1);
}

TEST_F(HandOver, AtAGracefulEndWhatIsOpenIsLooseInItsOwnWindow) {
  Create(40'000, "2026-11-24T10:05:00Z");
  HandOverAt("2026-11-24T10:15:30Z");
  ASSERT_TRUE(run_->Close().ok());
  std::uint64_t loose = 0;
  const Texts rows = Rows(&loose);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), "24T10:00 create"), 1);
  EXPECT_EQ(loose, 1U);
}

TEST_F(HandOver, WhenTheNextRunCannotTakeItTheRunGoesOn) {
  Create(40'000, "2026-11-24T10:05:00Z");
  world_.clock.Set(At("2026-11-24T10:15:30Z"));
  for (int write = 0; write < 3; ++write) {  // its wrapped key, its entry, its journal
    std::unique_ptr<keep::Run> next = OpenRun();
    world_.fault = {FaultKind::kOnce, write, 0};
    EXPECT_FALSE(run_->Close(next.get()).ok());
    EXPECT_TRUE(run_->lives());
    world_.Restart();
  }
  Delete(40'000, "2026-11-24T10:20:00Z");
  ASSERT_TRUE(run_->Close().ok());
  EXPECT_EQ(Rows(), (Texts{"24T10:15 session"}));
}

// The custodians rebuild a run that died with what was handed to it: nothing of it is lost.
TEST_F(HandOver, ADeadRunIsRebuiltWithWhatItWasHanded) {
  Create(40'000, "2026-11-24T10:05:00Z");
  Create(40'001, "2026-11-24T10:06:00Z");
  HandOverAt("2026-11-24T10:15:30Z");
  Delete(40'001, "2026-11-24T10:40:00Z");
  run_.reset();  // killed
  ASSERT_TRUE(manifest_.Refresh(ledger_).ok());
  ASSERT_TRUE(CloseCrashedSegments(ledger_, manifest_, world_.journals, world_.clock).ok());
  std::vector<seal::SegmentInfo> dead = manifest_.All();
  std::erase_if(dead, [](const auto& info) { return info.state != seal::SegmentState::kClosedByCrash; });
  const KeptJournals archive(world_.journals);
  std::vector<std::vector<Buffer>> batches;
  std::vector<std::vector<Bytes>> parts;
  std::vector<seal::WindowKeys> keys;
  for (const seal::SegmentInfo& info : dead) {
    batches.push_back(archive.Batches(info.id).value());
    parts.emplace_back(batches.back().begin(), batches.back().end());
    keys.emplace_back(world_.window_keys.at(info.id));
  }
  std::vector<ResealInput> inputs;
  for (std::size_t i = 0; i < dead.size(); ++i) inputs.push_back({&dead[i], &keys[i], parts[i]});
  const ResealOutput output =
      RebuildSegments({world_.random, "0000000a", false, world_.WrapSegments()}, inputs).value();
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> segments;  // rows, loose
  for (const seal::ResealedSegment& segment : output.segments) {
    segments[segment.id.text().substr(12, 16)] = {segment.rows, segment.loose};
  }
  using Counts = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_EQ(segments["20261124T100000Z"], Counts(1, 1));  // the create that has not ended
  EXPECT_EQ(segments["20261124T101500Z"], Counts(1, 0));  // the other, carried
  EXPECT_EQ(segments["20261124T103000Z"], Counts(1, 0));  // and as one row where it ended
}

}  // namespace
}  // namespace probatio::keep
