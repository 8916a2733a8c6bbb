#include "order/authority.h"

#include <gtest/gtest.h>

#include "crypto/test_world.h"
#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::Now;
using example::Person;

constexpr std::string_view kPaper = "the decision, as a file";

Authority Court(const std::string& anchor_pem = "") {
  return {"tj-paris",       example::Platform().court, "+33 1 99 00 12 34",        "printed directory",
          anchor_pem,       Person("clerk-1"),         At("2024-01-02T10:00:00Z"), false,
          Person("clerk-2")};
}

Order WithPaper(Bytes paper) {
  nlohmann::json value = example::PlatformJson();
  value["papers"] = {
      {{"name", "decision.pdf"}, {"sha256", ToHex(crypto::Sha256(paper))}, {"kind", "decision"}}};
  return example::Parse(value.dump());
}

template <class T>
void ExpectDenied(const Result<T>& result, std::string_view words) {
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().what().find(words), std::string::npos) << result.error().what();
}

TEST(CallBack, RestsOnDetailsThatDidNotComeWithTheOrder) {
  const Proof proof = ProveByCallBack(Court(), example::Platform(), "Mme Exemple, greffe", Now()).value();
  EXPECT_EQ(proof.way, "call_back");
  EXPECT_EQ(proof.words,
            "called tj-paris back at +33 1 99 00 12 34 (printed directory): Mme Exemple, greffe");
  EXPECT_FALSE(ProveByCallBack(Court(), example::Platform(), "", Now()).ok());
}

TEST(CallBack, ToAnotherAuthorityThanTheOrderNamesProvesNothing) {
  Authority other = Court();
  other.name = "Tribunal judiciaire de Lyon";
  ExpectDenied(ProveByCallBack(other, example::Platform(), "x", Now()), "the order names");
}

TEST(CallBack, WaitsForASecondPersonToConfirmTheDetails) {
  Authority fresh = Court();
  fresh.confirmed_by.reset();
  ExpectDenied(ProveByCallBack(fresh, example::Platform(), "x", Now()), "no second person");
  ExpectDenied(Confirm(fresh, Person("clerk-1")), "another person confirms");
  const Authority confirmed = Confirm(fresh, Person("clerk-2")).value();
  EXPECT_TRUE(ProveByCallBack(confirmed, example::Platform(), "x", Now()).ok());
  ExpectDenied(Confirm(confirmed, Person("clerk-3")), "confirmed already");
}

TEST(CallBack, OnChangedDetailsWaitsForTheCoolingDays) {
  Authority changed = Court();
  changed.replaced = true;
  changed.entered_at = Now();
  const Instant end = Now() + kCoolingDays * kNsPerDay;
  ExpectDenied(ProveByCallBack(changed, example::Platform(), "x", end + (-1)), "not used before");
  EXPECT_TRUE(ProveByCallBack(changed, example::Platform(), "x", end).ok());
}

TEST(SignedPaper, IsHeldAgainstTheAnchorOfTheAuthority) {
  const crypto::Holder root = crypto::MakeAuthority("Greffe (essai)");
  const crypto::Holder judge = crypto::MakeHolder("Le président", crypto::CertificateUse::kPerson, root);
  const Bytes paper = AsBytes(kPaper);
  const Buffer signature =
      crypto::SignDetached(paper, judge.key, judge.certificate, {}, nullptr, Now()).value();
  const Authority court = Court(root.certificate.ToPem());
  const Proof proof = ProveBySignature(court, WithPaper(paper), paper, signature, Now()).value();
  EXPECT_EQ(proof.way, "signature");
  EXPECT_NE(proof.words.find("Le président"), std::string::npos);
  EXPECT_NE(proof.words.find("not known to be unrevoked"), std::string::npos);
  EXPECT_FALSE(ProveBySignature(court, WithPaper(paper), paper, std::nullopt, Now()).ok()) << "no PDF";

  const crypto::Holder stranger = crypto::MakeAuthority("Greffe (essai)");
  EXPECT_FALSE(
      ProveBySignature(Court(stranger.certificate.ToPem()), WithPaper(paper), paper, signature, Now()).ok());
  ExpectDenied(ProveBySignature(Court(), WithPaper(paper), paper, signature, Now()), "no certificate");
  ExpectDenied(ProveBySignature(court, WithPaper(AsBytes("another")), paper, signature, Now()),
               "the order names none");
  const Bytes altered = AsBytes("the decision, as a File");
  EXPECT_FALSE(ProveBySignature(court, WithPaper(altered), altered, signature, Now()).ok());
}

TEST(SignedPaper, ByACertificateNotYetOrNoLongerValidIsRefused) {
  const crypto::Holder root = crypto::MakeAuthority("Greffe (essai)");
  const crypto::Holder judge = crypto::MakeHolder("Le président", crypto::CertificateUse::kPerson, root,
                                                  {At("2024-06-01T00:00:00Z"), At("2024-12-01T00:00:00Z")});
  const Bytes paper = AsBytes(kPaper);
  const Buffer signature =
      crypto::SignDetached(paper, judge.key, judge.certificate, {}, nullptr, Now()).value();
  const Authority court = Court(root.certificate.ToPem());
  EXPECT_TRUE(ProveBySignature(court, WithPaper(paper), paper, signature, Now()).ok());
  for (const char* at : {"2024-05-31T23:59:59Z", "2024-12-02T00:00:00Z"})
    EXPECT_FALSE(ProveBySignature(court, WithPaper(paper), paper, signature, At(at)).ok()) << at;
}

TEST(Authority, IsReadAsItIsWritten) {
  const std::string json = AuthorityToJson(Court("pem"));
  EXPECT_EQ(AuthorityToJson(AuthorityFromJson(json).value()), json);
  Authority nothing = Court();
  nothing.phone.clear();
  EXPECT_FALSE(AuthorityFromJson(AuthorityToJson(nothing)).ok()) << "nothing to hold an order against";
}

}  // namespace
}  // namespace probatio::order
