// What a verifier accepts, and each way in which a package can be wrong.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "crypto/test_revocation.h"
#include "evidence/example_package.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Verification Verify(Bytes package, const Trust& trust = TrustInTheHouse()) {
  Result<Verification> verification = VerifyPackage(package, trust);
  EXPECT_TRUE(verification.ok());
  return verification.ok() ? std::move(verification).value() : Verification{};
}

// The package of a case that was changed after it was made.
std::string FailuresOf(ExampleCase& example, const Trust& trust = TrustInTheHouse()) {
  example.Enter();
  const Result<Buffer> package = example.Build();
  if (!package.ok()) return "not built: " + package.error().what();
  return Failures(VerifyPackage(package.value(), trust));
}

TEST(VerifyPackage, SaysOfAGoodPackageWhatIsProvedAndWhatIsOnlyDeclared) {
  const Verification verification = Verify(ExamplePackage());
  EXPECT_EQ(Failures(verification), "");
  EXPECT_TRUE(verification.valid);
  EXPECT_TRUE(verification.ours);
  EXPECT_EQ(verification.order, "2024-000123");
  EXPECT_EQ(verification.provider, "Messagerie d'exemple");
  EXPECT_THAT(verification.proved,
              Contains(HasSubstr("each disclosed face of 4 row(s) stood, unaltered, in a root")));
  EXPECT_THAT(verification.proved, Contains(HasSubstr("this package reveals no other face")));
  EXPECT_THAT(verification.proved, Contains(HasSubstr("Claire Exemple signed this scope")));
  EXPECT_THAT(verification.with_witness, Contains(HasSubstr("had no second version up to this checkpoint")));
  for (const char* declared : {"that the rows are all there were", "that nothing left by another way",
                               "that the source told the truth", "that purged copies are gone"}) {
    EXPECT_THAT(verification.declared, Contains(declared));
  }
  ASSERT_EQ(verification.rows.size(), 4U);
  EXPECT_THAT(verification.rows[0], HasSubstr("R1 committed_before_order"));
}

TEST(VerifyPackage, SaysOfWhichCertificatesItIsNotKnownWhetherTheyWereRevoked) {
  const Verification verification = Verify(ExamplePackage());
  EXPECT_THAT(
      verification.declared,
      Contains(HasSubstr("the signer's certificate is not known to be unrevoked at 2024-11-14T10:00")));
  EXPECT_THAT(verification.declared, Contains(HasSubstr("the time-stamp's certificate is not known")));
  EXPECT_THAT(verification.declared, Contains(HasSubstr("of an approver was not revoked when he signed")));
}

TEST(VerifyPackage, IsHeldAgainstTheListsThatAreGiven) {
  const House& house = TheHouse();
  Trust trust = TrustInTheHouse();
  const Instant later = house.now + kNsPerDay;
  trust.revocation = {crypto::MakeList(house.authority, later, std::nullopt)};
  const Verification good = Verify(ExamplePackage(), trust);
  EXPECT_TRUE(good.valid);
  EXPECT_THAT(good.proved,
              Contains(HasSubstr("the signer's certificate was not revoked at 2024-11-14T10:00")));
  EXPECT_THAT(good.declared, Not(Contains(HasSubstr("is not known to be unrevoked"))));

  trust.revocation = {
      crypto::MakeList(house.authority, later, std::nullopt, {{house.seal.certificate, later}})};
  const std::string why = Failures(Verify(ExamplePackage(), trust));
  EXPECT_THAT(why, HasSubstr("META-INF/signature.p7s: the signer's certificate was revoked on 2024-11-15"));
  EXPECT_THAT(why, HasSubstr("no time-stamp of somebody else")) << "the local time-stamp saves nobody";

  trust.revocation = {crypto::MakeList(house.authority, later, std::nullopt,
                                       {{house.stamp.certificate, house.now - kNsPerDay}})};
  EXPECT_THAT(Failures(Verify(ExamplePackage(), trust)),
              HasSubstr("ledger/checkpoint.tst: revocation: the time-stamp's certificate was revoked on"));
}

