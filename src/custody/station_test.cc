#include "custody/station.h"

#include <gtest/gtest.h>

#include "custody/held_file.h"
#include "custody/test_world.h"

namespace probatio::custody::test {
namespace {

using seal::Stream;

// A request as the server made it, which a test alters before the station sees it.
class Station : public ::testing::Test {
 protected:
  Station() { segment_ = world_.Add(PlatformDay()); }

  Request Captured(const resolve::LookUp& look_up) {
    CHECK(world_.Read({look_up}).ok());
    return RequestFromJson(SentRequestFromJson(world_.custodians.last_sent).value().request_json).value();
  }
  seal::ProvenRow LightRow() { return world_.Read({ForMessage()}).value().rows.at(0); }

  // Enters the request in the ledger and asks; every test changes one thing.
  Result<Buffer> Ask(const Request& request) { return AskWith(request, EntryFor(RequestToJson(request))); }
  Result<Buffer> AskWith(const Request& request, const ledger::Entry& entry) {
    const std::uint64_t index = world_.ledger.Append(entry).value();
    return Send({RequestToJson(request), world_.ledger.Prove(index).value()});
  }
  Result<Buffer> Send(const SentRequest& sent) {
    return AnswerRequest(SentRequestToJson(sent), world_.custodians.anchors, world_.custodians.present, now_,
                         world_.random);
  }
  static ledger::Entry EntryFor(const std::string& request_json) {
    return {"custody_request",
            kNow,
            {{"order", "example-1"}, {"digest", ToHex(crypto::Sha256(AsBytes(request_json)))}}};
  }
  // Signed anew by both approvers, so that only the change itself can be refused.
  void Resign(Request* request, const order::Scope& scope) {
    request->signed_scope.scope_json = order::ScopeToJson(scope);
    request->signed_scope.approvals.clear();
    for (const Approver& approver : world_.approvers) {
      request->signed_scope.approvals.push_back(Sign(approver, request->signed_scope.scope_json));
    }
  }

