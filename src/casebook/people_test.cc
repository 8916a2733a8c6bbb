#include <gmock/gmock.h>

#include "casebook/example_casebook.h"

namespace probatio::casebook {
namespace {

class PeopleTest : public CasebookTest {
 protected:
  PeopleTest() : casebook_(Create()), ledger_(LedgerOf(*casebook_)) {}

  crypto::Certificate Issue(const std::string& name) {
    const crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
    const Period validity{ExampleInstant(), ExampleInstant(86'400)};
    return crypto::Certificate::Issue({name, "", crypto::CertificateUse::kPerson, validity}, key.Public(),
                                      key, nullptr, random_)
        .value();
  }
  void Record(order::EventKind kind, const char* person, const char* reason = "") {
    const Status recorded =
        casebook_->RecordEvent(ExampleOrderId(), ExampleEvent(kind, person, ++clock_, reason), ledger_);
    ASSERT_TRUE(recorded.ok()) << recorded.error().what();
  }
  void AddAssessedOrder() {
    ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok());
    Record(order::EventKind::kConfirmed, "counsel-2");
    Record(order::EventKind::kAuthenticated, "counsel-1", "called the registry back");
    Record(order::EventKind::kFoundEnforceable, "counsel-1");
    Record(order::EventKind::kAssessed, "counsel-1");
  }
  std::string ScopeText(int valid_hours) {
    order::Scope scope;
    scope.order = ExampleOrderId();
    scope.court = "tribunal judiciaire de Paris";
    scope.register_number = "24/57625";
    scope.regime = "fr 2026-03-31";
    scope.provider = "Exemple SAS";
    order::ScopeLine line;
    line.id = "L1";
    line.subject = {order::SubjectKind::kMessage, "m-1", std::nullopt};
    line.period = {ExampleInstant(), ExampleInstant(60)};
    line.items = {{"ip", "rule fr.cpc145.id", "CPCE L34-1"}};
    scope.lines = {line};
    scope.recipients = {std::string(64, 'a')};
    scope.valid_until = ExampleInstant(valid_hours * 3600);
    return order::ScopeToJson(scope);
  }
  order::Approval Approve(const char* person) {
    ++clock_;
    const auto signature = static_cast<std::uint8_t>(clock_);
    return {ExamplePersonId(person), Issue(person), {1, 2, signature}, ExampleInstant(clock_)};
  }

  int clock_ = 100;
  std::unique_ptr<Casebook> casebook_;
  ledger::Ledger ledger_;
};

TEST_F(PeopleTest, APersonIsKeptAndTheLedgerKnowsTheCertificate) {
  const crypto::Certificate certificate = Issue(kSecretName);
  const Person person{ExamplePersonId("approver-1"), kSecretName, Role::kApprover, certificate.ToPem(), true};
  ASSERT_TRUE(casebook_->AddPerson(person, ExampleInstant(), ledger_).ok());
  EXPECT_EQ(Reopen()->FindPerson(person.id).value(), person);
  EXPECT_EQ(ledger_.entries().at(0), (ledger::Entry{"person_added",
                                                    ExampleInstant(),
                                                    {{"person", "approver-1"},
                                                     {"role", "approver"},
                                                     {"certificate", ToHex(certificate.Fingerprint())}}}));
}

TEST_F(PeopleTest, APersonIsNeverOverwrittenOnlyDeactivated) {
  const Person person{ExamplePersonId("administrator-1"), "Basile Fictif", Role::kAdministrator, "", true};
  ASSERT_TRUE(casebook_->AddPerson(person, ExampleInstant(), ledger_).ok());
  EXPECT_EQ(casebook_->AddPerson(person, ExampleInstant(), ledger_).error().code(), ErrorCode::kDenied);
  ASSERT_TRUE(casebook_->DeactivatePerson(person.id, ExampleInstant(), ledger_).ok());
  EXPECT_FALSE(casebook_->ListPeople().value().at(0).active);
  EXPECT_EQ(casebook_->DeactivatePerson(person.id, ExampleInstant(), ledger_).error().code(),
            ErrorCode::kDenied);
  EXPECT_EQ(casebook_->DeactivatePerson(ExamplePersonId("x"), ExampleInstant(), ledger_).error().code(),
            ErrorCode::kNotFound);
  EXPECT_EQ(ledger_.size(), 2U);
}

TEST_F(PeopleTest, OneHumanUnderTwoIdsIsNoticedByTheKey) {
  const crypto::PrivateKey key = crypto::PrivateKey::GenerateP256();
  const auto certificate = [&](const char* name) {
    const Period validity{ExampleInstant(), ExampleInstant(86'400)};
    return crypto::Certificate::Issue({name, "", crypto::CertificateUse::kPerson, validity}, key.Public(),
                                      key, nullptr, random_)
        .value()
        .ToPem();
  };
  const Person first{ExamplePersonId("approver-1"), "Basile Fictif", Role::kApprover, certificate("a"), true};
  const Person second{ExamplePersonId("approver-2"), "Odile Fictive", Role::kApprover, certificate("b"),
                      true};
  ASSERT_TRUE(casebook_->AddPerson(first, ExampleInstant(), ledger_).ok());
  const std::string refused = "person: the key is that of approver-1: one human has one id and one key";
  EXPECT_EQ(casebook_->AddPerson(second, ExampleInstant(), ledger_).error().what(), refused);
  ASSERT_TRUE(casebook_->DeactivatePerson(first.id, ExampleInstant(), ledger_).ok());
  EXPECT_EQ(casebook_->AddPerson(second, ExampleInstant(), ledger_).error().what(), refused)
      << "a key is not handed on";
  EXPECT_EQ(ledger_.size(), 2U);
}

TEST_F(PeopleTest, OneHumanUnderTwoIdsIsNoticedByTheNameAndTheAddress) {
  const auto add = [&](const char* id, const char* name) {
    return casebook_->AddPerson({ExamplePersonId(id), name, Role::kLegal, "", true}, ExampleInstant(),
                                ledger_);
  };
  ASSERT_TRUE(add("counsel-1", "Basile Fictif").ok());
  EXPECT_EQ(add("counsel-2", "basile  FICTIF").error().code(), ErrorCode::kDenied);
  ASSERT_TRUE(add("counsel-2", "Basile Fictif (Lyon)").ok());
  const auto reach = [&](const char* id, const char* email) {
    return casebook_->SetContact({ExamplePersonId(id), email, false, {}, {}}, ExampleInstant(), ledger_);
  };
  ASSERT_TRUE(reach("counsel-1", "basile@example.org").ok());
  EXPECT_TRUE(reach("counsel-1", "basile@example.org").ok()) << "his own";
  EXPECT_EQ(reach("counsel-2", "Basile@example.org").error().code(), ErrorCode::kDenied);
  EXPECT_TRUE(reach("counsel-2", "basile.lyon@example.org").ok());
  EXPECT_TRUE(reach("counsel-2", "").ok());

  ASSERT_TRUE(casebook_->DeactivatePerson(ExamplePersonId("counsel-1"), ExampleInstant(), ledger_).ok());
  EXPECT_TRUE(add("counsel-3", "Basile Fictif").ok()) << "who left is no namesake";
}

TEST_F(PeopleTest, ANameOrCertificateThatIsNoneIsRefused) {
  const PersonId id = ExamplePersonId("counsel-1");
  const auto code = [&](const std::string& name, const std::string& pem) {
    const Status added = casebook_->AddPerson({id, name, Role::kLegal, pem, true}, ExampleInstant(), ledger_);
    return added.ok() ? std::string() : added.error().what();
  };
  EXPECT_NE(code("", ""), "");
  EXPECT_NE(code(std::string("a\0b", 3), ""), "");
  EXPECT_NE(code("\xFF", ""), "");
  EXPECT_NE(code("Basile Fictif", "no certificate"), "");
  EXPECT_NE(code(std::string(kPersonNameBytesMax + 1, 'n'), ""), "");
  EXPECT_EQ(code(std::string(kPersonNameBytesMax, 'n'), ""), "");
}

TEST_F(PeopleTest, TwoApprovalsOfOneScopeAreKeptWithTheExactText) {
  AddAssessedOrder();
  EXPECT_EQ(casebook_->SignedScopeOf(ExampleOrderId()).error().code(), ErrorCode::kNotFound);
  const std::string scope = ScopeText(1);
  const order::Approval first = Approve("approver-1");
  ASSERT_TRUE(casebook_->AddApproval(ExampleOrderId(), scope, first, ledger_).ok());
  ASSERT_TRUE(casebook_->AddApproval(ExampleOrderId(), scope, Approve("approver-2"), ledger_).ok());

  const order::SignedScope kept = Reopen()->SignedScopeOf(ExampleOrderId()).value();
  EXPECT_EQ(kept.scope_json, scope);
  ASSERT_EQ(kept.approvals.size(), 2U);
  EXPECT_EQ(kept.approvals[0].person, first.person);
  EXPECT_EQ(kept.approvals[0].signature, first.signature);
  EXPECT_EQ(kept.approvals[0].at, first.at);
  EXPECT_EQ(kept.approvals[0].certificate.Fingerprint(), first.certificate.Fingerprint());
  const auto life = order::Replay(casebook_->EventsOf(ExampleOrderId()).value()).value();
  EXPECT_EQ(life.state, order::State::kApproved);
}

TEST_F(PeopleTest, ANewScopeOrALaterDecisionNeedsItsOwnApprovals) {
  AddAssessedOrder();
  ASSERT_TRUE(casebook_->AddApproval(ExampleOrderId(), ScopeText(1), Approve("approver-1"), ledger_).ok());
  Record(order::EventKind::kAssessed, "counsel-1");
  EXPECT_EQ(casebook_->SignedScopeOf(ExampleOrderId()).error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(casebook_->AddApproval(ExampleOrderId(), ScopeText(1), Approve("approver-1"), ledger_).ok());
  ASSERT_TRUE(casebook_->AddApproval(ExampleOrderId(), ScopeText(2), Approve("approver-2"), ledger_).ok());
  const order::SignedScope kept = casebook_->SignedScopeOf(ExampleOrderId()).value();
  EXPECT_EQ(kept.scope_json, ScopeText(2));
  EXPECT_EQ(kept.approvals.size(), 1U);
}

TEST_F(PeopleTest, AnApprovalThatCannotHappenIsNotKept) {
  ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok());
  const auto early = casebook_->AddApproval(ExampleOrderId(), ScopeText(1), Approve("approver-1"), ledger_);
  EXPECT_EQ(early.error().code(), ErrorCode::kDenied);
  EXPECT_EQ(casebook_->AddApproval(ExampleOrderId(), "{}", Approve("approver-1"), ledger_).error().code(),
            ErrorCode::kInvalid);
  EXPECT_EQ(casebook_->SignedScopeOf(ExampleOrderId()).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ledger_.size(), 1U);
}

TEST_F(PeopleTest, AnApprovalIsTakenOnce) {
  AddAssessedOrder();
  const order::Approval approval = Approve("approver-1");
  ASSERT_TRUE(casebook_->AddApproval(ExampleOrderId(), ScopeText(1), approval, ledger_).ok());
  Record(order::EventKind::kAssessed, "counsel-1");
  const Status again = casebook_->AddApproval(ExampleOrderId(), ScopeText(1), approval, ledger_);
  EXPECT_EQ(again.error().what(), "approved: this very approval was taken before");
}

TEST_F(PeopleTest, TheScopeUnderApprovalIsTheLastOneAskedForSinceTheOrderWasJudged) {
  AddAssessedOrder();
  const OrderId id = ExampleOrderId();
  EXPECT_EQ(casebook_->ScopeUnderApproval(id).error().code(), ErrorCode::kNotFound);
  ASSERT_TRUE(casebook_->RequestApproval(id, ScopeText(1), ExampleInstant(200), ledger_).ok());
  ASSERT_TRUE(casebook_->RequestApproval(id, ScopeText(2), ExampleInstant(201), ledger_).ok());
  const order::UnderApproval asked = Reopen()->ScopeUnderApproval(id).value();
  EXPECT_EQ(asked.scope_json, ScopeText(2));
  EXPECT_EQ(asked.requested_at, ExampleInstant(201));
  EXPECT_EQ(asked.order, id);
  EXPECT_EQ(ledger_.entries().back().type, "approval_requested");
  EXPECT_EQ(ledger_.entries().back().fields.count("digest"), 1U);

  Record(order::EventKind::kAssessed, "counsel-1");
  EXPECT_EQ(casebook_->ScopeUnderApproval(id).error().code(), ErrorCode::kNotFound)
      << "it was drawn up before the order was judged anew";
}

TEST_F(PeopleTest, AScopeOfAnotherOrderIsNotAskedFor) {
  AddAssessedOrder();
  ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(2), Received(), ledger_).ok());
  EXPECT_EQ(
      casebook_->RequestApproval(ExampleOrderId(2), ScopeText(1), ExampleInstant(), ledger_).error().code(),
      ErrorCode::kDenied);
  EXPECT_EQ(
      casebook_->RequestApproval(ExampleOrderId(3), ScopeText(1), ExampleInstant(), ledger_).error().code(),
      ErrorCode::kNotFound);
}

TEST_F(PeopleTest, AHoldIsPinnedShownAndReleasedOnce) {
  ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok());
  Hold hold;
  hold.order = ExampleOrderId();
  hold.streams = {"activity", "nat_session"};
  hold.period = {ExampleInstant(), ExampleInstant(900)};
  hold.pinned_at = ExampleInstant(1000);
  const std::uint64_t id = casebook_->PinHold(hold, ledger_).value();