TEST(VerifyPackage, FindsTheListsThatThePackageItselfEncloses) {
  const House& house = TheHouse();
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  members.erase(members.begin(), members.begin() + 3);
  const auto authority = crypto::LocalTimestampAuthority(house.stamp.key, house.stamp.certificate,
                                                         [&] { return TheHouse().now; });
  const crypto::RevocationValue list = crypto::MakeList(house.authority, house.now, std::nullopt);
  const Signer signer{house.seal.key, house.seal.certificate, {}, *authority, std::span(&list, 1)};
  const Verification verification = Verify(SignContainer(members, signer, house.now).value());
  EXPECT_TRUE(verification.valid);
  EXPECT_THAT(verification.proved, Contains(HasSubstr("the time-stamp's certificate was not revoked at")));
  EXPECT_THAT(verification.declared, Not(Contains(HasSubstr("is not known to be unrevoked"))));
}

TEST(VerifyPackage, GivesTheNextOperatorTheTuplesWithTheirError) {
  const Verification verification = Verify(ExamplePackage());
  ASSERT_EQ(verification.tuples.size(), 2U);
  const order::Tuple& tuple = verification.tuples[0].tuple;
  EXPECT_EQ(tuple.ip.ToText(), "203.0.113.7");
  EXPECT_EQ(tuple.port, 51'234);
  EXPECT_EQ(tuple.proto, 6);
  EXPECT_EQ(tuple.error_ns, kNsPerMs);
}

TEST(VerifyPackage, SaysThatALocalTimeStampProvesNothingToAThirdParty) {
  EXPECT_THAT(Verify(ExamplePackage()).declared, Contains(HasSubstr("local time-stamp, proves nothing")));
}

TEST(VerifyPackage, ProvesNoInstantAndNoNameWithoutSomebodyTrusted) {
  const Verification verification = Verify(ExamplePackage(), {{}, "", TheHouse().now});
  EXPECT_THAT(verification.proved, Contains(HasSubstr("committed by an instant that is only declared")));
  EXPECT_THAT(verification.proved, Contains(HasSubstr("a certificate made out to Claire Exemple signed")));
}

TEST(VerifyPackage, SaysAloudThatAClockWasOnlyForDemonstration) {
  ExampleCase example;
  example.disclosure.demonstration_clock = true;
  example.Enter();
  EXPECT_THAT(Verify(example.Build().value()).declared, Contains(HasSubstr("demonstration clock")));
  EXPECT_THAT(Verify(ExamplePackage()).declared, Not(Contains(HasSubstr("demonstration clock"))));
}

TEST(VerifyPackage, DeclaresWhichDisclosureAnAnswerToARecalledOrderSupersedes) {
  ExampleCase example;
  example.disclosure.supersedes = std::string(64, 'a');
  example.Enter();
  const Verification verification = Verify(example.Build().value());
  EXPECT_TRUE(verification.valid) << Failures(verification);
  EXPECT_THAT(verification.declared, Contains(HasSubstr("supersedes the disclosure with the digest aaaa")));
  EXPECT_THAT(Verify(ExamplePackage()).declared, Not(Contains(HasSubstr("supersedes"))));
  example.disclosure.supersedes = "not a digest";
  example.Enter();
  const auto built = example.Build();
  EXPECT_FALSE(built.ok() && Verify(built.value()).valid);
}

TEST(VerifyPackage, GradesARowWhoseSegmentClosedAfterTheOrderCame) {
  ExampleCase example;
  example.closed_late = true;
  example.Enter();
  const Verification verification = Verify(example.Build().value());
  EXPECT_TRUE(verification.valid) << Failures(verification);
  EXPECT_THAT(verification.rows[0], HasSubstr("committed_after_order"));
}

TEST(VerifyPackage, DeclaresARowOfAJournalAndDoesNotCallItProved) {
  ExampleCase example;
  example.journal = true;
  for (resolve::Support& support : example.disclosure.answers[0].candidates[0].supports) {
    if (support.row.segment != example.activities.id) continue;
    support.row.proof.reset();
    support.row.journal_batch = {1, 2, 3};
  }
  example.Enter();
  const Verification verification = Verify(example.Build().value());
  EXPECT_TRUE(verification.valid) << Failures(verification);
  EXPECT_THAT(verification.rows[0], HasSubstr("journal_before_order"));
  EXPECT_THAT(verification.declared, Contains(HasSubstr("R1: found in the journal")));
  EXPECT_THAT(verification.proved, Contains(HasSubstr("each disclosed face of 1 row(s)")));
}

TEST(VerifyPackage, RefusesARowThatLostItsProofThoughItsSegmentClosedWell) {
  ExampleCase example;
  example.disclosure.answers[0].candidates[0].supports[0].row.proof.reset();
  EXPECT_THAT(FailuresOf(example), HasSubstr("has no proof, and its segment was not closed by a crash"));
}

TEST(VerifyPackage, WithoutAnchorsSaysThatChainsWereNotJudged) {
  const Verification verification = Verify(ExamplePackage(), {{}, "", TheHouse().now});
  EXPECT_TRUE(verification.valid) << Failures(verification);
  EXPECT_THAT(verification.declared, Contains(HasSubstr("no trusted certificates were given")));
}

TEST(VerifyPackage, RefusesAnAnchorThatIssuedNothingInThePackage) {
  const crypto::Holder other = crypto::MakeAuthority("Autre autorité");
  const Verification verification = Verify(ExamplePackage(), {{other.certificate}, "", TheHouse().now});
  EXPECT_FALSE(verification.valid);
  EXPECT_THAT(verification.failures, Contains(HasSubstr("META-INF/signature.p7s")));
}

TEST(VerifyPackage, AcceptsTheLedgerKeyThatWasPublishedAndNoOther) {
  Trust trust = TrustInTheHouse();
  trust.ledger_key = ledger::VerifierKey("probatio.example/platform", TheHouse().ledger_key.Public());
  EXPECT_TRUE(Holds(ExamplePackage(), trust));
  trust.ledger_key =
      ledger::VerifierKey("probatio.example/platform", crypto::PrivateKey::GenerateEd25519().Public());
  EXPECT_THAT(Failures(VerifyPackage(ExamplePackage(), trust)),
              HasSubstr("is not the verifier key that you trust"));
}

// The certificates of the house ended at the beginning of 2026; the verifier asks at the end of it.
TEST(VerifyPackage, JudgesCertificatesAtTheTimeStampsInstantNotToday) {
  EXPECT_TRUE(Holds(ExamplePackage(), {{TheHouse().authority.certificate}, "", At("2029-01-01T00:00:00Z")}));
}

TEST(VerifyPackage, RefusesAScopeThatOnePersonSigned) {
  ExampleCase example;
  example.Approve({"counsel-1"});
  EXPECT_THAT(FailuresOf(example), HasSubstr("one person signed; two are needed"));
}

TEST(VerifyPackage, RefusesAnApproverWhomAnotherAuthorityMade) {
  const crypto::Holder other = crypto::MakeAuthority("Autre autorité");
  const crypto::Holder stranger = crypto::MakeHolder("Inconnu", crypto::CertificateUse::kPerson, other);
  ExampleCase example;
  example.disclosure.signed_scope.approvals[1] =
      ApprovalBy("privacy-1", stranger, example.disclosure.signed_scope.scope_json);
  EXPECT_THAT(FailuresOf(example), HasSubstr("scope.json: approvals[1]"));
}

TEST(VerifyPackage, RefusesTheScopeOfAnotherOrder) {
  ExampleCase example;
  example.Enter();
  ExampleCase other(ExampleScope("2024-000999"));
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  In(members, "scope.json").content = ToBuffer(AsBytes(ScopeFileJson(other.disclosure.signed_scope)));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("is the scope of another order"));
}

