#include <gtest/gtest.h>

#include "order/approval_answer.h"
#include "order/approval_request.h"
#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::MakeSigner;
using example::Now;
using example::Signer;

Scope ExampleScope(int valid_hours = 24) {
  Scope scope;
  scope.order = OrderId::Parse("order-1").value();
  scope.order_digest = crypto::Sha256(AsBytes("the transcription\n"));
  scope.court = "tribunal judiciaire de Paris";
  scope.register_number = "24/57625";
  scope.regime = "fr 2026-03-31";
  scope.provider = "Exemple SAS";
  ScopeLine line;
  line.id = "L1";
  line.subject = {SubjectKind::kMessage, "m-1", std::nullopt};
  line.period = {At("2024-10-21T00:00:00Z"), At("2024-10-22T00:00:00Z")};
  line.items = {{"source_ip", "rule fr.cpc145.con", "CPCE L34-1"}};
  scope.lines = {line};
  scope.recipients = {std::string(64, 'a')};
  scope.valid_until = Now() + valid_hours * kNsPerHour;
  return scope;
}

ApprovalRequest ExampleRequest() {
  return {Now(), {"L1: a known gap"}, ScopeToJson(ExampleScope()), "the transcription\n"};
}

class AnApproval : public testing::Test {
 protected:
  UnderApproval Asked() const { return {ExampleScope().order, scope_json_, Now()}; }
  ApprovalAnswer Signed(Instant at = Now()) const {
    return SignScope(scope_json_, signer_.person, signer_.key, signer_.certificate, at).value();
  }
  std::string Refusal(const ApprovalAnswer& answer, Instant now = Now()) const {
    const Status checked = CheckAnswer(answer, Asked(), signer_.certificate, now);
    return checked.ok() ? "" : checked.error().what();
  }
  const Signer signer_ = MakeSigner("approver-1");
  const std::string scope_json_ = ScopeToJson(ExampleScope());
};

TEST(ApprovalRequests, AreReadAsTheyWereWritten) {
  const std::string text = ApprovalRequestToText(ExampleRequest());
  const ApprovalRequest read = ApprovalRequestFromText(text).value();
  EXPECT_EQ(ApprovalRequestToText(read), text);
  EXPECT_EQ(read.scope_json, ExampleRequest().scope_json);
  EXPECT_EQ(read.order_source, "the transcription\n");
}

TEST(ApprovalRequests, HoldTheOrderThatTheScopeNamesAndNoOther) {
  ApprovalRequest request = ExampleRequest();
  request.order_source += " ";
  EXPECT_EQ(ApprovalRequestFromText(ApprovalRequestToText(request)).error().what(),
            "approval request: the order in the file is not the one that the scope names");
}

TEST(ApprovalRequests, AreRefusedInAnyOtherForm) {
  const std::string text = ApprovalRequestToText(ExampleRequest());
  EXPECT_FALSE(ApprovalRequestFromText("").ok());
  EXPECT_FALSE(ApprovalRequestFromText("{}\n{}\n").ok());
  EXPECT_FALSE(ApprovalRequestFromText(" " + text).ok());
  EXPECT_FALSE(ApprovalRequestFromText(text.substr(0, text.find('\n'))).ok());
  EXPECT_FALSE(ApprovalRequestFromText(std::string(kApprovalRequestBytesMax + 1, 'x')).ok());
}

TEST(ApprovalRequests, NameSoManyGapsAndNoMore) {
  ApprovalRequest request = ExampleRequest();
  request.known_gaps.clear();
  for (std::size_t i = 0; i < kApprovalGapsMax; ++i) request.known_gaps.push_back(std::to_string(i));
  EXPECT_TRUE(ApprovalRequestFromText(ApprovalRequestToText(request)).ok());
  request.known_gaps.emplace_back("one more");
  EXPECT_FALSE(ApprovalRequestFromText(ApprovalRequestToText(request)).ok());
}

TEST_F(AnApproval, MadeElsewhereIsTaken) {
  const std::string carried = ApprovalAnswerToJson(Signed());
  const ApprovalAnswer read = ApprovalAnswerFromJson(carried).value();
  EXPECT_EQ(ApprovalAnswerToJson(read), carried);
  EXPECT_EQ(Refusal(read), "");
}

TEST_F(AnApproval, IsRefusedOverAnotherScope) {
  const std::string wider = ScopeToJson(ExampleScope(25));
  const ApprovalAnswer answer =
      SignScope(wider, signer_.person, signer_.key, signer_.certificate, Now()).value();
  EXPECT_NE(Refusal(answer).find("over another scope"), std::string::npos);
  // Nor does it help to write our scope's digest over it.
  ApprovalAnswer forged = answer;
  forged.scope_digest = crypto::Sha256(AsBytes(scope_json_));
  EXPECT_EQ(Refusal(forged), "approval: the signature is not over this scope");
}

TEST_F(AnApproval, IsRefusedForAnotherOrderPersonKeyOrInstant) {
  ApprovalAnswer answer = Signed();
  answer.order = OrderId::Parse("order-2").value();
  EXPECT_EQ(Refusal(answer), "approval: is of another order");
  answer = Signed();
  answer.approval.person = example::Person("approver-2");
  EXPECT_EQ(Refusal(answer), "approval: the signature is not over this scope");
  answer = Signed();
  answer.approval.at = Now() + 1;
  EXPECT_EQ(Refusal(answer), "approval: the signature is not over this scope");
  const Signer other = MakeSigner("approver-1");
  answer = SignScope(scope_json_, other.person, other.key, other.certificate, Now()).value();
  EXPECT_EQ(Refusal(answer), "approval: the key is not the one registered for approver-1");
}

TEST_F(AnApproval, IsDatedWithinWhatClocksMayDiffer) {
  EXPECT_EQ(Refusal(Signed(Now() - kApprovalClockSkewMaxNs)), "");
  EXPECT_NE(Refusal(Signed(Now() - kApprovalClockSkewMaxNs - 1)).find("before it was asked for"),
            std::string::npos);
  EXPECT_EQ(Refusal(Signed(Now() + kApprovalClockSkewMaxNs)), "");
  EXPECT_NE(Refusal(Signed(Now() + kApprovalClockSkewMaxNs + 1)).find("set the clock"), std::string::npos);
}

TEST_F(AnApproval, EndsWithItsScope) {
  const Instant end = ExampleScope().valid_until;
  EXPECT_EQ(Refusal(Signed(), end - 1), "");
  EXPECT_EQ(Refusal(Signed(), end), "approval: the scope has expired");
  EXPECT_FALSE(SignScope(scope_json_, signer_.person, signer_.key, signer_.certificate, end).ok());
}

TEST_F(AnApproval, IsNotSignedWithACertificateThatHasEnded) {
  const std::string later = ScopeToJson(ExampleScope(24 * 365 * 3));
  const auto late =
      SignScope(later, signer_.person, signer_.key, signer_.certificate, At("2026-06-01T00:00:00Z"));
  EXPECT_EQ(late.error().what(), "approve: the certificate is not valid now");
}

}  // namespace
}  // namespace probatio::order
