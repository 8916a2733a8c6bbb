// Message to account to events to identity, on invented people, under true grants.
#include <gtest/gtest.h>

#include "resolve/example_rows.h"
#include "resolve/resolver.h"

namespace probatio::resolve {
namespace {

using record::ActivityKind;
using record::Face;
using seal::Stream;

FakeReader Platform() {
  FakeReader reader;
  reader.Keep(ActivityAt(ActivityKind::kAccountCreated, "2024-10-02T09:00:00Z", "u-48213"));
  reader.Keep(ActivityAt(ActivityKind::kLogin, "2024-10-20T09:00:00Z", "u-48213"));
  reader.Keep(MessageSent("2024-10-21T08:14:03Z", "u-48213", "m-1"));
  reader.Keep(MessageSent("2024-10-22T08:14:03Z", "u-48213", "m-2"));
  reader.Keep(ActivityAt(ActivityKind::kAccountCreated, "2024-09-30T09:00:00Z", "u-48213"));
  reader.Keep(ActivityAt(ActivityKind::kAccountCreated, "2024-10-03T09:00:00Z", "u-99999"));
  reader.Keep(AccountFrom("2024-10-02T09:00:00Z", "u-48213"));
  reader.Keep(IdentityFrom("2023-01-01T00:00:00Z", "u-48213", "+33639980001"));
  reader.Keep(IdentityFrom("2024-02-01T00:00:00Z", "u-48213", "+33639980002"));
  reader.Keep(IdentityFrom("2024-10-15T00:00:00Z", "u-48213", "+33639980003"));
  reader.Keep(IdentityFrom("2024-11-01T00:00:00Z", "u-48213", "+33639980004"));
  return reader;
}

LineAnswer Answer(FakeReader& reader, order::Line line, Limits limits = {}) {
  const order::Grant grant = GrantFor({std::move(line)});
  const auto answers = Resolver(reader, limits).Resolve(grant);
  EXPECT_TRUE(answers.ok()) << answers.error().what();
  return answers.value().at(0);
}

template <class T>
std::vector<T> SupportsOf(const Candidate& candidate) {
  std::vector<T> records;
  for (const Support& support : candidate.supports) {
    if (const T* record = std::get_if<T>(&support.row.record)) records.push_back(*record);
  }
  return records;
}

std::vector<std::string> Phones(const Candidate& candidate) {
  std::vector<std::string> phones;
  for (const auto& identity : SupportsOf<record::Identity>(candidate))
    phones.push_back(identity.phones.at(0));
  return phones;
}

TEST(PlatformPlan, AMessageLeadsToTheTwoEventsOrderedAndNoOther) {
  FakeReader reader = Platform();
  const LineAnswer answer = Answer(reader, LineOf("L2", MessageSubject(), {"source_ip", "source_port"},
                                                  {"account_created", "message_sent"}));
  EXPECT_EQ(answer.line, "L2");
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  ASSERT_EQ(answer.candidates.size(), 1U);
  EXPECT_EQ(answer.candidates[0].name, "u-48213");
  const auto events = SupportsOf<record::Activity>(answer.candidates[0]);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_FALSE(events[0].source_ip.has_value());  // the light row of the first step
  EXPECT_EQ(events[1].event, ActivityKind::kAccountCreated);
  EXPECT_EQ(events[1].origin.at.at, At("2024-10-02T09:00:00Z"));
  EXPECT_EQ(events[2].message, "m-1");
  EXPECT_EQ(events[2].source_port, 51'234);
  for (const Support& support : answer.candidates[0].supports) {
    EXPECT_EQ(support.faces, (std::set<Face>{Face::kWhat, Face::kWho}));
  }
  EXPECT_FALSE(reader.Asked(Stream::kIdentity));
  EXPECT_FALSE(reader.Asked(Stream::kAccount));
}

TEST(PlatformPlan, AMessageLineNeverShowsTheAccountsOtherMessages) {
  FakeReader reader = Platform();
  const LineAnswer answer = Answer(reader, LineOf("L2", MessageSubject(), {"source_ip"}));
  for (const auto& event : SupportsOf<record::Activity>(answer.candidates.at(0)))
    EXPECT_NE(event.message, "m-2");
}

TEST(PlatformPlan, IdentityItemsShowTheVersionsThatHeldAndTheirFacesOnly) {
  FakeReader reader = Platform();
  const LineAnswer answer = Answer(reader, LineOf("L1", MessageSubject(), {"phone"}));
  EXPECT_EQ(Phones(answer.candidates.at(0)), (std::vector<std::string>{"+33639980002", "+33639980003"}));
  EXPECT_EQ(answer.candidates[0].supports.back().faces, (std::set<Face>{Face::kHead, Face::kPhones}));
  EXPECT_FALSE(reader.Asked(Stream::kAccount));
  for (const LookUp& look_up : reader.asked()) EXPECT_NE(look_up.selector, seal::ForAccount("u-48213"));
}

TEST(PlatformPlan, EachLaterLookUpRestsOnTheProvenRow) {
  FakeReader reader = Platform();
  Answer(reader, LineOf("L1", MessageSubject(), {"phone", "source_ip", "pseudonyms"}));
  ASSERT_EQ(reader.asked().size(), 4U);
  EXPECT_FALSE(reader.asked()[0].because.has_value());
  for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(reader.asked()[i].because.value().proof.has_value());
}

TEST(PlatformPlan, AnAccountLineNeedsNoMessage) {
  FakeReader reader = Platform();
  const LineAnswer answer =
      Answer(reader, LineOf("L1", AccountSubject(), {"identifier_used", "source_ip"}, {"login"}));
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  EXPECT_EQ(SupportsOf<record::Activity>(answer.candidates.at(0)).size(), 1U);
  EXPECT_EQ(answer.candidates[0].supports.back().faces, (std::set<Face>{Face::kHead, Face::kIdentifierUsed}));
}

TEST(PlatformPlan, ASubscriberLineGoesStraightToTheIdentity) {
  FakeReader reader;
  reader.Keep(IdentityFrom("2020-01-01T00:00:00Z", "L-000123", "+33199000001"));
  const LineAnswer answer = Answer(reader, LineOf("L1", SubscriberSubject(), {"phone"}));
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  EXPECT_EQ(Phones(answer.candidates.at(0)), std::vector<std::string>{"+33199000001"});
}

TEST(PlatformPlan, TwoAccountsUnderOneMessageAreAmbiguousAndNobodyIsIdentified) {
  FakeReader reader = Platform();
  reader.Keep(MessageSent("2024-10-21T08:14:04Z", "u-99999", "m-1"));
  const LineAnswer answer = Answer(reader, LineOf("L1", MessageSubject(), {"phone", "source_ip"}));
  EXPECT_EQ(answer.certainty, Certainty::kAmbiguous);
  EXPECT_EQ(answer.candidates.size(), 2U);
  EXPECT_EQ(reader.asked().size(), 1U);
  EXPECT_NE(answer.explanation.find("no candidate's events, account or identity were opened"),
            std::string::npos);
}

TEST(PlatformPlan, ADeploymentMayChooseToIdentifyEveryCandidate) {
  FakeReader reader = Platform();
  reader.Keep(MessageSent("2024-10-21T08:14:04Z", "u-99999", "m-1"));
  Limits limits;
  limits.identify_every_candidate = true;
  const LineAnswer answer = Answer(reader, LineOf("L1", MessageSubject(), {"phone"}), limits);
  EXPECT_EQ(answer.certainty, Certainty::kAmbiguous);
  EXPECT_EQ(Phones(answer.candidates.at(0)).size(), 2U);
}

TEST(PlatformPlan, AnUnknownMessageIsNoneAndNotAnError) {
  FakeReader reader;
  const LineAnswer answer = Answer(reader, LineOf("L1", MessageSubject(), {"phone"}));
  EXPECT_EQ(answer.certainty, Certainty::kNone);
  EXPECT_EQ(answer.explanation, "no data held");
  EXPECT_TRUE(answer.candidates.empty());
}

TEST(PlatformPlan, NoneIsNotSaidWhereRecordsAreMissingOrMayNotBeRead) {
  const Period october{At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};
  const auto certainty = [&](GapKind kind, std::uint64_t segments) {
    FakeReader reader;
    reader.segments = segments;
    reader.Lose({kind, october, "example"});
    return Answer(reader, LineOf("L1", MessageSubject(), {"phone"})).certainty;
  };
  EXPECT_EQ(certainty(GapKind::kLostRecords, 1), Certainty::kLogGap);
  EXPECT_EQ(certainty(GapKind::kStillOpen, 1), Certainty::kLogGap);
  EXPECT_EQ(certainty(GapKind::kOutsideRetention, 1), Certainty::kOutsideRetention);
  EXPECT_EQ(certainty(GapKind::kNoWindow, 1), Certainty::kNone);
  EXPECT_EQ(certainty(GapKind::kNoWindow, 0), Certainty::kLogGap);
}

TEST(PlatformPlan, AGapBesideAnAccountThatWasFoundIsListedAndNamed) {
  FakeReader reader = Platform();
  reader.Lose({GapKind::kLostRecords, {At("2024-10-05T00:00:00Z"), At("2024-10-06T00:00:00Z")}, "lost"});
  const LineAnswer answer = Answer(reader, LineOf("L1", MessageSubject(), {"source_ip"}));
  EXPECT_EQ(answer.certainty, Certainty::kUnique);
  EXPECT_EQ(answer.gaps.size(), 1U);
  EXPECT_NE(answer.explanation.find("see gaps"), std::string::npos);
}

TEST(PlatformPlan, AnItemThatNoRecordHoldsIsNamed) {
  FakeReader reader = Platform();
  const LineAnswer answer = Answer(reader, LineOf("L1", AccountSubject(), {"phone", "terminal_id"}));
  EXPECT_NE(answer.explanation.find("item terminal_id: no record here holds it"), std::string::npos);
}

TEST(Resolver, RefusesAnIndexItDoesNotHaveBeforeItReadsAnything) {
  FakeReader reader = Platform();
  const order::Line phone =
      LineOf("L2", {order::SubjectKind::kPhone, "+33639980001", std::nullopt}, {"surname"});
  const order::Grant grant = GrantFor({LineOf("L1", MessageSubject(), {"phone"}), phone});
  const auto answers = Resolver(reader, Limits{}).Resolve(grant);
  ASSERT_FALSE(answers.ok());
  EXPECT_EQ(answers.error().code(), ErrorCode::kRefused);
  EXPECT_EQ(answers.error().what(),
            "line L2: look-up by phone needs an index that this deployment does not have");
  EXPECT_TRUE(reader.asked().empty());
}

TEST(Resolver, RefusesConnectionDataOfASubscriberRatherThanSayNone) {
  FakeReader reader;
  const order::Grant grant = GrantFor({LineOf("L1", SubscriberSubject(), {"phone", "source_ip"})});
  const auto answers = Resolver(reader, Limits{}).Resolve(grant);
  ASSERT_FALSE(answers.ok());
  EXPECT_EQ(answers.error().code(), ErrorCode::kRefused);
}

TEST(Resolver, NeverLooksUpOtherAccounts) {
  FakeReader reader;
  const order::Grant grant =
      GrantFor({LineOf("L7", {order::SubjectKind::kOtherAccounts, "", std::nullopt}, {"phone"})});
  const auto answers = Resolver(reader, Limits{}).Resolve(grant);
  ASSERT_FALSE(answers.ok());
  EXPECT_EQ(answers.error().code(), ErrorCode::kDenied);
}

TEST(Resolver, AnswersEachLineInTheScopesOrder) {
  FakeReader reader = Platform();
  const order::Grant grant =
      GrantFor({LineOf("L1", MessageSubject(), {"phone"}), LineOf("L2", AccountSubject(), {"pseudonyms"})});
  const auto answers = Resolver(reader, Limits{}).Resolve(grant);
  ASSERT_TRUE(answers.ok());
  ASSERT_EQ(answers.value().size(), 2U);
  EXPECT_EQ(answers.value()[0].line, "L1");
  EXPECT_EQ(answers.value()[1].line, "L2");
}

}  // namespace
}  // namespace probatio::resolve
