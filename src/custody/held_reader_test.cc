// What retention took from the windows, the order that held it still gets from its hold's file, with the same
// proofs; and nobody gets what the file was never asked for, what came after it, or another order's file.
#include "custody/held_reader.h"

#include <gtest/gtest.h>

#include "custody/keeping_reader.h"
#include "custody/test_world.h"

namespace probatio::custody::test {
namespace {

using record::RecordClass;
using seal::Stream;

// An order whose rows were extracted; then the windows are purged.
class HeldReaderTest : public ::testing::Test {
 protected:
  HeldReaderTest() {
    day_ = world_.Add(PlatformDay());
    world_.Add({IdentityOf("u-77", "Lefèvre"), IdentityOf("u-12", "Martin")});
  }

  // Reads what the plan of line L1 would, and seals it, as an extraction does.
  void Extract() {
    SealedReader sealed = world_.Reader();
    KeepingReader keeping(sealed);
    const order::Grant grant = world_.approved.Grant();
    light_ = keeping.Read(grant, {ForMessage()}).value().rows.at(0);
    CHECK(keeping.Read(grant, {ForAccount(light_)}).ok());
    CHECK(keeping.Read(grant, {ForIdentity()}).ok());
    std::map<RecordClass, Buffer> contents;
    for (const auto& [record_class, reads] : ByClass(keeping.reads())) {
      contents[record_class] = ToBuffer(AsBytes(HeldReadsToJson(reads).value()));
    }
    const HeldFacts facts{OrderId::Parse("example-1").value(), kNow, 2, {"L1"}};
    file_ = SealHeld(
                facts, contents, [&](RecordClass) { return world_.set; }, world_.random)
                .value()
                .file;
    entry_ = world_.ledger.Append({"hold_extracted", kNow, {{"order", "example-1"}}}).value();
  }
  void Purge() {
    world_.box.values.clear();
    for (seal::SegmentInfo& info : world_.directory.segments) info.state = seal::SegmentState::kPurged;
    world_.subjects.clear();
  }

  resolve::LookUp ForIdentity() const {
    return {"L1",
            seal::ForSubject("u-77"),
            {Stream::kIdentity},
            {Instant::FromUnixSeconds(0), kMonth.end},
            light_};
  }

  HeldReader Reader() {
    return HeldReader(world_.Parts(), [this]() -> Result<HeldReader::File> {
      ++files_read_;
      return HeldReader::File{file_, entry_};
    });
  }
  Result<resolve::Found> Read(const std::vector<resolve::LookUp>& look_ups) {
    return Reader().Read(world_.approved.Grant(), look_ups);
  }

