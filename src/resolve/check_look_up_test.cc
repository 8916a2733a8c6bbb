// Asking for more than was ordered is refused in every direction: line, stream, period, selector, row, proof.
#include <gtest/gtest.h>

#include "resolve/example_rows.h"

namespace probatio::resolve {
namespace {

using record::ActivityKind;
using seal::Stream;

order::Scope ScopeWith(const order::Line& line) {
  order::ScopeLine scope_line{line.id, line.subject, line.events, line.period, {}};
  for (const std::string& item : line.items)
    scope_line.items.push_back({item, "rule example.rule", "example text"});
  order::Scope scope;
  scope.lines = {scope_line};
  return scope;
}

const order::Scope kMessageScope =
    ScopeWith(LineOf("L1", MessageSubject(), {"phone", "source_ip", "pseudonyms"}));
const order::Scope kAccountScope =
    ScopeWith(LineOf("L1", AccountSubject(), {"phone", "source_ip", "pseudonyms"}));
const order::Scope kTupleScope = ScopeWith(LineOf("L1", TupleSubject(), {"phone"}));
const Period kOctober{At("2024-10-01T00:00:00Z"), At("2024-11-01T00:00:00Z")};

LookUp Ask(Stream stream, seal::Selector selector, std::optional<seal::ProvenRow> because = std::nullopt,
           Period period = kOctober) {
  return {"L1", std::move(selector), {stream}, period, std::move(because)};
}
LookUp AskAround(Stream stream, seal::Selector selector, std::int64_t before, std::int64_t after,
                 std::optional<seal::ProvenRow> because = std::nullopt) {
  const Instant at = ExampleTuple().at;
  return Ask(stream, std::move(selector), std::move(because), {at - before, at + after + 1});
}

std::string Why(const order::Scope& scope, const LookUp& look_up) {
  const Status status = CheckLookUp(scope, look_up);
  if (status.ok()) return "allowed";
  EXPECT_EQ(status.error().code(), ErrorCode::kDenied);
  return status.error().what();
}
std::string Because(const std::string& reason) {
  return "look-up for line L1: " + reason;
}

seal::ProvenRow LightRow(const std::string& account, const std::string& message,
                         std::string_view at = "2024-10-21T08:14:03Z") {
  return Prove(seal::FilingOf(MessageSent(at, account, message)).value().secondary.front().second);
}
seal::ProvenRow NatRow() {
  return Prove(SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1"));
}
seal::ProvenRow AccessRow(std::string_view at = "2024-10-20T07:00:00Z") {
  return Prove(Access(record::SessionEventKind::kStart, at, "5F2A", "L-000123"));
}
seal::Selector TupleSelector() {
  return seal::ForPublicTuple(Ip("203.0.113.7"), 51'234);
}

TEST(CheckLookUp, AllowsWhatTheSubjectItselfNames) {
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, seal::ForMessage("m-1"))), "allowed");
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kActivity, seal::ForAccount("u-48213"))), "allowed");
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kIdentity, seal::ForSubject("u-48213"))), "allowed");
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kAccount, seal::ForSubject("u-48213"))), "allowed");
}

TEST(CheckLookUp, RefusesALineThatTheScopeDoesNotHave) {
  LookUp look_up = Ask(Stream::kActivity, seal::ForMessage("m-1"));
  look_up.line = "L2";
  EXPECT_EQ(Why(kMessageScope, look_up), "look-up: the scope has no such line");
}

TEST(CheckLookUp, RefusesAnotherMessageAccountOrAddress) {
  const std::string nobody = Because("neither the line's subject nor a row names its selector");
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, seal::ForMessage("m-2"))), nobody);
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, seal::ForAccount("u-48213"))), nobody);
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kIdentity, seal::ForSubject("u-99999"))), nobody);
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kActivity, seal::ForMessage("m-1"))), nobody);
  const LookUp address = AskAround(Stream::kNatBlock, seal::ForPublicIp(Ip("203.0.113.8")), 0, 0);
  EXPECT_EQ(Why(kTupleScope, address), nobody);
  const LookUp port = AskAround(Stream::kNatSession, seal::ForPublicTuple(Ip("203.0.113.7"), 1024), 0, 0);
  EXPECT_EQ(Why(kTupleScope, port), nobody);
}

