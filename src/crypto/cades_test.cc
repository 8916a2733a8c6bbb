#include "crypto/cades.h"
#include "base/test_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>

#include "crypto/revocation.h"
#include "crypto/signed_data.h"
#include "crypto/test_revocation.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kSignedAt = TestInstant("2024-11-12T14:37:20Z");
const Instant kYearsLater = TestInstant("2030-01-01T00:00:00Z");
constexpr std::string_view kContent = "the manifest";

class Cades : public ::testing::Test {
 protected:
  Cades()
      : stamping_(LocalTimestampAuthority(clock_.key, clock_.certificate,
                                          [] { return kSignedAt + kNsPerSecond; })) {}

  Buffer Sign(const Holder& by, TimestampAuthority* authority = nullptr,
              std::string_view content = kContent) {
    return SignDetached(AsBytes(content), by.key, by.certificate, std::span(&authority_.certificate, 1),
                        authority, kSignedAt)
        .value();
  }
  Result<Signature> Verify(Bytes signature, Instant now = kSignedAt, std::string_view content = kContent) {
    return VerifyDetached(AsBytes(content), signature, std::span(&authority_.certificate, 1), now);
  }

  Holder authority_ = MakeAuthority("Autorité d'exemple");
  Holder seal_ = MakeHolder("Cachet d'exemple", CertificateUse::kSeal, authority_);
  Holder clock_ = MakeHolder("Horodatage d'exemple", CertificateUse::kTimestamp, authority_);
  std::unique_ptr<TimestampAuthority> stamping_;
};

TEST_F(Cades, SaysWhoSignedAndWhenHeSaysSo) {
  const Signature signature = Verify(Sign(seal_)).value();
  EXPECT_EQ(signature.signer.Fingerprint(), seal_.certificate.Fingerprint());
  EXPECT_EQ(signature.claimed_signing_time, kSignedAt);
  EXPECT_FALSE(signature.timestamp.has_value());
}

TEST_F(Cades, RefusesAlteredContent) {
  const Error error = Verify(Sign(seal_), kSignedAt, "the manifesT").error();
  EXPECT_EQ(error.code(), ErrorCode::kCrypto);
  EXPECT_THAT(error.what(), HasSubstr("signature: signature does not verify"));
  EXPECT_TRUE(Verify(Sign(seal_, nullptr, ""), kSignedAt, "").ok());
  EXPECT_FALSE(Verify(Sign(seal_, nullptr, ""), kSignedAt, "x").ok());
}

TEST_F(Cades, APersonSignsAsWellAsASealButACustodiansKeyDoesNot) {
  EXPECT_TRUE(Verify(Sign(MakeHolder("Jeanne Martin", CertificateUse::kPerson, authority_))).ok());
  EXPECT_FALSE(Verify(Sign(MakeHolder("Custodian", CertificateUse::kReceive, authority_))).ok());
  EXPECT_FALSE(Verify(Sign(clock_)).ok());
}

TEST_F(Cades, WithATimeStampTheSignerIsJudgedAtItsInstant) {
  const Buffer stamped = Sign(seal_, stamping_.get());
  const Signature signature = Verify(stamped, kYearsLater).value();
  EXPECT_EQ(signature.timestamp->at, kSignedAt + kNsPerSecond);
  EXPECT_THAT(Verify(Sign(seal_), kYearsLater).error().what(), HasSubstr("expired"));
}

TEST_F(Cades, ATimeStampAfterTheSignersEndDoesNotSaveHim) {
  const auto late = LocalTimestampAuthority(clock_.key, clock_.certificate,
                                            [] { return TestInstant("2025-06-01T00:00:00Z"); });
  const Period until_2025{TestInstant("2024-01-01T00:00:00Z"), TestInstant("2025-01-01T00:00:00Z")};
  const Holder seal = MakeHolder("Cachet", CertificateUse::kSeal, authority_, until_2025);
  EXPECT_THAT(Verify(Sign(seal, late.get()), kSignedAt).error().what(), HasSubstr("expired"));
}

// Stamps another imprint than it was asked for, as if a genuine token had been taken from elsewhere.
class ForSomethingElse : public TimestampAuthority {
 public:
  explicit ForSomethingElse(TimestampAuthority& genuine) : genuine_(genuine) {}
  Result<TimestampToken> Stamp(const Digest&) override {
    return genuine_.Stamp(Sha256(AsBytes("elsewhere")));
  }

 private:
  TimestampAuthority& genuine_;
};