  World world_;
  SegmentId day_;
  seal::ProvenRow light_;
  Buffer file_;
  std::uint64_t entry_ = 0;
  int files_read_ = 0;
};

std::vector<std::string> NotesOf(const resolve::Found& found) {
  std::vector<std::string> notes;
  for (const resolve::Gap& gap : found.gaps) notes.push_back(gap.note);
  return notes;
}

TEST_F(HeldReaderTest, GivesPurgedRowsWithTheProofsOfTheirDay) {
  Extract();
  const resolve::Found before = world_.Read({ForAccount(light_)}).value();
  Purge();
  EXPECT_EQ(NotesOf(world_.Read({ForAccount(light_)}).value()), std::vector<std::string>{"activity: purged"});
  const resolve::Found after = Read({ForAccount(light_)}).value();
  ASSERT_EQ(after.rows.size(), before.rows.size());
  for (std::size_t i = 0; i < after.rows.size(); ++i) {
    EXPECT_EQ(after.rows[i].record, before.rows[i].record);
    EXPECT_EQ(after.rows[i].proof->segment_root, world_.directory.Get(day_)->root);
  }
  EXPECT_TRUE(after.gaps.empty());
  EXPECT_GT(after.segments_searched, 0U);
}

TEST_F(HeldReaderTest, AsksForEachSectionOnceAndEntersTheRequestBefore) {
  Extract();
  Purge();
  world_.custodians.exchanges = 0;
  HeldReader reader = Reader();
  const order::Grant grant = world_.approved.Grant();
  const seal::ProvenRow light = reader.Read(grant, {ForMessage()}).value().rows.at(0);
  EXPECT_EQ(world_.custodians.last_entry_was.type, "custody_request");
  EXPECT_EQ(world_.custodians.last_entry_was.fields.at("segments"), "0");
  ASSERT_TRUE(reader.Read(grant, {ForAccount(light)}).ok());
  EXPECT_EQ(world_.custodians.exchanges, 1);  // the same section
  EXPECT_EQ(reader.Read(grant, {ForIdentity()}).value().rows.size(), 1U);
  EXPECT_EQ(world_.custodians.exchanges, 2);
  EXPECT_EQ(files_read_, 1);
}

TEST_F(HeldReaderTest, LeavesTheFileAloneWhileTheWindowsGiveAll) {
  Extract();
  EXPECT_EQ(Read({ForAccount(light_)}).value().rows.size(), 2U);
  EXPECT_EQ(files_read_, 0);
}

TEST_F(HeldReaderTest, AnswersFromBothWhenSomeWindowsAreGone) {
  const SegmentId second =
      world_.Add({ActivityAt("2024-10-22T08:00:00Z", "u-77", record::ActivityKind::kLogin)});
  Extract();
  world_.directory.segments.front().state = seal::SegmentState::kPurged;
  const resolve::Found found = Read({ForAccount(light_)}).value();
  ASSERT_EQ(found.rows.size(), 3U);  // the login of the 22nd stands in both and is said once
  EXPECT_EQ(found.rows.back().segment, second);
  EXPECT_TRUE(found.gaps.empty());
}

TEST_F(HeldReaderTest, ARowThatIsPastItsDayInItsWindowComesFromTheFile) {
  Extract();
  world_.retention.oldest = kMonth.end;
  EXPECT_EQ(Read({ForAccount(light_)}).value().rows.size(), 2U);
}

TEST_F(HeldReaderTest, WhatWasNeverAskedStaysOutsideRetention) {
  Extract();
  Purge();
  const resolve::LookUp other{"L3", seal::ForAccount("u-77"), {Stream::kActivity}, kMonth, std::nullopt};
  const resolve::Found found = Read({other}).value();
  EXPECT_TRUE(found.rows.empty());
  ASSERT_EQ(found.gaps.size(), 2U);
  EXPECT_EQ(found.gaps.back().kind, resolve::GapKind::kOutsideRetention);
  EXPECT_EQ(found.gaps.back().note, "activity: not in the order's hold, and may no longer be read");
}

TEST_F(HeldReaderTest, WhatArrivedAfterTheExtractionStaysAGap) {
  Extract();
  SegmentOptions late;
  late.run = "00000002";
  world_.Add({ActivityAt("2024-10-21T11:00:00Z", "u-77", record::ActivityKind::kLogin)}, late);
  world_.directory.segments.back().opened_index = entry_ + 1;
  Purge();
  const resolve::Found found = Read({ForAccount(light_)}).value();
  EXPECT_EQ(found.rows.size(), 2U);
  EXPECT_EQ(NotesOf(found),
            std::vector<std::string>{"activity: what arrived after the order's hold was extracted"});
}

TEST_F(HeldReaderTest, ARowOfADeadSegmentStillLeadsOnInsideTheFile) {
  world_.directory.segments.clear();
  SegmentOptions dead;
  dead.run = "00000003";
  dead.crash = true;
  world_.Add(PlatformDay(), dead);
  Extract();
  ASSERT_FALSE(light_.proof.has_value());
  Purge();
  const seal::ProvenRow light = Read({ForMessage()}).value().rows.at(0);
  EXPECT_EQ(Read({ForAccount(light)}).value().rows.size(), 2U);
}

TEST_F(HeldReaderTest, AGrantToPreserveReadsTheWindowsOnly) {
  Extract();
  Purge();
  world_.approved.scope.kind = order::GrantKind::kPreserve;
  world_.approved.signed_scope = {order::ScopeToJson(world_.approved.scope), {}};
  for (const Approver& approver : world_.approvers)
    world_.approved.signed_scope.approvals.push_back(Sign(approver, world_.approved.signed_scope.scope_json));
  EXPECT_TRUE(Read({ForMessage()}).value().rows.empty());
  EXPECT_EQ(files_read_, 0);
}

TEST_F(HeldReaderTest, AStayWhilePeopleDeliberateEndsIt) {
  Extract();
  Purge();
  world_.custodians.meanwhile = [this] { world_.life.stayed = true; };
  EXPECT_EQ(Read({ForMessage()}).error().what(), "grant: the order is stayed");
}

TEST_F(HeldReaderTest, RefusesATruncatedAnAlteredAndAForeignFile) {
  Extract();
  Purge();
  const Buffer whole = file_;
  file_.resize(whole.size() - 1);
  EXPECT_EQ(Read({ForMessage()}).error().code(), ErrorCode::kInvalid);
  file_ = whole;
  file_[whole.size() / 2] ^= 1;
  EXPECT_EQ(Read({ForMessage()}).error().code(), ErrorCode::kCrypto);
  const HeldFacts other{OrderId::Parse("example-2").value(), kNow, 0, {}};
  file_ = SealHeld(
              other, {}, [&](RecordClass) { return world_.set; }, world_.random)
              .value()
              .file;
  EXPECT_EQ(Read({ForMessage()}).error().what(), "hold's file: is of order example-2, not of example-1");
  // Another order's sections under this order's name: the custodians' shares say whose they are.
  for (std::size_t i = 0; i + 9 <= file_.size(); ++i) {
    if (AsText(Bytes(file_).subspan(i, 9)) == "example-2") file_[i + 8] = '1';
  }
  const crypto::Digest digest = crypto::Sha256(Bytes(file_).first(file_.size() - 32));
  std::copy(digest.begin(), digest.end(), file_.end() - 32);
  const Error refused = Read({ForMessage()}).error();
  EXPECT_EQ(refused.code(), ErrorCode::kCrypto);
  EXPECT_NE(refused.what().find("hold's section activity"), std::string::npos) << refused.what();
}

TEST_F(HeldReaderTest, RefusesARowWhoseRootIsNotTheLedgers) {
  Extract();
  Purge();
  world_.directory.segments.front().root.fill(7);
  const Error refused = Read({ForMessage()}).error();
  EXPECT_EQ(refused.code(), ErrorCode::kCrypto);
  EXPECT_NE(refused.what().find("the ledger holds another root"), std::string::npos) << refused.what();
}

}  // namespace
}  // namespace probatio::custody::test
