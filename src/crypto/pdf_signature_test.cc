#include "crypto/pdf_signature.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_corpus.h"
#include "crypto/cades.h"
#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kNow = TestInstant("2024-11-12T14:37:20Z");
constexpr std::size_t kRoom = 8192;  // hexadecimal digits of /Contents

// A PDF of one object, signed; the ranges are `first` + what they should be.
Buffer SignedPdf(const Holder& by, const std::string& kind = "ETSI.CAdES.detached", std::size_t first = 0) {
  const std::string head = "%PDF-1.7\n1 0 obj\n<</Type/Sig/SubFilter/" + kind + "/ByteRange[";
  const auto text_with = [&](std::size_t gap, std::size_t rest) {
    return fmt::format("{}{} {:06} {:06} {:06}]/Contents", head, first, gap, gap + kRoom + 2, rest);
  };
  const std::string tail = ">>\nendobj\n%%EOF\n";
  const std::string before = text_with(text_with(0, 0).size(), tail.size());
  const Buffer cms = SignDetached(AsBytes(before + tail), by.key, by.certificate, {}, nullptr, kNow).value();
  std::string hex = ToHex(cms);
  hex.resize(kRoom, '0');
  return ToBuffer(AsBytes(before + "<" + hex + ">" + tail));
}

std::string Why(Bytes pdf, const Holder& root, Instant now = kNow) {
  const Result<Signature> verified = VerifyPdf(pdf, std::span<const Certificate>(&root.certificate, 1), now);
  return verified.ok() ? "" : verified.error().what();
}

class Pdf : public ::testing::Test {
 protected:
  Holder root_ = MakeAuthority("Greffe (essai)");
  Holder judge_ = MakeHolder("Le président", CertificateUse::kPerson, root_);
};

TEST_F(Pdf, SignedOverAllItsBytesIsAcceptedOfBothKinds) {
  EXPECT_EQ(Why(SignedPdf(judge_), root_), "");
  EXPECT_EQ(Why(SignedPdf(judge_, "adbe.pkcs7.detached"), root_), "");
  EXPECT_THAT(Why(SignedPdf(judge_), MakeAuthority("Other")), HasSubstr("certificate chain"));
  EXPECT_THAT(Why(SignedPdf(judge_, "adbe.x509.rsa_sha1"), root_), HasSubstr("SubFilter is neither"));
}

TEST_F(Pdf, BytesAddedAfterTheSignatureAreSaid) {
  Buffer pdf = SignedPdf(judge_);
  pdf.push_back('\n');
  EXPECT_THAT(Why(pdf, root_), HasSubstr("1 bytes were added after the last signature"));
}

TEST_F(Pdf, ACertificateNotYetOrNoLongerValidIsSaid) {
  EXPECT_THAT(Why(SignedPdf(judge_), root_, TestInstant("2023-06-01T00:00:00Z")), HasSubstr("not yet valid"));
  EXPECT_THAT(Why(SignedPdf(judge_), root_, TestInstant("2027-06-01T00:00:00Z")), HasSubstr("expired"));
}

// Outside the hexadecimal string nothing may differ; inside, nothing that changes who signed or what.
TEST_F(Pdf, NoAlteredByteIsAccepted) {
  const Buffer genuine = SignedPdf(judge_);
  for (std::size_t at = 0; at < genuine.size(); at += genuine[at] == '0' ? 61 : 3) {
    Buffer altered = genuine;
    altered[at] ^= 1;
    const Result<Signature> read =
        VerifyPdf(altered, std::span<const Certificate>(&root_.certificate, 1), kNow);
    if (!read.ok()) continue;
    EXPECT_EQ(read.value().signer.Fingerprint(), judge_.certificate.Fingerprint()) << at;
    EXPECT_EQ(FindPdfSignature(altered).value().content, FindPdfSignature(genuine).value().content) << at;
  }
}

TEST(PdfRanges, OddOnesAreRefused) {
  const auto why = [](const std::string& ranges) {
    const std::string pdf =
        "%PDF-1.7\n1 0 obj <</ByteRange[" + ranges + "]/SubFilter/ETSI.CAdES.detached>> endobj";
    return FindPdfSignature(AsBytes(pdf)).error().what();
  };
  EXPECT_THAT(why("1 2 3 4"), HasSubstr("does not begin at the file's start"));
  EXPECT_THAT(why("0 40 30 4"), HasSubstr("overlap"));
  EXPECT_THAT(why("0 10 20 4000"), HasSubstr("leaves the file"));
  EXPECT_THAT(why("0 10 18446744073709551615 2"), HasSubstr("leaves the file"));
  EXPECT_THAT(why("0 10 99999999999999999999 2"), HasSubstr("not four numbers"));
  EXPECT_THAT(why("0 10 20"), HasSubstr("not four numbers"));
  EXPECT_THAT(why("0 40 60 20"), HasSubstr("something else than the string"));
  EXPECT_THAT(FindPdfSignature(AsBytes("%PDF-1.7")).error().what(), HasSubstr("no signature"));
  EXPECT_THAT(FindPdfSignature(AsBytes("PK")).error().what(), HasSubstr("no PDF"));
}

TEST(PdfRanges, HaveALimit) {
  EXPECT_THAT(FindPdfSignature(Buffer(kPdfBytesMax + 1)).error().what(), HasSubstr("longer than 64 MiB"));
  EXPECT_THAT(FindPdfSignature(Buffer(kPdfBytesMax)).error().what(), HasSubstr("no PDF"));
}

TEST(PdfCorpus, EachSampleGetsItsVerdict) {
  SKIP_WITHOUT_CORPUS("pades");
  const auto why = [](const std::string& name) {
    const Result<Signature> verified = VerifyPdf(ReadCorpus("pades/" + name), {}, kNow);
    return verified.ok() ? std::string() : verified.error().what();
  };
  EXPECT_EQ(why("DSS1376-rev_n-5.pdf"), "");
  EXPECT_EQ(why("doc-firmado-T.pdf"), "");
  EXPECT_THAT(why("DSS-1683.pdf"), HasSubstr("digest algorithm"));
  EXPECT_THAT(why("hide.pdf"), HasSubstr("1182 bytes were added"));
  EXPECT_THAT(why("doc-firmado.pdf"), HasSubstr("document time-stamp"));
  EXPECT_THAT(why("pdf-eof.pdf"), HasSubstr("leaves the file"));
  EXPECT_THAT(why("pades_infinite_loop.pdf"), HasSubstr("leaves the file"));
}

}  // namespace
}  // namespace probatio::crypto
