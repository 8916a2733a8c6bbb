// Tuple to holder to subscriber to identity, on invented people, under true grants.
#include <gtest/gtest.h>

#include "resolve/example_rows.h"
#include "resolve/resolver.h"

namespace probatio::resolve {
namespace {

using record::Face;
using record::SessionEventKind;
using seal::Stream;

FakeReader Operator() {
  FakeReader reader;
  reader.Keep(SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"));
  reader.Keep(SessionDelete("2024-10-21T08:15:00Z", "10.0.0.1"));
  reader.Keep(Access(SessionEventKind::kStart, "2024-10-20T07:00:00Z", "5F2A", "L-000123"));
  reader.Keep(Access(SessionEventKind::kStop, "2024-10-21T20:00:00Z", "5F2A", "L-000123"));
  reader.Keep(IdentityFrom("2020-01-01T00:00:00Z", "L-000123", "+33199000001"));
  reader.Keep(IdentityFrom("2020-01-01T00:00:00Z", "L-000124", "+33199000002"));
  return reader;
}

LineAnswer Answer(FakeReader& reader, std::int64_t error_ns = 0, Limits limits = {}) {
  const order::Grant grant = GrantFor({LineOf("L1", TupleSubject(error_ns), {"surname", "phone"})});
  const auto answers = Resolver(reader, limits).Resolve(grant);
  EXPECT_TRUE(answers.ok()) << answers.error().what();
  return answers.value().at(0);
}

Period Around0814(std::int64_t before, std::int64_t after) {
  return {ExampleTuple().at - before, ExampleTuple().at + after};
}

TEST(OperatorPlan, ATupleLeadsToOneSubscriberAndHisIdentity) {
  FakeReader reader = Operator();
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  ASSERT_EQ(answer.candidates.size(), 1U);
  EXPECT_EQ(answer.candidates[0].name, "L-000123");
  ASSERT_EQ(answer.candidates[0].supports.size(), 5U);
  EXPECT_EQ(answer.candidates[0].supports[0].faces, (std::set<Face>{Face::kWhat, Face::kWho}));
  EXPECT_EQ(answer.candidates[0].supports[2].why, "access session of the inside address");
  EXPECT_EQ(answer.candidates[0].supports[4].faces,
            (std::set<Face>{Face::kHead, Face::kSurname, Face::kPhones}));
  EXPECT_EQ(answer.offsets.unchanged_from_ns, -63 * kNsPerSecond);
  EXPECT_TRUE(answer.gaps.empty());
}

TEST(OperatorPlan, EachStepRestsOnTheRowOfTheStepBefore) {
  FakeReader reader = Operator();
  Answer(reader);
  ASSERT_EQ(reader.asked().size(), 4U);
  EXPECT_FALSE(reader.asked()[0].because.has_value());
  EXPECT_FALSE(reader.asked()[1].because.has_value());
  EXPECT_TRUE(std::holds_alternative<record::NatEvent>(reader.asked()[2].because.value().record));
  EXPECT_TRUE(std::holds_alternative<record::AccessSession>(reader.asked()[3].because.value().record));
}

TEST(OperatorPlan, ASubscriberInTheNatEventItselfNeedsNoAccessSession) {
  FakeReader reader;
  record::NatEvent create = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  create.subscriber = "L-000123";
  reader.Keep(create);
  reader.Keep(IdentityFrom("2020-01-01T00:00:00Z", "L-000123", "+33199000001"));
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.candidates.at(0).name, "L-000123");
  EXPECT_EQ(answer.candidates[0].supports.size(), 2U);
  EXPECT_FALSE(reader.Asked(Stream::kAccess));
}

TEST(OperatorPlan, TwoHoldersAreBothListedAndNobodyIsIdentified) {
  FakeReader reader = Operator();
  record::NatEvent other = SessionCreate("2024-10-21T08:12:00Z", "10.0.0.2");
  other.subscriber = "L-000124";
  reader.Keep(other);
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kAmbiguous);
  EXPECT_EQ(answer.candidates.size(), 2U);
  EXPECT_FALSE(reader.Asked(Stream::kIdentity));
}

TEST(OperatorPlan, ADeploymentMayChooseToIdentifyEveryCandidate) {
  FakeReader reader = Operator();
  record::NatEvent other = SessionCreate("2024-10-21T08:12:00Z", "10.0.0.2");
  other.subscriber = "L-000124";
  reader.Keep(other);
  Limits limits;
  limits.identify_every_candidate = true;
  const LineAnswer answer = Answer(reader, 0, limits);
  EXPECT_EQ(answer.certainty, Certainty::kAmbiguous);
  for (const Candidate& candidate : answer.candidates) {
    EXPECT_TRUE(std::holds_alternative<record::Identity>(candidate.supports.back().row.record));
  }
}

TEST(OperatorPlan, TwoWaysToOneSubscriberAreOneCandidate) {
  FakeReader reader = Operator();
  record::NatEvent other = SessionCreate("2024-10-21T08:12:00Z", "10.0.0.2");
  other.subscriber = "L-000123";
  reader.Keep(other);
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  EXPECT_EQ(answer.candidates.size(), 1U);
}

TEST(OperatorPlan, WithoutAnAccessSessionTheAnswerEndsAtTheInsideAddressAndSaysSo) {
  FakeReader reader;
  reader.Keep(BlockAllocate("2024-10-16T08:00:00Z", "10.0.0.1"));
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  EXPECT_EQ(answer.candidates.at(0).name, "");
  EXPECT_EQ(answer.candidates[0].rules, std::vector<std::string>{"no end was seen"});
  EXPECT_NE(answer.explanation.find("ends at an inside address"), std::string::npos);
}

TEST(OperatorPlan, NobodyIsNoneAndNotAnError) {
  FakeReader reader;
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kNone);
  EXPECT_TRUE(answer.candidates.empty());
}