TEST(VerifyPackage, RefusesAScopeThatHadExpired) {
  order::Scope scope = ExampleScope();
  scope.valid_until = TheHouse().now;
  ExampleCase example(scope);
  EXPECT_THAT(FailuresOf(example), HasSubstr("had expired when it was executed"));
}

TEST(VerifyPackage, RefusesAFaceThatNoLineGrants) {
  ExampleCase example;
  example.disclosure.answers[0].candidates[0].supports.back().faces.insert(record::Face::kSurname);
  EXPECT_THAT(FailuresOf(example), HasSubstr("R4: face surname is granted by no line that the row serves"));
}

TEST(VerifyPackage, RefusesAddressesWhereOnlyIdentityWasGranted) {
  order::Scope scope = ExampleScope();
  scope.lines[0].items.resize(1);
  ExampleCase example(scope);
  EXPECT_THAT(FailuresOf(example), HasSubstr("R2: face what is granted by no line"));
}

TEST(VerifyPackage, RefusesTheRowsOfSomebodyElse) {
  ExampleCase example;
  for (const seal::ProvenRow& row : example.activities.rows) {
    if (std::get<record::Activity>(row.record).account != "u-2") continue;
    example.disclosure.answers[0].candidates[0].supports.push_back(
        {row, {record::Face::kWhat, record::Face::kWho}, "event"});
  }
  EXPECT_THAT(FailuresOf(example), HasSubstr("R5: is of another holder than its candidate"));
}

