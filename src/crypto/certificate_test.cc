#include "crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kThen = TestInstant("2024-11-12T12:00:00Z");

Secret Passphrase() {
  return Secret("correct horse battery");
}

Result<Certificate> IssueRequest(const Certificate::Request& request) {
  SystemRandom random;
  const PrivateKey key = PrivateKey::GenerateP256();
  return Certificate::Issue(request, key.Public(), key, nullptr, random);
}

TEST(PrivateKey, SignsWhatItsPublicHalfVerifies) {
  for (const PrivateKey& key : {PrivateKey::GenerateP256(), PrivateKey::GenerateEd25519()}) {
    Buffer signature = key.Sign(AsBytes("scope")).value();
    EXPECT_TRUE(key.Public().Verify(AsBytes("scope"), signature).ok());
    EXPECT_EQ(key.Public().Verify(AsBytes("Scope"), signature).error().what(), "signature does not verify");
    signature.back() ^= 1;
    EXPECT_EQ(key.Public().Verify(AsBytes("scope"), signature).error().code(), ErrorCode::kCrypto);
    EXPECT_FALSE(key.Public().Verify(AsBytes("scope"), {}).ok());
    EXPECT_FALSE(PrivateKey::GenerateP256().Public().Verify(AsBytes("scope"), signature).ok());
  }
}

TEST(PrivateKey, LeavesTheHouseOnlyUnderAPassphrase) {
  for (const PrivateKey& key : {PrivateKey::GenerateP256(), PrivateKey::GenerateEd25519()}) {
    const std::string pem = key.ToPem(Passphrase()).value();
    EXPECT_THAT(pem, HasSubstr("BEGIN ENCRYPTED PRIVATE KEY"));
    const PrivateKey again = PrivateKey::FromPem(pem, Passphrase()).value();
    EXPECT_EQ(again.Public().ToDer(), key.Public().ToDer());
    const Error wrong = PrivateKey::FromPem(pem, Secret("incorrect horse battery")).error();
    EXPECT_EQ(wrong.code(), ErrorCode::kCrypto);
    EXPECT_EQ(wrong.what(), "key file: wrong passphrase, or not a key file of ours");
  }
}

TEST(PrivateKey, APassphraseHasALeastAndAGreatestLength) {
  const PrivateKey key = PrivateKey::GenerateP256();
  EXPECT_EQ(key.ToPem(Secret(std::string(kPassphraseBytesMin - 1, 'a'))).error().code(), ErrorCode::kInvalid);
  EXPECT_TRUE(key.ToPem(Secret(std::string(kPassphraseBytesMin, 'a'))).ok());
  EXPECT_TRUE(key.ToPem(Secret(std::string(kPassphraseBytesMax, 'a'))).ok());
  EXPECT_EQ(key.ToPem(Secret(std::string(kPassphraseBytesMax + 1, 'a'))).error().code(), ErrorCode::kInvalid);
}