TEST_F(Cades, ATimeStampTakenFromElsewhereIsRefused) {
  ForSomethingElse wrong(*stamping_);
  EXPECT_THAT(Verify(Sign(seal_, &wrong)).error().what(), HasSubstr("stamped for something else"));
  EXPECT_FALSE(VerifyDetached(AsBytes(kContent), Sign(seal_, &wrong), {}, kSignedAt).ok());
}

TEST_F(Cades, ATimeStampOfAnAuthorityThatNobodyTrustsIsRefused) {
  const Holder other = MakeAuthority("Other");
  const Holder clock = MakeHolder("Other clock", CertificateUse::kTimestamp, other);
  const auto untrusted = LocalTimestampAuthority(clock.key, clock.certificate, [] { return kSignedAt; });
  EXPECT_THAT(Verify(Sign(seal_, untrusted.get())).error().what(),
              HasSubstr("time-stamp: certificate chain"));
}

TEST_F(Cades, WithoutAnchorsTheChainIsNotJudgedButTheRestIs) {
  const Buffer signature = Sign(seal_, stamping_.get());
  EXPECT_TRUE(VerifyDetached(AsBytes(kContent), signature, {}, kYearsLater).ok());
  EXPECT_FALSE(VerifyDetached(AsBytes("other"), signature, {}, kYearsLater).ok());
  const Certificate other = MakeAuthority("Other").certificate;
  EXPECT_FALSE(VerifyDetached(AsBytes(kContent), signature, std::span(&other, 1), kSignedAt).ok());
}

// A CMS signature by plain OpenSSL, with the flags that a test wants.
Buffer SignPlainly(const Holder& by, unsigned flags, const Holder* second = nullptr) {
  const Handle<BIO, BIO_free> input(BIO_new_mem_buf(kContent.data(), static_cast<int>(kContent.size())));
  const Handle<CMS_ContentInfo, CMS_ContentInfo_free> cms(
      CMS_sign(by.certificate.native(), by.key.native(), nullptr, nullptr, flags | CMS_BINARY | CMS_PARTIAL));
  if (second != nullptr) {
    CMS_add1_signer(cms.get(), second->certificate.native(), second->key.native(), EVP_sha256(), flags);
  }
  CHECK(CMS_final(cms.get(), input.get(), nullptr, flags | CMS_BINARY) == 1);
  return EncodeDer(i2d_CMS_ContentInfo, cms.get());
}

TEST_F(Cades, EveryMandatoryPartMustBeThere) {
  EXPECT_TRUE(Verify(SignPlainly(seal_, CMS_DETACHED | CMS_CADES)).ok());
  EXPECT_EQ(Verify(SignPlainly(seal_, CMS_DETACHED)).error().what(),
            "signature: attribute signing-certificate missing");
  EXPECT_EQ(Verify(SignPlainly(seal_, CMS_DETACHED | CMS_NOATTR)).error().what(),
            "signature: attribute content-type missing");
  EXPECT_EQ(Verify(SignPlainly(seal_, CMS_CADES)).error().what(),
            "signature: content is enclosed, not detached");
  EXPECT_EQ(Verify(SignPlainly(seal_, CMS_DETACHED | CMS_CADES | CMS_NOCERTS)).error().what(),
            "signature: the signer's certificate is not enclosed");
  EXPECT_EQ(Verify(SignPlainly(seal_, CMS_DETACHED | CMS_CADES, &clock_)).error().what(),
            "signature: not exactly one signature");
}

// A second certificate for the same key and of the same issuer and serial cannot be had; one of another
// issuer with the same key is told apart by the signing-certificate attribute, which the signature covers.
TEST_F(Cades, NoAlteredByteEverGivesAnotherSignerOrInstant) {
  const Buffer genuine = Sign(seal_, stamping_.get());
  std::size_t held = 0;
  for (std::size_t i = 0; i < genuine.size(); ++i) {
    Buffer altered = genuine;
    altered[i] ^= 1;
    const Result<Signature> read = Verify(altered);
    if (!read.ok()) continue;
    ++held;
    EXPECT_EQ(read.value().signer.Fingerprint(), seal_.certificate.Fingerprint()) << i;
    EXPECT_EQ(read.value().claimed_signing_time, kSignedAt) << i;
  }
  // What is not signed: the enclosed authority's certificate, which the anchors replace, and version numbers.
  EXPECT_LT(held, authority_.certificate.ToDer().size() * 2 + 100);
  for (std::size_t size = 0; size < genuine.size(); ++size)
    EXPECT_FALSE(Verify(Bytes(genuine).first(size)).ok());
}

