#include "order/grant.h"

#include <gtest/gtest.h>

#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::Decided;
using example::France;
using example::Happened;
using example::MakeSigner;
using example::Now;
using example::PlatformJson;
using example::Sign;
using example::Signer;
using nlohmann::json;

// An approved founding order, its scope, and two approvers whose certificates are pinned.
class GrantTest : public testing::Test {
 protected:
  void SetUp() override {
    json value = PlatformJson();
    const auto key = crypto::PrivateKey::GenerateP256();
    value["recipients"] = {
        {{"name", "Free"},
         {"certificate_pem",
          example::CertificateFor("Free", key, crypto::CertificateUse::kReceive).ToPem()}}};
    order_ = example::Parse(value.dump());
    assessment_ = Assess(order_, France(), "ecs_operator", Now());
    std::vector<Event> events = example::UntilAssessed();
    events.push_back(Decided("L5", "identifier_used", Choice::kDecline));
    events.push_back(Decided("L5", "pseudonyms", Choice::kDecline));
    events.push_back(Happened(EventKind::kApproved, "approver-1"));
    events.push_back(Happened(EventKind::kApproved, "approver-2"));
    life_ = Replay(events).value();
    scope_ = BuildScope(order_, life_, assessment_, GrantKind::kDisclose, "Example Messaging",
                        "fr 2026-03-31", At("2024-11-20T00:00:00Z"))
                 .value();
  }

  SignedScope Signed(const Scope& scope) const {
    const std::string text = ScopeToJson(scope);
    return {text, {Sign(first_, text), Sign(second_, text)}};
  }

  Result<Grant> Try(SignedScope signed_scope, Instant now = Now()) const {
    return Authorize(order_, life_, assessment_, std::move(signed_scope), pinned_, now);
  }

  std::string Denial(SignedScope signed_scope, Instant now = Now()) const {
    const auto grant = Try(std::move(signed_scope), now);
    if (grant.ok()) return "granted";
    EXPECT_EQ(grant.error().code(), ErrorCode::kDenied);
    return grant.error().what();
  }

  Order order_;
  Assessment assessment_;
  Life life_;
  Scope scope_;
  Signer first_ = MakeSigner("approver-1");
  Signer second_ = MakeSigner("approver-2");
  std::vector<crypto::Certificate> pinned_{first_.certificate, second_.certificate};
};

TEST_F(GrantTest, AnApprovedOrderWithTwoSignaturesIsAGrant) {
  const Grant grant = Try(Signed(scope_)).value();
  EXPECT_EQ(grant.kind(), GrantKind::kDisclose);
  EXPECT_EQ(grant.made_at(), Now());
  EXPECT_EQ(ScopeToJson(grant.scope()), grant.signed_scope().scope_json);
  EXPECT_TRUE(StillHolds(grant, life_, Now()).ok());
}

TEST_F(GrantTest, AnOrderThatIsNotApprovedOpensNothing) {
  life_.state = State::kAssessed;
  EXPECT_EQ(Denial(Signed(scope_)), "authorize: the order is assessed, not approved");
  life_.state = State::kApproved;
  life_.stayed = true;
  EXPECT_EQ(Denial(Signed(scope_)), "authorize: the order is stayed");
}

TEST_F(GrantTest, AClosedGateOfEnforceabilityOpensNothing) {
  const SignedScope signed_scope = Signed(scope_);
  EXPECT_EQ(Denial(signed_scope), "granted");
  order_.formalities.executory_formula = law::Answer::kNo;
  EXPECT_EQ(Denial(signed_scope).substr(0, 35), "authorize: enforceability: formula:");
  order_.formalities.executory_formula = law::Answer::kYes;
  order_.service.at.reset();
  EXPECT_EQ(Denial(signed_scope).substr(0, 34), "authorize: enforceability: notice:");
}

TEST_F(GrantTest, AStayOrAWithdrawalAfterApprovalKillsTheGrant) {
  const Grant grant = Try(Signed(scope_)).value();
  const Life stayed = Apply(life_, Happened(EventKind::kStayed, "counsel-1")).value();
  EXPECT_EQ(StillHolds(grant, stayed, Now()).error().what(), "grant: the order is stayed");
  const Life withdrawn = Apply(life_, Happened(EventKind::kWithdrawn, "counsel-1")).value();
  EXPECT_EQ(StillHolds(grant, withdrawn, Now()).error().what(), "grant: the order is withdrawn");
  life_ = stayed;
  EXPECT_EQ(Denial(Signed(scope_)), "authorize: the order is stayed");
  life_ = Apply(stayed, Happened(EventKind::kStayLifted, "counsel-1")).value();
  EXPECT_EQ(Denial(Signed(scope_)), "granted");
  life_ = withdrawn;
  EXPECT_EQ(Denial(Signed(scope_)), "authorize: the order is withdrawn, not approved");
}

TEST_F(GrantTest, AScopeMayAskForLess) {
  Scope less = scope_;
  less.lines.erase(less.lines.begin());
  less.lines[0].items.pop_back();
  less.lines[0].period.begin = less.lines[0].period.begin + kNsPerDay;
  EXPECT_EQ(Denial(Signed(less)), "granted");
}