TEST(CheckLookUp, OpensAPasswordItemOnlyForALineThatNamesIt) {
  const order::Scope rest = ScopeWith(
      LineOf("L1", AccountSubject(), {"identifier_used", "pseudonyms", "payment", "phone", "source_ip"}));
  EXPECT_EQ(Why(rest, Ask(Stream::kPassword, seal::ForSubject("u-48213"))),
            Because("the line does not name the password item"));
  const order::Scope named = ScopeWith(LineOf("L1", AccountSubject(), {"password_verification"}));
  EXPECT_EQ(Why(named, Ask(Stream::kPassword, seal::ForSubject("u-48213"))), "allowed");
  EXPECT_EQ(Why(named, Ask(Stream::kAccount, seal::ForSubject("u-48213"))),
            Because("the line grants no account item"));
}

TEST(CheckLookUp, RefusesAStreamOfWhichTheLineGrantsNoItem) {
  const order::Scope phone = ScopeWith(LineOf("L1", AccountSubject(), {"phone"}));
  EXPECT_EQ(Why(phone, Ask(Stream::kAccount, seal::ForSubject("u-48213"))),
            Because("the line grants no account item"));
  EXPECT_EQ(Why(phone, Ask(Stream::kActivity, seal::ForAccount("u-48213"))),
            Because("the line grants no connection item"));
  const order::Scope address = ScopeWith(LineOf("L1", AccountSubject(), {"source_ip"}));
  EXPECT_EQ(Why(address, Ask(Stream::kIdentity, seal::ForSubject("u-48213"))),
            Because("the line grants no identity item"));
}

TEST(CheckLookUp, AMessageIsSoughtWhateverTheItemsButNotItsAccountsEvents) {
  const order::Scope phone = ScopeWith(LineOf("L1", MessageSubject(), {"phone"}));
  EXPECT_EQ(Why(phone, Ask(Stream::kActivity, seal::ForMessage("m-1"))), "allowed");
  EXPECT_EQ(Why(phone, Ask(Stream::kActivity, seal::ForAccount("u-48213"), LightRow("u-48213", "m-1"))),
            Because("the line grants no connection item"));
}

TEST(CheckLookUp, RefusesNetworkStreamsOutsideATupleLine) {
  for (const order::Scope& scope : {kMessageScope, kAccountScope}) {
    EXPECT_EQ(Why(scope, Ask(Stream::kNatSession, TupleSelector())),
              Because("network streams are read for a tuple only"));
    EXPECT_EQ(Why(scope, Ask(Stream::kAccess, seal::ForInside(Ip("10.0.0.1"), ""))),
              Because("network streams are read for a tuple only"));
  }
}

TEST(CheckLookUp, RefusesAStreamThatTheSelectorDoesNotSearchAndNone) {
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kActivity, seal::ForSubject("u-48213"))),
            Because("stream activity is not searched by subject"));
  LookUp both = Ask(Stream::kIdentity, seal::ForSubject("u-48213"));
  both.streams.push_back(Stream::kActivity);
  EXPECT_EQ(Why(kAccountScope, both), Because("stream activity is not searched by subject"));
  both.streams.clear();
  EXPECT_EQ(Why(kAccountScope, both), Because("it names no stream"));
}

TEST(CheckLookUp, RefusesEventsOneNanosecondOutsideThePeriod) {
  const std::string reaches = Because("its period reaches beyond what the line allows in stream activity");
  const auto with = [](Instant begin, Instant end) {
    return Ask(Stream::kActivity, seal::ForMessage("m-1"), std::nullopt, {begin, end});
  };
  EXPECT_EQ(Why(kMessageScope, with(kOctober.begin - 1, kOctober.end)), reaches);
  EXPECT_EQ(Why(kMessageScope, with(kOctober.begin, kOctober.end + 1)), reaches);
  EXPECT_EQ(Why(kMessageScope, with(kOctober.begin, kOctober.begin)), Because("its period is empty"));
}

TEST(CheckLookUp, VersionsMayBeOlderThanThePeriodButNotNewer) {
  const auto with = [](Instant begin, Instant end) {
    return Ask(Stream::kIdentity, seal::ForSubject("u-48213"), std::nullopt, {begin, end});
  };
  EXPECT_EQ(Why(kAccountScope, with(Instant::FromUnixSeconds(0), kOctober.end)), "allowed");
  EXPECT_EQ(Why(kAccountScope, with(kOctober.begin, kOctober.end + 1)),
            Because("its period reaches beyond what the line allows in stream identity"));
}