TEST(OperatorPlan, RecordsLostInTheInstantsWindowLeaveTheAnswerOpen) {
  FakeReader reader = Operator();
  reader.Lose({GapKind::kLostRecords, {At("2024-10-21T08:05:00Z"), At("2024-10-21T08:06:00Z")}, "lost"});
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kLogGap);
  ASSERT_EQ(answer.candidates.size(), 1U);
  EXPECT_EQ(answer.candidates[0].name, "L-000123");
}

TEST(OperatorPlan, RecordsLostInAnEarlierWindowAreNamedAndDoNotChangeTheCertainty) {
  FakeReader reader;
  record::NatEvent create = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  create.subscriber = "L-000123";
  reader.Keep(create);
  reader.Lose({GapKind::kLostRecords, {At("2024-10-21T07:45:00Z"), At("2024-10-21T08:00:00Z")}, "lost"});
  const LineAnswer answer = Answer(reader);
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  EXPECT_EQ(answer.gaps.size(), 1U);
  EXPECT_NE(answer.explanation.find("see gaps"), std::string::npos);
}

TEST(OperatorPlan, AWindowThatIsStillOpenMayHideAnotherHolder) {
  FakeReader reader = Operator();
  reader.Lose({GapKind::kStillOpen, Around0814(kNsPerMinute, kNsPerMinute), "open"});
  EXPECT_EQ(Answer(reader).certainty, Certainty::kLogGap);
}

// Where the session that the instant lies in has ended since, its row is there and nowhere else.
TEST(OperatorPlan, AnOpenWindowAfterTheInstantsOwnMayHideItsHolderToo) {
  const auto certainty = [](seal::Stream stream, const char* begin, const char* end) {
    FakeReader reader;
    reader.Lose({GapKind::kStillOpen, {At(begin), At(end)}, "not closed yet", stream});
    return Answer(reader).certainty;
  };
  const auto sessions = seal::Stream::kNatSession;
  EXPECT_EQ(certainty(sessions, "2024-10-21T08:00:00Z", "2024-10-21T08:15:00Z"), Certainty::kLogGap);
  EXPECT_EQ(certainty(sessions, "2024-10-21T08:15:00Z", "2024-10-21T08:30:00Z"), Certainty::kLogGap);
  EXPECT_EQ(certainty(sessions, "2024-10-21T08:30:00Z", "2024-10-21T08:45:00Z"), Certainty::kNone);
  EXPECT_EQ(certainty(seal::Stream::kNatBlock, "2024-10-22T00:00:00Z", "2024-10-23T00:00:00Z"),
            Certainty::kLogGap);
  EXPECT_EQ(certainty(seal::Stream::kNatBlock, "2024-10-23T00:00:00Z", "2024-10-24T00:00:00Z"),
            Certainty::kNone);
}

TEST(OperatorPlan, AnInstantThatMayNoLongerBeReadIsNotNone) {
  FakeReader reader;
  reader.Lose({GapKind::kOutsideRetention, Around0814(kNsPerDay, kNsPerDay), "retention"});
  EXPECT_EQ(Answer(reader).certainty, Certainty::kOutsideRetention);
}

TEST(OperatorPlan, AgesWiderThanTheCustodiansAllowAreCutToWhatTheyAllow) {
  FakeReader reader = Operator();
  Limits limits;
  limits.session_age_max_ns = 10 * kSessionLookBackMaxNs;
  limits.block_age_max_ns = 10 * kBlockLookBackMaxNs;
  limits.access_age_max_ns = 10 * kAccessLookBackMaxNs;
  EXPECT_EQ(Answer(reader, kNsPerSecond, limits).certainty, Certainty::kUnique);
}

TEST(OperatorPlan, AReadersErrorIsNeverAnEmptyAnswer) {
  class Withholding : public RecordReader {
   public:
    Result<Found> Read(const order::Grant&, const std::vector<LookUp>&) override {
      return StorageError("store incomplete: a block is missing");
    }
  } reader;
  const order::Grant grant = GrantFor({LineOf("L1", TupleSubject(), {"phone"})});
  const auto answers = Resolver(reader, Limits{}).Resolve(grant);
  ASSERT_FALSE(answers.ok());
  EXPECT_EQ(answers.error().code(), ErrorCode::kStorage);
}

TEST(Answer, EveryCertaintyAndGapHasItsWord) {
  EXPECT_EQ(ToText(Certainty::kUnique), "unique");
  EXPECT_EQ(ToText(Certainty::kAmbiguous), "ambiguous");
  EXPECT_EQ(ToText(Certainty::kNone), "none");
  EXPECT_EQ(ToText(Certainty::kOutsideRetention), "outside_retention");
  EXPECT_EQ(ToText(Certainty::kLogGap), "log_gap");
  EXPECT_EQ(ToText(GapKind::kOutsideRetention), "outside_retention");
  EXPECT_EQ(ToText(GapKind::kLostRecords), "lost_records");
  EXPECT_EQ(ToText(GapKind::kStillOpen), "still_open");
  EXPECT_EQ(ToText(GapKind::kNoWindow), "no_window");
}

}  // namespace
}  // namespace probatio::resolve