TEST(VerifyPackage, RefusesACandidateThatNothingTiesToTheMessage) {
  ExampleCase example(ExampleScope("2024-000123", "m-9"));
  EXPECT_THAT(FailuresOf(example), HasSubstr("no row ties the candidate to the line's subject"));
}

// The founding order granted two events, not the account's whole history.
TEST(VerifyPackage, RefusesAnEventOfAKindOrAPeriodThatTheLineDoesNotName) {
  order::Scope scope = ExampleScope();
  scope.lines[0].events = {"message_sent"};
  ExampleCase example(scope);
  EXPECT_THAT(FailuresOf(example), HasSubstr("face what is granted by no line that the row serves"));
  order::Scope later = ExampleScope();
  later.lines[0].period.begin = At("2024-10-21T07:00:00.001Z");
  ExampleCase too_early(later);
  EXPECT_THAT(FailuresOf(too_early), HasSubstr("face what is granted by no line that the row serves"));
}

TEST(VerifyPackage, RefusesACertaintyThatItsCandidatesDoNotBear) {
  ExampleCase example;
  example.disclosure.answers[0].candidates.push_back({"u-3", example.Ties("u-3", "m-1"), {}});
  EXPECT_THAT(FailuresOf(example), HasSubstr("line L1: says unique and names 2 candidate(s)"));
}

TEST(VerifyPackage, RefusesMoreOfAJournalsRowInTheProofsThanTheDisclosureShows) {
  ExampleCase example;
  example.journal = true;
  for (resolve::Support& support : example.disclosure.answers[0].candidates[0].supports) {
    if (support.row.segment == example.activities.id) support.row.proof.reset();
  }
  example.Enter();
  std::vector<Member> members = ReadContainer(example.Build().value()).value();
  json proofs = json::parse(In(members, "proofs.json").content);
  proofs["rows"][1]["row"]["revealed"].push_back("rest");
  proofs["rows"][1]["row"]["record"]["seq"] = 5;
  In(members, "proofs.json").content = ToBuffer(AsBytes(proofs.dump()));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("R2: disclosure.json and proofs.json show different faces"));
}