TEST(CheckLookUp, AnOperatorsReachEndsAtItsNamedMaxima) {
  struct Reach {
    Stream stream;
    seal::Selector selector;
    std::int64_t before;
    std::int64_t after;
    std::optional<seal::ProvenRow> because;
  };
  const std::vector<Reach> all{
      {Stream::kNatSession, TupleSelector(), kSessionLookBackMaxNs, kSessionLookBackMaxNs, std::nullopt},
      {Stream::kNatBlock, seal::ForPublicIp(Ip("203.0.113.7")), kBlockLookBackMaxNs, kBlockLookBackMaxNs,
       std::nullopt},
      {Stream::kAccess, seal::ForInside(Ip("10.0.0.1"), ""), kAccessLookBackMaxNs, kAccessLookAheadMaxNs,
       NatRow()}};
  for (const Reach& reach : all) {
    const auto ask = [&](std::int64_t before, std::int64_t after) {
      return Why(kTupleScope, AskAround(reach.stream, reach.selector, before, after, reach.because));
    };
    const std::string beyond = Because("its period reaches beyond what the line allows in stream " +
                                       std::string(seal::ToText(reach.stream)));
    EXPECT_EQ(ask(reach.before, reach.after), "allowed");
    EXPECT_EQ(ask(reach.before + 1, reach.after), beyond);
    EXPECT_EQ(ask(reach.before, reach.after + 1), beyond);
  }
}

TEST(CheckLookUp, AProvenRowOfTheMessageLeadsToItsAccountOnly) {
  const seal::ProvenRow light = LightRow("u-48213", "m-1");
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, seal::ForAccount("u-48213"), light)), "allowed");
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-48213"), light)), "allowed");
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-99999"), light)),
            Because("the row it rests on names another account"));
}

TEST(CheckLookUp, ARowOfAnotherMessageOrPeriodLeadsNowhere) {
  const seal::Selector account = seal::ForAccount("u-48213");
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, account, LightRow("u-48213", "m-2"))),
            Because("the row it rests on is of another message"));
  const seal::ProvenRow early = LightRow("u-48213", "m-1", "2024-09-30T23:59:59Z");
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, account, early)),
            Because("the row it rests on lies outside what the line allows"));
  const seal::ProvenRow creation =
      Prove(ActivityAt(ActivityKind::kAccountCreated, "2024-10-02T09:00:00Z", "u-48213"));
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kActivity, account, creation)),
            Because("the row it rests on is of another message"));
}

TEST(CheckLookUp, ARowDoesNotWidenALineThatNamesItsAccount) {
  const LookUp other = Ask(Stream::kIdentity, seal::ForSubject("u-99999"), LightRow("u-99999", "m-1"));
  EXPECT_EQ(Why(kAccountScope, other), Because("an activity row leads on from a message only"));
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kIdentity, seal::ForSubject("L-000123"), NatRow())),
            Because("a nat event leads on from a tuple only"));
  EXPECT_EQ(Why(kAccountScope, Ask(Stream::kIdentity, seal::ForSubject("L-000123"), AccessRow())),
            Because("an access session leads on from a tuple only"));
}

TEST(CheckLookUp, ANatEventLeadsToItsInsideAddressAndRealmOnly) {
  const auto inside = [](seal::Selector selector) {
    return Why(kTupleScope, AskAround(Stream::kAccess, std::move(selector), 0, 0, NatRow()));
  };
  const std::string another = Because("the nat event it rests on names another inside address or subscriber");
  EXPECT_EQ(inside(seal::ForInside(Ip("10.0.0.1"), "")), "allowed");
  EXPECT_EQ(inside(seal::ForInside(Ip("10.0.0.2"), "")), another);
  EXPECT_EQ(inside(seal::ForInside(Ip("10.0.0.1"), "vrf-3")), another);
}

TEST(CheckLookUp, ANatEventOfAnotherPortOrDayLeadsNowhere) {
  record::NatEvent port = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  port.public_port = 51'235;
  const seal::Selector inside = seal::ForInside(Ip("10.0.0.1"), "");
  EXPECT_EQ(Why(kTupleScope, AskAround(Stream::kAccess, inside, 0, 0, Prove(port))),
            Because("the nat event it rests on is of another tuple"));
  const seal::ProvenRow old = Prove(SessionCreate("2024-10-20T08:14:02Z", "10.0.0.1"));
  EXPECT_EQ(Why(kTupleScope, AskAround(Stream::kAccess, inside, 0, 0, old)),
            Because("the row it rests on lies outside what the line allows"));
}