  const Hold kept = Reopen()->ListHolds().value().at(0);
  EXPECT_EQ(kept.id, id);
  EXPECT_EQ(kept.streams, hold.streams);
  EXPECT_EQ(kept.period, hold.period);
  EXPECT_EQ(kept.pinned_at, hold.pinned_at);
  EXPECT_FALSE(kept.released_at.has_value());
  EXPECT_EQ(
      EntryToJson(ledger_.entries().at(id)),
      R"({"at":"2024-11-12T14:54:00Z","fields":{"begin":"2024-11-12T14:37:20Z","end":"2024-11-12T14:52:20Z",)"
      R"("order":"order-1","streams":"activity,nat_session"},"type":"hold_pinned"})");

  ASSERT_TRUE(casebook_->ReleaseHold(id, ExampleInstant(2000), ledger_).ok());
  EXPECT_EQ(Reopen()->ListHolds().value().at(0).released_at, ExampleInstant(2000));
  EXPECT_EQ(casebook_->ReleaseHold(id, ExampleInstant(2000), ledger_).error().code(), ErrorCode::kDenied);
  EXPECT_EQ(casebook_->ReleaseHold(99, ExampleInstant(2000), ledger_).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(ledger_.size(), 3U);
}

TEST_F(PeopleTest, AHoldNamesStreamsAPeriodAndAnOrder) {
  ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok());
  Hold hold;
  hold.order = ExampleOrderId();
  hold.period = {ExampleInstant(), ExampleInstant(900)};
  EXPECT_EQ(casebook_->PinHold(hold, ledger_).error().code(), ErrorCode::kInvalid);
  hold.streams = {"a,b"};
  EXPECT_EQ(casebook_->PinHold(hold, ledger_).error().code(), ErrorCode::kInvalid);
  hold.streams = std::vector<std::string>(kHoldStreamsMax + 1, std::string(kIdBytesMax, 's'));
  EXPECT_EQ(casebook_->PinHold(hold, ledger_).error().code(), ErrorCode::kInvalid);
  hold.streams.pop_back();
  EXPECT_TRUE(casebook_->PinHold(hold, ledger_).ok());
  hold.period.end = hold.period.begin;
  EXPECT_EQ(casebook_->PinHold(hold, ledger_).error().code(), ErrorCode::kInvalid);
  hold.period.end = hold.period.begin + 1;
  hold.order = ExampleOrderId(9);
  EXPECT_EQ(casebook_->PinHold(hold, ledger_).error().code(), ErrorCode::kNotFound);
}

TEST_F(PeopleTest, ADeliveryIsKeptWithItsReceipt) {
  ASSERT_TRUE(casebook_->AddOrder(ExampleOrder(), Received(), ledger_).ok());
  const Delivery delivery{ExampleOrderId(), crypto::Sha256(AsBytes("package")),
                          crypto::Sha256(AsBytes("receipt")), ExampleInstant(500)};
  ASSERT_TRUE(casebook_->AddDelivery(delivery, ledger_).ok());
  EXPECT_EQ(Reopen()->DeliveriesOf(ExampleOrderId()).value(), std::vector<Delivery>{delivery});
  EXPECT_EQ(ledger_.entries().at(1).fields.at("receipt"), ToHex(delivery.receipt));
}

}  // namespace
}  // namespace probatio::casebook