TEST_F(Cades, EnclosesRevocationListsForWhoeverJudgesItLater) {
  const RevocationValue list = MakeList(authority_, kSignedAt + kNsPerMinute, std::nullopt);
  const auto sign = [&](const RevocationValue& value) {
    return SignDetached(AsBytes(kContent), seal_.key, seal_.certificate,
                        std::span(&authority_.certificate, 1), stamping_.get(), kSignedAt,
                        std::span(&value, 1));
  };
  const Signature signature = Verify(sign(list).value()).value();
  ASSERT_EQ(signature.revocation.size(), 1U);
  EXPECT_EQ(signature.revocation[0].der, list.der);
  const RevocationReport report =
      JudgeRevocation(signature, std::span<const Certificate>(&authority_.certificate, 1), {}, kSignedAt)
          .value();
  EXPECT_EQ(report.unrevoked.size(), 2U) << "the seal's and the clock's";
  EXPECT_TRUE(report.not_known.empty());
  EXPECT_EQ(sign({RevocationValue::Kind::kResponse, list.der}).error().what(),
            "signature: only revocation lists can be enclosed");
}

TEST_F(Cades, IsSignedOnlyWithTheCertificatesOwnKey) {
  EXPECT_EQ(
      SignDetached(AsBytes(kContent), clock_.key, seal_.certificate, {}, nullptr, kSignedAt).error().code(),
      ErrorCode::kInvalid);
}

TEST_F(Cades, HasALimit) {
  EXPECT_EQ(Verify(Buffer(kSignatureBytesMax + 1)).error().what(), "signature: longer than 1 MiB");
  EXPECT_EQ(Verify(Buffer(kSignatureBytesMax)).error().what(), "signature: no CMS message");
  const std::vector<Certificate> chain(3000, authority_.certificate);
  EXPECT_FALSE(SignDetached(AsBytes(kContent), seal_.key, seal_.certificate, chain, nullptr, kSignedAt).ok());
}

TEST_F(Cades, TheOpensslCommandAcceptsItAndRefusesAlteredContent) {
  const std::string directory = testing::TempDir();
  WriteFile(directory + "signature.p7s", Sign(seal_, stamping_.get()));
  WriteFile(directory + "content", AsBytes(kContent));
  WriteFile(directory + "altered", AsBytes("the manifesT"));
  WriteFile(directory + "ca.pem", AsBytes(authority_.certificate.ToPem()));
  const std::string command = "openssl cms -verify -cades -binary -inform DER -in " + directory +
                              "signature.p7s -CAfile " + directory + "ca.pem -purpose any -attime " +
                              std::to_string(kSignedAt.unix_ns() / kNsPerSecond) +
                              " -out /dev/null 2>/dev/null" + " -content " + directory;
  EXPECT_EQ(std::system((command + "content").c_str()), 0);
  EXPECT_NE(std::system((command + "altered").c_str()), 0);
}

// Files whose names say their defect; what they signed is not with them, so none can hold, and none may
// crash.
TEST(CadesCorpus, ForeignSignaturesAreReadAndRefusedInPeace) {
  SKIP_WITHOUT_CORPUS("cades");
  const std::string corpus = CorpusPath("cades");
  for (const char* name : {"cades-bes-signeddata-detached.p7s", "Signature-CBp-B-1.p7m",
                           "cades-t-duplicated-sigtst.p7m", "cms-no-sign-cert.p7m"}) {
    const Buffer bytes = ReadFile(corpus + "/" + name);
    ASSERT_FALSE(bytes.empty()) << name;
    EXPECT_FALSE(VerifyDetached(AsBytes("x"), bytes, {}, kSignedAt).ok()) << name;
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
      EXPECT_FALSE(VerifyDetached(AsBytes("x"), Bytes(bytes).first(size), {}, kSignedAt).ok()) << name;
    }
  }
}

TEST(CadesCorpus, SignaturesOverEnclosedContentVerifyByThemselves) {
  SKIP_WITHOUT_CORPUS("cades");
  const std::string corpus = CorpusPath("cades");
  const auto judge = [&](const char* name) {
    const SignedData message = SignedData::Parse(ReadFile(corpus + "/" + name)).value();
    return std::pair(message.VerifySignature(nullptr).ok(), message.VerifySigningCertificate().ok());
  };
  EXPECT_EQ(judge("Signature-CBp-B-1.p7m"), std::pair(true, true));
  EXPECT_EQ(judge("cades-t-duplicated-sigtst.p7m"), std::pair(true, true));
}

}  // namespace
}  // namespace probatio::crypto
