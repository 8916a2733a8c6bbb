#include "order/authority.h"

#include <gtest/gtest.h>

#include "crypto/test_pdf.h"
#include "crypto/test_revocation.h"
#include "order/test_case.h"

namespace probatio::order {
namespace {

using example::At;
using example::Now;
using example::Person;

constexpr std::string_view kPaper = "the decision, as a file";

Authority Court(const std::string& anchor_pem = "") {
  return {"tj-paris",
          example::Platform().court,
          "+33 1 99 00 12 34",
          "printed directory",
          anchor_pem,
          "",
          Person("clerk-1"),
          At("2024-01-02T10:00:00Z"),
          false,
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
  const Proof proof = ProveBySignature(court, WithPaper(paper), {paper, signature}, Now()).value();
  EXPECT_EQ(proof.way, "signature");
  EXPECT_NE(proof.words.find("Le président"), std::string::npos);
  EXPECT_NE(proof.words.find("not known to be unrevoked"), std::string::npos);
  EXPECT_FALSE(ProveBySignature(court, WithPaper(paper), {paper}, Now()).ok()) << "no PDF";

  const crypto::Holder stranger = crypto::MakeAuthority("Greffe (essai)");
  EXPECT_FALSE(
      ProveBySignature(Court(stranger.certificate.ToPem()), WithPaper(paper), {paper, signature}, Now())
          .ok());
  ExpectDenied(ProveBySignature(Court(), WithPaper(paper), {paper, signature}, Now()), "no certificate");
  ExpectDenied(ProveBySignature(court, WithPaper(AsBytes("another")), {paper, signature}, Now()),
               "the order names none");
  const Bytes altered = AsBytes("the decision, as a File");
  EXPECT_FALSE(ProveBySignature(court, WithPaper(altered), {altered, signature}, Now()).ok());
}

TEST(SignedPaper, ByACertificateNotYetOrNoLongerValidIsRefused) {
  const crypto::Holder root = crypto::MakeAuthority("Greffe (essai)");
  const crypto::Holder judge = crypto::MakeHolder("Le président", crypto::CertificateUse::kPerson, root,
                                                  {At("2024-06-01T00:00:00Z"), At("2024-12-01T00:00:00Z")});
  const Bytes paper = AsBytes(kPaper);
  const Buffer signature =
      crypto::SignDetached(paper, judge.key, judge.certificate, {}, nullptr, Now()).value();
  const Authority court = Court(root.certificate.ToPem());
  EXPECT_TRUE(ProveBySignature(court, WithPaper(paper), {paper, signature}, Now()).ok());
  for (const char* at : {"2024-05-31T23:59:59Z", "2024-12-02T00:00:00Z"})
    EXPECT_FALSE(ProveBySignature(court, WithPaper(paper), {paper, signature}, At(at)).ok()) << at;
}

// A court's certificates come from one authority and its time-stamps from another.
class PdfPaper : public ::testing::Test {
 protected:
  PdfPaper() { court_.stamp_anchor_pem = clock_root_.certificate.ToPem(); }

  Result<Proof> Prove(Bytes file, std::vector<crypto::RevocationValue> revocation = {},
                      bool signed_revision = false, std::optional<Bytes> paper = {}) {
    return ProveBySignature(court_, WithPaper(paper.value_or(file)),
                            {file, {}, signed_revision, std::move(revocation)}, Now());
  }

  crypto::Holder root_ = crypto::MakeAuthority("Greffe (essai)");
  crypto::Holder clock_root_ = crypto::MakeAuthority("Heure (essai)");
  crypto::Holder judge_ = crypto::MakeHolder("Le président", crypto::CertificateUse::kPerson, root_);
  crypto::Holder clock_ = crypto::MakeHolder("Horodatage", crypto::CertificateUse::kTimestamp, clock_root_);
  Instant stamped_ = At("2024-11-12T15:00:00Z");
  std::unique_ptr<crypto::TimestampAuthority> stamping_ =
      crypto::LocalTimestampAuthority(clock_.key, clock_.certificate, [this] { return stamped_; });
  Buffer pdf_ = crypto::SignedPdf(judge_, stamped_, "ETSI.CAdES.detached", stamping_.get());
  Authority court_ = Court(root_.certificate.ToPem());
};

TEST_F(PdfPaper, IsAcceptedAndSaysWhatIsNotKnown) {
  const Proof proof = Prove(pdf_).value();
  EXPECT_NE(
      proof.words.find("inside the PDF, over all of it, under tj-paris, time-stamped 2024-11-12T15:00:00Z"),
      std::string::npos)
      << proof.words;
  EXPECT_NE(proof.words.find("the signer's certificate is not known to be unrevoked"), std::string::npos);
  EXPECT_NE(proof.words.find("the time-stamp's certificate is not known to be unrevoked"), std::string::npos);
}

TEST_F(PdfPaper, ATimeStampsAuthorityVouchesForNoSigner) {
  const crypto::Holder stranger =
      crypto::MakeHolder("Le président", crypto::CertificateUse::kPerson, clock_root_);
  EXPECT_FALSE(Prove(crypto::SignedPdf(stranger, stamped_)).ok());
  court_.stamp_anchor_pem.clear();
  EXPECT_FALSE(Prove(pdf_).ok()) << "and without it the time-stamp chains to nobody";
  court_.anchor_pem += clock_root_.certificate.ToPem();
  EXPECT_TRUE(Prove(pdf_).ok()) << "unless somebody trusts it for both";
}

TEST_F(PdfPaper, IsHeldAgainstTheListsThatAreGiven) {
  const Proof proof = Prove(pdf_, {crypto::MakeList(root_, stamped_, Now())}).value();
  EXPECT_NE(
      proof.words.find("the signer's certificate was not revoked at 2024-11-12T15:00:00Z (CRL of Greffe"),
      std::string::npos)
      << proof.words;
  const Result<Proof> revoked = Prove(
      pdf_, {crypto::MakeList(root_, stamped_, Now(), {{judge_.certificate, At("2024-11-01T00:00:00Z")}})});
  ASSERT_FALSE(revoked.ok());
  EXPECT_EQ(revoked.error().code(), ErrorCode::kCrypto);
  EXPECT_NE(revoked.error().what().find("was revoked on 2024-11-01T00:00:00Z"), std::string::npos);
}

// A paper of PAdES-B-LT: a list was added after the signature.
TEST_F(PdfPaper, WithValidationDataAddedIsItsSignedRevisionWhenAskedFor) {
  const crypto::RevocationValue list = crypto::MakeList(root_, stamped_, Now());
  Buffer longer = pdf_;
  const std::string added =
      "2 0 obj\n<<>>\nstream\n" + std::string(AsText(list.der)) + "\nendstream\nendobj\n";
  longer.insert(longer.end(), added.begin(), added.end());
  EXPECT_FALSE(Prove(longer).ok());
  const Proof proof = Prove(longer, {}, true, pdf_).value();
  EXPECT_NE(proof.words.find(std::to_string(added.size()) + " bytes that were added later are left out"),
            std::string::npos);
  EXPECT_NE(proof.words.find("was not revoked"), std::string::npos) << "the list authenticates itself";
  EXPECT_NE(proof.words.find("paper " + ToHex(crypto::Sha256(pdf_))), std::string::npos);
  ExpectDenied(Prove(longer, {}, true, longer), "the order names none");
  EXPECT_TRUE(Prove(pdf_, {}, true).ok()) << "nothing was added";
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