TEST_F(GrantTest, AScopeMayNeverAskForMore) {
  Scope more = scope_;
  more.lines[0].period.begin = more.lines[0].period.begin - 1;
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L1: a longer period than is allowed");
  more = scope_;
  more.lines[0].period.end = more.lines[0].period.end + 1;
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L1: a longer period than is allowed");
  more = scope_;
  more.lines[0].subject.value = "m-20241021-0008";
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L1: another subject than the order's");
  more = scope_;
  more.lines[1].events.clear();
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L2: more events than are allowed");
  more = scope_;
  more.lines[1].events.emplace_back("login");
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L2: more events than are allowed");
  more = scope_;
  more.lines[0].items.push_back({"surname", "rule fr.cpc145.id", "text"});
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L1: item surname is not allowed on this basis");
  more = scope_;
  more.lines[0].items[0].basis = "person counsel-1: because";
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L1: item phone is not allowed on this basis");
  more = scope_;
  more.lines.push_back(more.lines[0]);
  more.lines.back().id = "L5";
  EXPECT_EQ(Denial(Signed(more)), "authorize: line L5: order and verdicts allow nothing of it");
  more = scope_;
  more.recipients.emplace_back(64, 'a');
  EXPECT_EQ(Denial(Signed(more)), "authorize: a recipient that the order does not name");
}

TEST_F(GrantTest, TheScopeIsOfThisVeryOrder) {
  Scope other = scope_;
  other.order = OrderId::Parse("another").value();
  EXPECT_EQ(Denial(Signed(other)), "authorize: the scope is of another order");
  other = scope_;
  other.order_digest[0] ^= 1;
  EXPECT_EQ(Denial(Signed(other)), "authorize: the scope is of another text of this order");
  other = scope_;
  other.register_number = "24/00001";
  EXPECT_EQ(Denial(Signed(other)), "authorize: the scope names another decision");
}

TEST_F(GrantTest, TwoPeopleSignWithTwoPinnedKeys) {
  const std::string text = ScopeToJson(scope_);
  EXPECT_EQ(Denial({text, {}}), "approvals: nobody signed; two people are needed");
  EXPECT_EQ(Denial({text, {Sign(first_, text)}}), "approvals: one person signed; two are needed");
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(first_, text)}}),
            "approvals: one person signed; two are needed");
  EXPECT_EQ(Denial({text, std::vector<Approval>(kApprovalsMax + 1, Sign(first_, text))}),
            "approvals: more than 16");

  Signer two_names = first_;
  two_names.person = example::Person("approver-2");
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(two_names, text)}}),
            "approvals: one certificate or key signed twice; two are needed");

  two_names.certificate = example::CertificateFor("approver-2", first_.key, crypto::CertificateUse::kPerson);
  pinned_.push_back(two_names.certificate);
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(two_names, text)}}),
            "approvals: one certificate or key signed twice; two are needed");

  Signer one_person = second_;
  one_person.person = first_.person;
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(one_person, text)}}),
            "approvals: one person signed; two are needed");

  const Signer stranger = MakeSigner("approver-3");
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(stranger, text)}}),
            "approvals[1]: the certificate is not pinned");
}

TEST_F(GrantTest, ASignatureIsOverThisScopeThisPersonAndThisInstant) {
  const std::string text = ScopeToJson(scope_);
  Scope less = scope_;
  less.lines.pop_back();
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(second_, ScopeToJson(less))}}),
            "approvals[1]: the signature is not over this scope");
  SignedScope altered = Signed(scope_);
  altered.approvals[0].at = altered.approvals[0].at + 1;
  EXPECT_EQ(Denial(altered), "approvals[0]: the signature is not over this scope");
  altered = Signed(scope_);
  altered.approvals[0].person = example::Person("approver-9");
  EXPECT_EQ(Denial(altered), "approvals[0]: the signature is not over this scope");
  altered = {text, {Sign(first_, text), Sign(second_, text, At("2026-06-01T00:00:00Z"))}};
  EXPECT_EQ(Denial(altered), "approvals[1]: the certificate was not valid at the instant of signing");
}

TEST_F(GrantTest, TheSignedMessageIsTagScopePersonAndInstant) {
  EXPECT_EQ(AsText(ApprovalMessage("{}", example::Person("approver-1"), At("2024-11-13T08:00:00Z"))),
            "probatio-approval/1\n{}\napprover-1\n2024-11-13T08:00:00Z");
}

TEST_F(GrantTest, AnEd25519KeyApprovesAsWell) {
  auto key = crypto::PrivateKey::GenerateEd25519();
  auto certificate = example::CertificateFor("approver-2", key, crypto::CertificateUse::kPerson);
  const Signer signer{second_.person, std::move(key), certificate};
  pinned_.push_back(certificate);
  const std::string text = ScopeToJson(scope_);
  EXPECT_EQ(Denial({text, {Sign(first_, text), Sign(signer, text)}}), "granted");
}

TEST_F(GrantTest, EndsWhenTheScopeExpires) {
  const Instant end = At("2024-11-20T00:00:00Z");
  EXPECT_EQ(Denial(Signed(scope_), end - 1), "granted");
  EXPECT_EQ(Denial(Signed(scope_), end), "authorize: the scope has expired");
  const Grant grant = Try(Signed(scope_)).value();
  EXPECT_TRUE(StillHolds(grant, life_, end - 1).ok());
  EXPECT_EQ(StillHolds(grant, life_, end).error().what(), "grant: expired");
}

TEST_F(GrantTest, AStayOrAWithdrawalEndsItAtOnce) {
  const Grant grant = Try(Signed(scope_)).value();
  const Life executed = Apply(life_, Happened(EventKind::kExecuted, "operator-1")).value();
  EXPECT_TRUE(StillHolds(grant, executed, Now()).ok());
  const Life stayed = Apply(executed, Happened(EventKind::kStayed, "counsel-1")).value();
  EXPECT_EQ(StillHolds(grant, stayed, Now()).error().what(), "grant: the order is stayed");
  const Life withdrawn = Apply(life_, Happened(EventKind::kWithdrawn, "counsel-1")).value();
  EXPECT_EQ(StillHolds(grant, withdrawn, Now()).error().what(), "grant: the order is withdrawn");
}

}  // namespace
}  // namespace probatio::order
