// The grade of a row whose segment the custodians sealed anew.
#include <gtest/gtest.h>

#include "evidence/disclosure_document.h"

namespace probatio::evidence {
namespace {

SegmentId Id(const std::string& run) {
  return SegmentId::Parse("activity-20241021T000000Z-" + run).value();
}

ledger::EntryProof EntryAt(std::uint64_t index, const std::string& type, const std::string& sources = "") {
  ledger::Entry entry{type, Instant(), {}};
  if (!sources.empty()) entry.fields["sources"] = sources;
  return {ledger::EntryToJson(entry), index, {}, ""};
}

const ledger::EntryProof kOrder = EntryAt(10, "order_received");

Grade GradeWith(ClosingEntries entries) {
  return GradeOf(Id("00c0ffee"), entries, kOrder).value();
}

TEST(ResealedGrade, SealedAnewBeforeTheOrderIsCommittedBeforeIt) {
  EXPECT_EQ(GradeWith({{Id("00c0ffee"), EntryAt(9, "segment_resealed", Id("00000001").text())}}),
            Grade::kCommittedBefore);
}

TEST(ResealedGrade, SealedAnewAfterwardsItIsAsOldAsTheYoungestOfItsOldSegments) {
  const std::string sources = Id("00000001").text() + "," + Id("00000002").text();
  const auto grade_with_youngest_at = [&](std::uint64_t index) {
    return GradeWith({{Id("00c0ffee"), EntryAt(20, "segment_resealed", sources)},
                      {Id("00000001"), EntryAt(3, "segment_closed_by_crash")},
                      {Id("00000002"), EntryAt(index, "segment_closed_by_crash")}});
  };
  EXPECT_EQ(grade_with_youngest_at(9), Grade::kJournalBefore);
  EXPECT_EQ(grade_with_youngest_at(11), Grade::kCommittedAfter);
}

TEST(ResealedGrade, AnOldSegmentThatIsNotShownCountsAsYounger) {
  EXPECT_EQ(GradeWith({{Id("00c0ffee"), EntryAt(20, "segment_resealed", Id("00000001").text())}}),
            Grade::kCommittedAfter);
  EXPECT_EQ(GradeWith({{Id("00c0ffee"), EntryAt(20, "segment_resealed")}}), Grade::kCommittedAfter);
}

TEST(ResealedGrade, OnlyEntriesThatCloseASegmentGiveAGrade) {
  EXPECT_FALSE(GradeOf(Id("00c0ffee"), {{Id("00c0ffee"), EntryAt(3, "segment_replaced")}}, kOrder).ok());
  EXPECT_FALSE(GradeOf(Id("00c0ffee"), {}, kOrder).ok());
}

}  // namespace
}  // namespace probatio::evidence
