#include "crypto/pdf_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_corpus.h"
#include "crypto/cades.h"
#include "crypto/test_pdf.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kNow = TestInstant("2024-11-12T14:37:20Z");
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
  EXPECT_EQ(Why(SignedPdf(judge_, kNow), root_), "");
  EXPECT_EQ(Why(SignedPdf(judge_, kNow, "adbe.pkcs7.detached"), root_), "");
  EXPECT_THAT(Why(SignedPdf(judge_, kNow), MakeAuthority("Other")), HasSubstr("certificate chain"));
  EXPECT_THAT(Why(SignedPdf(judge_, kNow, "adbe.x509.rsa_sha1"), root_), HasSubstr("SubFilter is neither"));
}

TEST_F(Pdf, BytesAddedAfterTheSignatureAreSaid) {
  Buffer pdf = SignedPdf(judge_, kNow);
  pdf.push_back('\n');
  EXPECT_THAT(Why(pdf, root_), HasSubstr("1 bytes were added after the last signature"));
}

// What PAdES-B-LT and -LTA add after the signature.
TEST_F(Pdf, TheSignedRevisionLeavesOutWhatWasAddedAfterIt) {
  const Buffer signed_pdf = SignedPdf(judge_, kNow);
  EXPECT_EQ(SignedRevision(signed_pdf).value(), signed_pdf.size()) << "nothing was added";
  const std::string with_values = std::string(AsText(signed_pdf)) + "2 0 obj\n<</Type/DSS>>\nendobj\n%%EOF\n";
  const Buffer archived = SignedAfter(with_values, judge_, kNow, "ETSI.RFC3161");
  for (const Buffer& longer : {ToBuffer(AsBytes(with_values)), archived}) {
    EXPECT_THAT(Why(longer, root_), HasSubstr(fmt::format("covers the first {}", signed_pdf.size())));
    ASSERT_EQ(SignedRevision(longer).value(), signed_pdf.size());
    EXPECT_EQ(Why(Bytes(longer).first(signed_pdf.size()), root_), "");
  }
}

TEST_F(Pdf, ASecondSignatureMakesASecondRevision) {
  const Holder clerk = MakeHolder("La greffière", CertificateUse::kPerson, root_);
  const Buffer first = SignedPdf(judge_, kNow);
  const Buffer both = SignedAfter(AsText(first), clerk, kNow);
  EXPECT_EQ(SignedRevision(both).value(), both.size());
  const std::vector<Certificate> anchors{root_.certificate};
  EXPECT_EQ(VerifyPdf(both, anchors, kNow).value().signer.Fingerprint(), clerk.certificate.Fingerprint());
}

TEST_F(Pdf, WithDocumentTimeStampsAloneHasNoSignedRevision) {
  const Buffer stamped = SignedPdf(judge_, kNow, "ETSI.RFC3161");
  EXPECT_THAT(SignedRevision(stamped).error().what(),
              HasSubstr("holds document time-stamps and no signature"));
  EXPECT_THAT(Why(stamped, root_), HasSubstr("holds document time-stamps and no signature"));
}

TEST_F(Pdf, ACertificateNotYetOrNoLongerValidIsSaid) {
  EXPECT_THAT(Why(SignedPdf(judge_, kNow), root_, TestInstant("2023-06-01T00:00:00Z")),
              HasSubstr("not yet valid"));
  EXPECT_THAT(Why(SignedPdf(judge_, kNow), root_, TestInstant("2027-06-01T00:00:00Z")), HasSubstr("expired"));
}

// Outside the hexadecimal string nothing may differ; inside, nothing that changes who signed or what.
TEST_F(Pdf, NoAlteredByteIsAccepted) {
  const Buffer genuine = SignedPdf(judge_, kNow);
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