// A rule speaks of everybody who shares an address and names no holder.
TEST(VerifyPackage, JudgesARowOfAnAddressSharingRuleLikeAnyOther) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  json proofs = json::parse(In(members, "proofs.json").content);
  json& row = proofs["rows"][0]["row"];
  row["kind"] = "sharing_rule";
  row["record"] = {{"class", "network"},
                   {"at", "2024-10-21T00:00:00Z"},
                   {"at_resolution_ns", 1'000'000'000},
                   {"at_source", "event"},
                   {"event", "rule_port_sets"},
                   {"public_first", "203.0.113.0"},
                   {"public_last", "203.0.113.255"},
                   {"psid_length", 2},
                   {"psid_offset", 0},
                   {"rule", "quarters"},
                   {"valid_from", "2024-03-01T00:00:00Z"}};
  In(members, "proofs.json").content = ToBuffer(AsBytes(proofs.dump()));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("R1: disclosure.json and proofs.json show different records"));
}

TEST(VerifyPackage, RefusesProofsWrittenInAnotherWay) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  const json proofs = json::parse(In(members, "proofs.json").content);
  In(members, "proofs.json").content = ToBuffer(AsBytes(proofs.dump(1)));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("proofs.json: proofs: not in canonical form"));
}

TEST(VerifyPackage, RefusesMembersInAnotherOrder) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  std::swap(members[4], members[5]);
  EXPECT_THAT(Failures(VerifyPackage(WriteContainer(members).value(), TrustInTheHouse())),
              HasSubstr("container: its members stand in another order"));
}

TEST(VerifyPackage, RefusesAnApprovalShownTwice) {
  ExampleCase example;
  auto& approvals = example.disclosure.signed_scope.approvals;
  approvals.push_back(approvals.front());
  EXPECT_THAT(FailuresOf(example), HasSubstr("scope.json: one approval stands twice"));
}

TEST(VerifyPackage, RefusesAnAnswerLeftOut) {
  ExampleCase example;
  example.disclosure.answers.clear();
  EXPECT_THAT(FailuresOf(example), HasSubstr("not one for each line of the scope"));
}

// The provider alters a record and signs everything anew. The commitment was made before.
TEST(VerifyPackage, RefusesARecordAlteredBeforeItWasSigned) {
  ExampleCase example;
  auto& row = example.disclosure.answers[0].candidates[0].supports[1].row;
  std::get<record::Activity>(row.record).source_port = 1;
  EXPECT_THAT(FailuresOf(example), HasSubstr("commitment is not the face's"));
}

TEST(VerifyPackage, RefusesARootThatTheLedgerDoesNotHold) {
  ExampleCase example;
  const SealedRows again = SealActivities({seal::MessageSent("u-48213", "m-1")});
  example.activities.image = again.image;
  EXPECT_THAT(FailuresOf(example), HasSubstr("the ledger holds another root for its segment"));
}

TEST(VerifyPackage, RefusesADisclosureThatTheLedgerDidNotEnter) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  json disclosure = json::parse(In(members, "disclosure.json").content);
  disclosure["answers"][0]["explanation"] = "another explanation";
  In(members, "disclosure.json").content = ToBuffer(AsBytes(disclosure.dump()));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("is not the disclosure that the ledger entered"));
}

TEST(VerifyPackage, RefusesAGradeThatFlatters) {
  ExampleCase example;
  example.closed_late = true;
  example.Enter();
  std::vector<Member> members = ReadContainer(example.Build().value()).value();
  json disclosure = json::parse(In(members, "disclosure.json").content);
  disclosure["rows"][0]["grade"] = "committed_before_order";
  In(members, "disclosure.json").content = ToBuffer(AsBytes(disclosure.dump()));
  EXPECT_THAT(
      Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
      HasSubstr("R1: disclosure.json says committed_before_order, the ledger says committed_after_order"));
}