  World world_;
  SegmentId segment_;
  Instant now_ = kNow;
};

std::string ErrorOf(const Result<Buffer>& answer) {
  return answer.ok() ? "answered" : answer.error().what();
}

void ExpectDenied(const Result<Buffer>& answer, const std::string& why) {
  ASSERT_FALSE(answer.ok()) << "answered; expected: " << why;
  EXPECT_EQ(answer.error().code(), ErrorCode::kDenied) << answer.error().what();
  EXPECT_NE(answer.error().what().find(why), std::string::npos) << answer.error().what();
}

TEST_F(Station, ReturnsTheKeysOfTheNamedTokenAndNothingElse) {
  Request request = Captured(ForMessage());
  const crypto::BoxKeyPair reply = crypto::MakeBoxKeyPair(world_.random);
  request.reply_key = reply.public_key;
  const crypto::Digest digest = crypto::Sha256(AsBytes(RequestToJson(request)));
  const Buffer answer = Ask(request).value();
  const std::vector<Opened> opened = OpenAnswer(reply.private_key, digest, answer).value();
  ASSERT_EQ(opened.size(), 1U);
  const Key window_key =
      UnwrapKey(request.questions[0].segments[0].wrapped, SegmentContext(segment_), world_.custodian_keys)
          .value();
  seal::WindowKeys keys(window_key);
  const seal::Token token = keys.TokenOf(seal::ForMessage("m-900"));
  EXPECT_EQ(opened[0].token, token);
  EXPECT_TRUE(crypto::Equal(opened[0].keys.block.reveal(), keys.KeysOf(token).block.reveal()));
  for (const Key* key : {&opened[0].journal_index, &opened[0].subject_private}) {
    EXPECT_TRUE(crypto::Equal(key->reveal(), Key().reveal()));
  }
  // Only the one-time key of this very request opens it.
  EXPECT_EQ(OpenAnswer(crypto::RandomKey(world_.random), digest, answer).error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(OpenAnswer(reply.private_key, crypto::Digest{}, answer).error().code(), ErrorCode::kCrypto);
}

TEST_F(Station, RefusesAScopeAlteredAfterItWasSigned) {
  Request request = Captured(ForMessage());
  order::Scope scope = world_.approved.scope;
  scope.lines[0].subject.value = "m-901";
  request.signed_scope.scope_json = order::ScopeToJson(scope);
  ExpectDenied(Ask(request), "the signature is not over this scope");
}

TEST_F(Station, RefusesAScopeThatIsNotCanonical) {
  Request request = Captured(ForMessage());
  request.signed_scope.scope_json += " ";
  ExpectDenied(Ask(request), "station: scope");
}

TEST_F(Station, RefusesOneApproval) {
  Request request = Captured(ForMessage());
  request.signed_scope.approvals.pop_back();
  ExpectDenied(Ask(request), "one person signed; two are needed");
}

TEST_F(Station, RefusesTheSamePersonTwice) {
  Request request = Captured(ForMessage());
  request.signed_scope.approvals[1] = request.signed_scope.approvals[0];
  ExpectDenied(Ask(request), "one person signed; two are needed");
}

TEST_F(Station, RefusesAnApproverWhoWasNotPinnedAtTheCeremony) {
  Request request = Captured(ForMessage());
  request.signed_scope.approvals[1] = Sign(MakeApprover("counsel-2"), request.signed_scope.scope_json);
  ExpectDenied(Ask(request), "the certificate is not pinned");
}

TEST_F(Station, RefusesAnExpiredScopeByItsOwnClock) {
  const Request request = Captured(ForMessage());
  now_ = kNow + kNsPerDay - 1;
  EXPECT_EQ(ErrorOf(Ask(request)), "answered");
  now_ = kNow + kNsPerDay;
  ExpectDenied(Ask(request), "the scope has expired");
}

TEST_F(Station, RefusesARequestFromTheFuture) {
  Request request = Captured(ForMessage());
  request.made_at = kNow + kRequestClockSkewMaxNs;
  EXPECT_EQ(ErrorOf(Ask(request)), "answered");
  request.made_at = kNow + kRequestClockSkewMaxNs + 1;
  ExpectDenied(Ask(request), "made in the future");
}

TEST_F(Station, RefusesARequestThatTheLedgerDoesNotHold) {
  const Request request = Captured(ForMessage());
  Request other = request;
  other.id = std::string(32, '0');
  ExpectDenied(AskWith(request, EntryFor(RequestToJson(other))), "the ledger entry is not of this request");
  ledger::Entry wrong_type = EntryFor(RequestToJson(request));
  wrong_type.type = "order_received";
  ExpectDenied(AskWith(request, wrong_type), "the ledger entry is not of this request");
  ledger::Entry wrong_order = EntryFor(RequestToJson(request));
  wrong_order.fields["order"] = "example-2";
  ExpectDenied(AskWith(request, wrong_order), "another order than the scope");
  ledger::Entry no_order = EntryFor(RequestToJson(request));
  no_order.fields.erase("order");
  ExpectDenied(AskWith(request, no_order), "another order than the scope");
}

TEST_F(Station, RefusesAnEntryThatIsNotInTheTree) {
  const std::string json = RequestToJson(Captured(ForMessage()));
  const std::uint64_t index = world_.ledger.Append(EntryFor(json)).value();
  ledger::EntryProof proof = world_.ledger.Prove(index).value();
  proof.entry.replace(proof.entry.find("example-1"), 9, "example-2");
  ExpectDenied(Send({json, proof}), "the request is not in the ledger");
}

TEST_F(Station, RefusesACheckpointSignedByAnotherKey) {
  const std::string json = RequestToJson(Captured(ForMessage()));
  ledger::MemoryStorage storage;
  ledger::Ledger other =
      ledger::Ledger::Open(storage, "probatio.example/test", crypto::PrivateKey::GenerateEd25519()).value();
  const std::uint64_t index = other.Append(EntryFor(json)).value();
  ExpectDenied(Send({json, other.Prove(index).value()}), "the request is not in the ledger");
}

TEST_F(Station, RefusesAScopeForAnotherProvider) {
  Request request = Captured(ForMessage());
  order::Scope scope = world_.approved.scope;
  scope.provider = "another provider";
  Resign(&request, scope);
  ExpectDenied(Ask(request), "the scope is for another provider");
}

TEST_F(Station, RefusesASelectorThatNeitherTheScopeNorARowNames) {
  Request request = Captured(ForMessage());
  request.questions[0].look_up.selector = seal::ForMessage("m-901");
  ExpectDenied(Ask(request), "station: question 0");
  request.questions[0].look_up.selector = seal::ForAccount("u-77");
  ExpectDenied(Ask(request), "station: question 0");
}

TEST_F(Station, RefusesEverythingWhenOneQuestionFails) {
  Request request = Captured(ForMessage());
  Question bad = Captured(ForMessage()).questions[0];
  bad.look_up.selector = seal::ForMessage("m-901");
  request.questions.push_back(std::move(bad));
  ExpectDenied(Ask(request), "station: question 1");
}

TEST_F(Station, RefusesAWindowOutsideThePeriod) {
  const seal::ProvenRow light = LightRow();
  const SegmentId november =
      world_.Add({ActivityAt("2024-11-01T08:00:00Z", "u-77", record::ActivityKind::kLogin)});
  Request request = Captured(ForAccount(light));
  SegmentAsked later = request.questions[0].segments[0];
  later.segment = november;
  later.window = world_.directory.Get(november)->window;
  later.wrapped = world_.box.values.at(seal::WrappedKey(november));
  request.questions[0].segments.push_back(later);
  ExpectDenied(Ask(request), "segment: outside the look-up's period");
  // Said to be in October, it is not the window of its id.
  request.questions[0].segments.back().window = request.questions[0].segments[0].window;
  ExpectDenied(Ask(request), "segment: its id names another window");
  // Under the id of an October window, its key does not open.
  request.questions[0].segments.back().segment =
      seal::MakeSegmentId(request.questions[0].segments[0].window, "000000ff");
  EXPECT_EQ(Ask(request).error().code(), ErrorCode::kCrypto);
}

TEST_F(Station, RefusesASegmentOfAnotherStream) {
  Request request = Captured(ForMessage());
  const Instant at = At("2024-10-21T08:14:03Z");
  request.questions[0].segments[0].window = seal::WindowOf(Stream::kAccess, at);
  ExpectDenied(Ask(request), "of a stream that the look-up does not search");
}

TEST_F(Station, RefusesARowThatWasAlteredOrIsNotProvedWhole) {
  const Request request = Captured(ForAccount(LightRow()));
  EXPECT_EQ(ErrorOf(Ask(request)), "answered");

  Request altered = request;
  std::get<record::Activity>(altered.questions[0].look_up.because->record).account = "u-12";
  altered.questions[0].look_up.selector = seal::ForAccount("u-12");
  ExpectDenied(Ask(altered), "station: question 0");

  Request partial = request;
  partial.questions[0].look_up.because->proof->faces.pop_back();
  EXPECT_NE(ErrorOf(Ask(partial)), "answered");
}

TEST_F(Station, RefusesARowWhoseSegmentTheLedgerDoesNotKnow) {
  const Request request = Captured(ForAccount(LightRow()));
  Request silent = request;
  silent.questions[0].because_closed.reset();
  ExpectDenied(Ask(silent), "no ledger entry for its segment");

  // Another segment's root, entered for another segment: a row proved against itself is not enough.
  const SegmentId other =
      world_.Add({ActivityAt("2024-10-22T08:00:00Z", "u-12", record::ActivityKind::kLogin)});
  Request foreign = request;
  foreign.questions[0].because_closed =
      world_.ledger.Prove(world_.directory.Get(other)->closed_index).value();
  ExpectDenied(Ask(foreign), "the ledger entry is of another segment");

  const std::uint64_t index =
      world_.ledger
          .Append({"segment_closed", kNow, {{"segment", segment_.text()}, {"root", std::string(64, '0')}}})
          .value();
  Request rooted = request;
  rooted.questions[0].because_closed = world_.ledger.Prove(index).value();
  ExpectDenied(Ask(rooted), "the ledger holds another root");
}

TEST_F(Station, RefusesAJournalRowThatTheBatchDoesNotHold) {
  World dead;
  SegmentOptions crash;
  crash.crash = true;
  dead.Add(PlatformDay(), crash);
  const seal::ProvenRow light = dead.Read({ForMessage()}).value().rows.at(0);
  ASSERT_TRUE(dead.Read({ForAccount(light)}).ok());
  const Request request =
      RequestFromJson(SentRequestFromJson(dead.custodians.last_sent).value().request_json).value();
  const auto ask = [&](const Request& asked) {
    const std::string json = RequestToJson(asked);
    const std::uint64_t index = dead.ledger.Append(EntryFor(json)).value();
    return AnswerRequest(SentRequestToJson({json, dead.ledger.Prove(index).value()}), dead.custodians.anchors,
                         dead.custodians.present, kNow, dead.random);
  };
  EXPECT_EQ(ErrorOf(ask(request)), "answered");

  Request invented = request;
  std::get<record::Activity>(invented.questions[0].look_up.because->record).account = "u-12";
  invented.questions[0].look_up.selector = seal::ForAccount("u-12");
  ExpectDenied(ask(invented), "the journal batch does not hold the row");

  Request keyless = request;
  keyless.questions[0].because_segment.reset();
  ExpectDenied(ask(keyless), "neither a proof nor the key of its dead segment");

  Request altered = request;
  altered.questions[0].look_up.because->journal_batch.back() ^= 1;
  ExpectDenied(ask(altered), "station: question 0");
}

TEST_F(Station, RefusesTheKeyOfAnotherSubject) {
  world_.Add({IdentityOf("u-77", "Lefèvre"), IdentityOf("u-12", "Martin")});
  Request request = Captured(ForNamedAccount({Stream::kIdentity}));
  EXPECT_EQ(ErrorOf(Ask(request)), "answered");
  const seal::SubjectPublic other = world_.SubjectOf(seal::Stream::kIdentity, "u-12");
  request.questions[0].subject = other.handle;
  request.questions[0].subject_wrapped =
      world_.box.values.at(seal::SubjectKey(record::RecordClass::kIdentity, other.handle));
  EXPECT_NE(ErrorOf(Ask(request)).find("sealed for another key's context"), std::string::npos);
}

// Both keys are the same person's and of the same class; the line grants account items, not the password.
TEST_F(Station, RefusesTheKeyOfAPasswordItemThatIsPassedOffForThatOfTheAccount) {
  record::Account account;
  account.origin.at.at = kNow - kNsPerDay;
  account.account = "u-77";
  account.pseudonyms = {"Nuit Blanche"};
  world_.Add({account});
  Request request = Captured(ForNamedAccount({Stream::kAccount}));
  EXPECT_EQ(ErrorOf(Ask(request)), "answered");
  const seal::SubjectPublic password = world_.SubjectOf(seal::Stream::kPassword, "u-77");
  request.questions[0].subject = password.handle;
  request.questions[0].subject_wrapped =
      world_.box.values.at(seal::SubjectKey(record::RecordClass::kAccount, password.handle));
  EXPECT_NE(ErrorOf(Ask(request)).find("sealed for another key's context"), std::string::npos);
}

TEST_F(Station, KeepsSubjectStreamsToThemselves) {
  const SegmentId identities = world_.Add({IdentityOf("u-77", "Lefèvre")});
  const Request request = Captured(ForNamedAccount({Stream::kIdentity}));
  Request open_window = request;
  open_window.questions[0].segments.push_back({identities, world_.directory.Get(identities)->window, false,
                                               world_.box.values.at(seal::WrappedKey(identities))});
  ExpectDenied(Ask(open_window), "whose rows have the subject's key");
  Request mixed = request;
  mixed.questions[0].look_up.streams.push_back(Stream::kAccount);
  ExpectDenied(Ask(mixed), "in a question of its own");
  Request nobody = request;
  nobody.questions[0].subject.reset();
  ExpectDenied(Ask(nobody), "a subject's key goes with a subject's stream");
}

TEST_F(Station, NamesTheSubjectWhoseWrappedKeyIsDamaged) {
  world_.Add({IdentityOf("u-77", "Lefèvre")});
  Request request = Captured(ForNamedAccount({Stream::kIdentity}));
  request.questions[0].subject_wrapped[0] = 0;
  const Error error = Ask(request).error();
  EXPECT_EQ(error.code(), ErrorCode::kCrypto);
  const std::string handle = ToHex(*request.questions[0].subject);
  EXPECT_NE(error.what().find("subject " + handle + ": custody: wrapped key"), std::string::npos)
      << error.what();
  EXPECT_EQ(error.what().find("u-77"), std::string::npos) << error.what();
}

// A section of the order's own hold is opened under the same checks as a window.
class HeldSectionAtTheStation : public Station {
 protected:
  HeldSectionAtTheStation() {
    asked_ = Captured(ForMessage());
    asked_.questions[0].segments.clear();
    asked_.questions[0].held = HeldAsked{record::RecordClass::kActivity, Wrapped("example-1")};
  }
  Buffer Wrapped(const std::string& order) {
    const Buffer context = HeldContext(OrderId::Parse(order).value(), record::RecordClass::kActivity);
    return WrapKey(section_, world_.set, context).value();
  }
  Key section_ = crypto::RandomKey(world_.random);
  Request asked_;
};

TEST_F(HeldSectionAtTheStation, IsOpenedToDiscloseAndNothingElseIs) {
  const crypto::BoxKeyPair reply = crypto::MakeBoxKeyPair(world_.random);
  asked_.reply_key = reply.public_key;
  const Buffer answer = Ask(asked_).value();
  const crypto::Digest digest = crypto::Sha256(AsBytes(RequestToJson(asked_)));
  const std::vector<Opened> opened = OpenAnswer(reply.private_key, digest, answer).value();
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_TRUE(opened[0].segment.empty());
  EXPECT_TRUE(crypto::Equal(opened[0].held_section.reveal(), section_.reveal()));
  EXPECT_TRUE(crypto::Equal(opened[0].keys.block.reveal(), Key().reveal()));
}

TEST_F(HeldSectionAtTheStation, IsNotOpenedToPreserve) {
  order::Scope scope = world_.approved.scope;
  scope.kind = order::GrantKind::kPreserve;
  Resign(&asked_, scope);
  ExpectDenied(Ask(asked_), "a hold's section opens to disclose only");
}

TEST_F(HeldSectionAtTheStation, IsNotOpenedForAnotherOrderOrClass) {
  Request foreign = asked_;
  foreign.questions[0].held->wrapped = Wrapped("example-2");
  EXPECT_NE(ErrorOf(Ask(foreign)).find("hold's section activity: custody: share"), std::string::npos);
  EXPECT_EQ(Ask(foreign).error().code(), ErrorCode::kCrypto);
  Request other_class = asked_;
  other_class.questions[0].held->record_class = record::RecordClass::kIdentity;
  ExpectDenied(Ask(other_class), "of another class than the look-up");
  Request damaged = asked_;
  damaged.questions[0].held->wrapped.resize(20);
  EXPECT_EQ(Ask(damaged).error().code(), ErrorCode::kCrypto);
}

TEST_F(HeldSectionAtTheStation, NeedsALookUpThatTheScopeAllows) {
  asked_.questions[0].look_up.selector = seal::ForMessage("m-901");
  ExpectDenied(Ask(asked_), "station: question 0");
  asked_.questions[0].look_up = ForAccount(LightRow());
  ExpectDenied(Ask(asked_), "no ledger entry for its segment");
  asked_.questions[0].because_closed =
      world_.ledger.Prove(world_.directory.Get(segment_)->closed_index).value();
  EXPECT_EQ(ErrorOf(Ask(asked_)), "answered");
}

TEST_F(HeldSectionAtTheStation, StandsInAQuestionOfItsOwn) {
  asked_.questions[0].segments = Captured(ForMessage()).questions[0].segments;
  ExpectDenied(Ask(asked_), "in a question of its own");
}

TEST_F(Station, NeedsEnoughOfTheRightCustodians) {
  const Request request = Captured(ForMessage());
  world_.custodians.present = {world_.custodian_keys[2]};
  ExpectDenied(Ask(request), "1 of 2 needed custodians present");
  world_.custodians.present = {world_.custodian_keys[2], MakeCustodians(1)[0]};
  ExpectDenied(Ask(request), "1 of 2 needed custodians present");
  // Another's key under a custodian's certificate opens no share.
  world_.custodians.present = {world_.custodian_keys[0],
                               {MakeCustodians(1)[0].key, world_.custodian_keys[1].certificate}};
  EXPECT_EQ(Ask(request).error().code(), ErrorCode::kCrypto);
}

TEST_F(Station, RefusesAReplyKeyThatAnybodyCouldOpen) {
  Request request = Captured(ForMessage());
  request.reply_key = {};
  EXPECT_EQ(Ask(request).error().code(), ErrorCode::kInvalid);
}

TEST_F(Station, SurvivesEveryTruncationAndManyChangesOfWhatItIsSent) {
  Captured(ForMessage());
  const std::string honest = world_.custodians.last_sent;
  const auto ask = [&](const std::string& sent) {
    return AnswerRequest(sent, world_.custodians.anchors, world_.custodians.present, now_, world_.random);
  };
  EXPECT_TRUE(ask(honest).ok());
  for (std::size_t size = 0; size < honest.size(); size += 41) EXPECT_FALSE(ask(honest.substr(0, size)).ok());
  // One character of the request inside: the digest in the ledger is of another text.
  const std::size_t begin = honest.find("\"request\":\"") + 11;
  const std::size_t end = honest.find("\",\"schema\"", begin);
  ASSERT_NE(end, std::string::npos);
  for (std::size_t i = begin; i < end; i += 41) {
    std::string altered = honest;
    altered[i] = altered[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ask(altered).ok()) << "offset " << i;
  }
}

TEST(Anchors, KeepTheirLimitOnApprovers) {
  Anchors anchors{{}, "key", kProvider};
  anchors.approvers.assign(kApproversMax, MakeApprover("counsel-1").key.certificate);
  EXPECT_EQ(AnchorsFromJson(AnchorsToJson(anchors)).value().approvers.size(), kApproversMax);
  anchors.approvers.push_back(anchors.approvers[0]);
  EXPECT_EQ(AnchorsFromJson(AnchorsToJson(anchors)).error().what(),
            "anchors: approvers: more than 100 entries");
}

TEST(Anchors, ReadBackAsTheyWereWritten) {
  Anchors anchors{
      {MakeApprover("counsel-1").key.certificate}, "probatio.example/test+00000000+AQ==", kProvider};
  const std::string json = AnchorsToJson(anchors);
  const Anchors read = AnchorsFromJson(json).value();
  EXPECT_EQ(read.approvers[0].Fingerprint(), anchors.approvers[0].Fingerprint());
  EXPECT_EQ(AnchorsToJson(read), json);
  EXPECT_EQ(
      AnchorsFromJson(
          R"({"schema":"probatio-anchors/2","approvers":[],"custodians":[],"ledger_key":"k","provider":""})")
          .error()
          .what(),
      "anchors: provider: empty");
  EXPECT_EQ(
      AnchorsFromJson(
          R"({"schema":"probatio-anchors/2","approvers":[],"custodians":[],"ledger_key":"k","provider":"p","x":1})")
          .error()
          .what(),
      "anchors: 'x': unknown key");
  EXPECT_EQ(AnchorsFromJson(std::string(kAnchorsBytesMax, 'x')).error().what(),
            "anchors: syntax error at offset 0");
  EXPECT_EQ(AnchorsFromJson(std::string(kAnchorsBytesMax + 1, 'x')).error().what(),
            "anchors: 1048577 bytes, more than 1048576");
}

}  // namespace
}  // namespace probatio::custody::test