TEST(CheckLookUp, ASubscriberIsNamedByTheNatEventOrTheAccessSession) {
  const LookUp by_session = Ask(Stream::kIdentity, seal::ForSubject("L-000123"), AccessRow());
  EXPECT_EQ(Why(kTupleScope, by_session), "allowed");
  record::NatEvent named = SessionCreate("2024-10-21T08:13:00Z", "10.0.0.1");
  named.subscriber = "L-000123";
  EXPECT_EQ(Why(kTupleScope, Ask(Stream::kIdentity, seal::ForSubject("L-000123"), Prove(named))), "allowed");
  EXPECT_EQ(Why(kTupleScope, Ask(Stream::kIdentity, seal::ForSubject("L-000124"), AccessRow())),
            Because("the access session it rests on names another subscriber"));
  EXPECT_EQ(Why(kTupleScope, Ask(Stream::kIdentity, seal::ForSubject("L-000123"), NatRow())),
            Because("the nat event it rests on names another inside address or subscriber"));
  const seal::ProvenRow old = AccessRow("2024-09-21T08:14:02Z");
  EXPECT_EQ(Why(kTupleScope, Ask(Stream::kIdentity, seal::ForSubject("L-000123"), old)),
            Because("the row it rests on lies outside what the line allows"));
}

TEST(CheckLookUp, AnAlteredRowIsNoReason) {
  seal::ProvenRow altered = LightRow("u-48213", "m-1");
  std::get<record::Activity>(altered.record).account = "u-99999";
  EXPECT_NE(
      Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-99999"), altered)).find("is not proved"),
      std::string::npos);
}

TEST(CheckLookUp, ARowMovedIntoThePeriodIsNoReason) {
  seal::ProvenRow moved = LightRow("u-48213", "m-1", "2024-09-30T23:59:59Z");
  std::get<record::Activity>(moved.record).origin.at.at = At("2024-10-02T00:00:00Z");
  EXPECT_NE(
      Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-48213"), moved)).find("is not proved"),
      std::string::npos);
}

TEST(CheckLookUp, ARowThatHidesItsNamingFaceIsNoReason) {
  seal::ProvenRow hiding = LightRow("u-48213", "m-1");
  std::erase_if(hiding.proof->faces,
                [](const seal::FaceOpening& opening) { return opening.face == record::Face::kWho; });
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-48213"), hiding)),
            Because("the row it rests on does not open its naming faces"));
}

TEST(CheckLookUp, AJournalRowWithoutProofIsLeftToTheStation) {
  seal::ProvenRow declared = LightRow("u-48213", "m-1");
  declared.proof.reset();
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-48213"), declared)), "allowed");
}

TEST(CheckLookUp, AnIdentityOrAccountLeadsNoFurther) {
  const seal::ProvenRow identity = Prove(IdentityFrom("2024-10-02T00:00:00Z", "u-99999", "+33639980001"));
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-99999"), identity)),
            Because("an identity row leads no further"));
  const seal::ProvenRow account = Prove(AccountFrom("2024-10-02T00:00:00Z", "u-99999"));
  EXPECT_EQ(Why(kMessageScope, Ask(Stream::kIdentity, seal::ForSubject("u-99999"), account)),
            Because("an account row leads no further"));
}

TEST(CheckLookUp, RefusesSubjectsThatNoLookUpServes) {
  for (const order::SubjectKind kind :
       {order::SubjectKind::kPhone, order::SubjectKind::kEmail, order::SubjectKind::kOtherAccounts}) {
    const order::Scope scope = ScopeWith(LineOf("L1", {kind, "+33639980001", std::nullopt}, {"phone"}));
    EXPECT_EQ(Why(scope, Ask(Stream::kIdentity, seal::ForSubject("+33639980001"))),
              Because("a subject of kind " + std::string(ToText(kind)) + " cannot be looked up"));
  }
}

TEST(CheckLookUp, RefusesATupleWhoseErrorSaysNothing) {
  const auto with_error = [](std::int64_t error_ns) {
    const order::Scope scope = ScopeWith(LineOf("L1", TupleSubject(error_ns), {"phone"}));
    return Why(scope, AskAround(Stream::kNatSession, TupleSelector(), 0, 0));
  };
  EXPECT_EQ(with_error(kTupleErrorMaxNs), "allowed");
  EXPECT_EQ(with_error(kTupleErrorMaxNs + 1), Because("the tuple's error is out of bounds"));
  EXPECT_EQ(with_error(-1), Because("the tuple's error is out of bounds"));
  const order::Scope none =
      ScopeWith(LineOf("L1", {order::SubjectKind::kTuple, "", std::nullopt}, {"phone"}));
  EXPECT_EQ(Why(none, AskAround(Stream::kNatSession, TupleSelector(), 0, 0)),
            Because("the line names no tuple"));
}

}  // namespace
}  // namespace probatio::resolve