TEST(PrivateKey, AFileThatIsNoKeyFileIsRefused) {
  EXPECT_EQ(PrivateKey::FromPem("", Passphrase()).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(PrivateKey::FromPem("no PEM", Passphrase()).error().code(), ErrorCode::kInvalid);
  const Holder authority = MakeAuthority("Autorité");
  EXPECT_EQ(PrivateKey::FromPem(authority.certificate.ToPem(), Passphrase()).error().code(),
            ErrorCode::kCrypto);
  const std::string pem = authority.key.ToPem(Passphrase()).value();
  EXPECT_FALSE(PrivateKey::FromPem(pem.substr(0, pem.size() / 2), Passphrase()).ok());
  const std::string padded = pem + std::string(kKeyFileBytesMax - pem.size(), '\n');
  EXPECT_TRUE(PrivateKey::FromPem(padded, Passphrase()).ok());
  EXPECT_EQ(PrivateKey::FromPem(padded + "\n", Passphrase()).error().code(), ErrorCode::kInvalid);
}

TEST(PublicKey, ReadsWhatItWroteAndNothingElse) {
  const PublicKey key = PrivateKey::GenerateP256().Public();
  Buffer der = key.ToDer();
  EXPECT_EQ(PublicKey::FromDer(der).value().ToDer(), der);
  der.push_back(0);
  EXPECT_EQ(PublicKey::FromDer(der).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(PublicKey::FromDer({}).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(PublicKey::FromDer(Buffer(kCertificateBytesMax + 1)).error().code(), ErrorCode::kInvalid);
}

TEST(PublicKey, OfEd25519HasThirtyTwoRawOctets) {
  const PrivateKey key = PrivateKey::GenerateEd25519();
  const Buffer raw = key.Public().RawEd25519();
  EXPECT_EQ(raw.size(), 32U);
  EXPECT_TRUE(
      PublicKey::FromRawEd25519(raw).value().Verify(AsBytes("x"), key.Sign(AsBytes("x")).value()).ok());
  EXPECT_EQ(PublicKey::FromRawEd25519(Bytes(raw).first(31)).error().code(), ErrorCode::kInvalid);
}

TEST(Certificate, SaysWhatWasAskedForIt) {
  const Holder authority = MakeAuthority("Autorité d'exemple");
  const Holder seal = MakeHolder("Cachet d'exemple", CertificateUse::kSeal, authority);
  EXPECT_EQ(seal.certificate.CommonName(), "Cachet d'exemple");
  EXPECT_EQ(seal.certificate.Issuer(), "Autorité d'exemple");
  EXPECT_EQ(seal.certificate.Validity(), TestValidity());
  EXPECT_EQ(seal.certificate.Public().ToDer(), seal.key.Public().ToDer());
  EXPECT_EQ(seal.certificate.Fingerprint(), Sha256(seal.certificate.ToDer()));
}

TEST(Certificate, IsNeverValidLongerThanAskedFor) {
  const Period asked{TestInstant("2024-01-01T00:00:00.5Z"), TestInstant("2024-01-01T00:01:00.5Z")};
  const Certificate made = IssueRequest({"A", "", CertificateUse::kPerson, asked}).value();
  EXPECT_EQ(made.Validity().begin.ToRfc3339(), "2024-01-01T00:00:01Z");
  EXPECT_EQ(made.Validity().end.ToRfc3339(), "2024-01-01T00:01:00Z");
}

TEST(Certificate, ReadsBackFromBothItsForms) {
  const Certificate one = MakeAuthority("A").certificate;
  EXPECT_EQ(Certificate::FromDer(one.ToDer()).value().ToDer(), one.ToDer());
  EXPECT_EQ(Certificate::FromPem(one.ToPem()).value().ToDer(), one.ToDer());
  EXPECT_EQ(Certificate::FromPem(one.ToPem() + one.ToPem()).error().what(),
            "certificate: more than one in the file");
  EXPECT_EQ(Certificate::FromPem("x").error().code(), ErrorCode::kInvalid);
  Buffer longer = one.ToDer();
  longer.push_back(0);
  EXPECT_EQ(Certificate::FromDer(longer).error().what(), "certificate: bytes after its end");
  EXPECT_EQ(Certificate::FromDer(Buffer(kCertificateBytesMax + 1, 0x30)).error().what(),
            "certificate: longer than 64 KiB");
  EXPECT_EQ(Certificate::FromDer(Buffer(kCertificateBytesMax, 0x30)).error().what(),
            "certificate: no X.509 in DER");
}

TEST(Certificate, CutOrAlteredBytesNeverCrashTheReader) {
  const Buffer der = MakeAuthority("A").certificate.ToDer();
  for (std::size_t size = 0; size < der.size(); ++size)
    EXPECT_FALSE(Certificate::FromDer(Bytes(der).first(size)).ok());
  for (std::size_t i = 0; i < der.size(); ++i) {
    Buffer altered = der;
    altered[i] ^= 0xff;
    const Result<Certificate> read = Certificate::FromDer(altered);
    if (!read.ok()) continue;
    EXPECT_FALSE(read.value().CommonName() == "A" && read.value().ToDer() == der);
    (void)read.value().Validity();
    (void)read.value().VerifyChain({}, {}, kThen, CertificateUse::kAuthority).ok();
  }
}

TEST(Certificate, IsNotIssuedForANameOrAPeriodThatCannotBe) {
  const Certificate::Request good{"A", "", CertificateUse::kPerson, TestValidity()};
  EXPECT_TRUE(IssueRequest(good).ok());
  Certificate::Request bad = good;
  bad.common_name = "";
  EXPECT_EQ(IssueRequest(bad).error().what(), "common name: empty");
  bad.common_name = "a\x01";
  EXPECT_EQ(IssueRequest(bad).error().code(), ErrorCode::kInvalid);
  bad.common_name = std::string(kNameBytesMax, 'a');
  EXPECT_TRUE(IssueRequest(bad).ok());
  bad.common_name.push_back('a');
  EXPECT_EQ(IssueRequest(bad).error().what(), "common name: longer than 64 bytes");
  bad = good;
  std::swap(bad.validity.begin, bad.validity.end);
  EXPECT_EQ(IssueRequest(bad).error().what(), "validity: no whole second in it");
}

TEST(Certificate, IsIssuedOnlyByAnAuthorityWithItsOwnKey) {
  SystemRandom random;
  const Holder authority = MakeAuthority("A");
  const Holder person = MakeHolder("Jeanne Martin", CertificateUse::kPerson, authority);
  const PrivateKey key = PrivateKey::GenerateP256();
  const Certificate::Request request{"B", "", CertificateUse::kPerson, TestValidity()};
  const auto issue = [&](const PrivateKey& by, const Certificate* issuer) {
    return Certificate::Issue(request, key.Public(), by, issuer, random);
  };
  EXPECT_TRUE(issue(authority.key, &authority.certificate).ok());
  EXPECT_THAT(issue(person.key, &person.certificate).error().what(), HasSubstr("not an authority"));
  EXPECT_THAT(issue(person.key, &authority.certificate).error().what(), HasSubstr("not the certificate's"));
  EXPECT_THAT(issue(person.key, nullptr).error().what(), HasSubstr("self-signed"));
}

}  // namespace
}  // namespace probatio::crypto