TEST(VerifyPackage, RefusesAHiddenFaceSlippedIntoTheProofs) {
  ExampleCase example;
  example.Enter();
  std::vector<Member> members = ReadContainer(example.Build().value()).value();
  example.disclosure.answers[0].candidates[0].supports.back().faces.insert(record::Face::kSurname);
  In(members, "proofs.json").content = ToBuffer(AsBytes(ProofsJson(example.disclosure)));
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("R4: disclosure.json and proofs.json show different faces"));
}

TEST(VerifyPackage, RefusesRowsSwappedBetweenTwoPackages) {
  ExampleCase other(ExampleScope("2024-000124", "m-5"), "u-5", "m-5", "00000002");
  other.Enter();
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  std::vector<Member> theirs = ReadContainer(other.Build().value()).value();
  json disclosure = json::parse(In(members, "disclosure.json").content);
  json proofs = json::parse(In(members, "proofs.json").content);
  disclosure["rows"][0] = json::parse(In(theirs, "disclosure.json").content)["rows"][0];
  proofs["rows"][0] = json::parse(In(theirs, "proofs.json").content)["rows"][0];
  In(members, "disclosure.json").content = ToBuffer(AsBytes(disclosure.dump()));
  In(members, "proofs.json").content = ToBuffer(AsBytes(proofs.dump()));
  const std::string failures = Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse()));
  EXPECT_THAT(failures, HasSubstr("R1: no entry of the ledger closes its segment"));
  EXPECT_THAT(failures, HasSubstr("is not the disclosure that the ledger entered"));
}

TEST(VerifyPackage, RefusesATableThatSaysSomethingElse) {
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  In(members, "disclosure.csv").content.back() = 'x';
  EXPECT_THAT(Failures(VerifyPackage(SignedAgain(members), TrustInTheHouse())),
              HasSubstr("disclosure.csv: is not the table of disclosure.json"));
}

TEST(VerifyPackage, RefusesTheSignatureOfAPersonInPlaceOfASeal) {
  const House& house = TheHouse();
  std::vector<Member> members = ReadContainer(ExamplePackage()).value();
  members.erase(members.begin(), members.begin() + 3);
  const auto authority = crypto::LocalTimestampAuthority(house.stamp.key, house.stamp.certificate,
                                                         [&] { return TheHouse().now; });
  const Buffer package =
      SignContainer(members, {house.counsel.key, house.counsel.certificate, {}, *authority}, house.now)
          .value();
  EXPECT_THAT(Failures(VerifyPackage(package, TrustInTheHouse())), HasSubstr("is not by a provider's seal"));
}

TEST(VerifyPackage, IsAnErrorOnlyForWhatIsNoContainer) {
  EXPECT_EQ(VerifyPackage(AsBytes("hello"), {}).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(VerifyPackage({}, {}).error().code(), ErrorCode::kInvalid);
  EXPECT_FALSE(Verify(Bytes(ExamplePackage()).first(1000)).valid);
}

TEST(BuildPackage, RefusesADisclosureThatWasNotEntered) {
  ExampleCase example;
  example.Enter();
  example.disclosure.answers[0].explanation = "changed afterwards";
  EXPECT_EQ(example.Build().error().what(), "package: the ledger's entry is not of this disclosure");
}

TEST(BuildPackage, RefusesProofsAgainstTwoCheckpoints) {
  ExampleCase example;
  example.Enter();
  example.disclosure.order_received.checkpoint += "x";
  EXPECT_EQ(example.Build().error().what(),
            "package: the order's reception is proved against another checkpoint");
}

TEST(Verification, IsToldInWordsAndAsJson) {
  const Verification verification = Verify(ExamplePackage());
  const std::string text = VerificationText(verification);
  EXPECT_THAT(text, HasSubstr("VALID\n"));
  EXPECT_THAT(text, HasSubstr("\nProved only with a witness\n"));
  const json parsed = json::parse(VerificationJson(verification));
  EXPECT_EQ(parsed["valid"], true);
  EXPECT_EQ(parsed["tuples"][0]["port"], 51'234);
}

}  // namespace
}  // namespace probatio::evidence
