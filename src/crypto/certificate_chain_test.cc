#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include "crypto/certificate.h"
#include "crypto/handle.h"
#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kThen = TestInstant("2024-11-12T12:00:00Z");

Status Verify(const Holder& holder, const Certificate& anchor, CertificateUse use, Instant at = kThen) {
  return holder.certificate.VerifyChain({}, std::span(&anchor, 1), at, use);
}

TEST(VerifyChain, AcceptsEachUseForItselfAlone) {
  const Holder authority = MakeAuthority("A");
  const CertificateUse uses[] = {CertificateUse::kAuthority, CertificateUse::kSeal, CertificateUse::kPerson,
                                 CertificateUse::kReceive, CertificateUse::kTimestamp};
  for (const CertificateUse issued : uses) {
    const Holder holder = MakeHolder("H", issued, authority);
    for (const CertificateUse asked : uses) {
      EXPECT_EQ(Verify(holder, authority.certificate, asked).ok(), issued == asked)
          << static_cast<int>(issued) << " as " << static_cast<int>(asked);
    }
  }
}

TEST(VerifyChain, JudgesAtTheInstantThatItIsGiven) {
  const Holder authority = MakeAuthority("A");
  const Period period{TestInstant("2024-06-01T00:00:00Z"), TestInstant("2024-07-01T00:00:00Z")};
  const Holder person = MakeHolder("P", CertificateUse::kPerson, authority, period);
  EXPECT_TRUE(Verify(person, authority.certificate, CertificateUse::kPerson, period.begin).ok());
  EXPECT_TRUE(Verify(person, authority.certificate, CertificateUse::kPerson, period.end - 1).ok());
  EXPECT_THAT(Verify(person, authority.certificate, CertificateUse::kPerson, period.begin - 1).error().what(),
              HasSubstr("not yet valid"));
  EXPECT_THAT(Verify(person, authority.certificate, CertificateUse::kPerson, period.end).error().what(),
              HasSubstr("expired"));
}

TEST(VerifyChain, ClimbsThroughIntermediatesThatAreAuthorities) {
  const Holder root = MakeAuthority("Root");
  const Holder middle = MakeHolder("Middle", CertificateUse::kAuthority, root);
  const Holder person = MakeHolder("P", CertificateUse::kPerson, middle);
  const std::span<const Certificate> anchors(&root.certificate, 1);
  EXPECT_TRUE(person.certificate
                  .VerifyChain(std::span(&middle.certificate, 1), anchors, kThen, CertificateUse::kPerson)
                  .ok());
  EXPECT_EQ(person.certificate.VerifyChain({}, anchors, kThen, CertificateUse::kPerson).error().code(),
            ErrorCode::kCrypto);
  // An anchor is what the caller says it is, also below a root.
  EXPECT_TRUE(Verify(person, middle.certificate, CertificateUse::kPerson).ok());
}

TEST(VerifyChain, APersonCannotMakeItselfAnAuthority) {
  const Holder root = MakeAuthority("Root");
  const Holder person = MakeHolder("P", CertificateUse::kPerson, root);
  // The forger names himself as issuer in an authority's certificate for his own key, then issues below it.
  const Certificate posing =
      IssueTo(person.key.Public(), "P", CertificateUse::kAuthority, person.key, nullptr);
  const Holder victim = MakeHolder("V", CertificateUse::kPerson, {person.key, posing});
  const Certificate both[] = {person.certificate, posing};
  EXPECT_EQ(
      victim.certificate.VerifyChain(both, std::span(&root.certificate, 1), kThen, CertificateUse::kPerson)
          .error()
          .code(),
      ErrorCode::kCrypto);
}

// A time-stamping certificate with another extended key usage, signed anew by its authority.
Certificate WithExtendedKeyUsage(const Holder& clock, const Holder& authority, const char* usage) {
  X509* const altered = X509_dup(clock.certificate.native());
  X509_EXTENSION_free(X509_delete_ext(altered, X509_get_ext_by_NID(altered, NID_ext_key_usage, -1)));
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_ext_key_usage, usage);
  EXPECT_EQ(X509_add_ext(altered, extension, -1), 1);
  X509_EXTENSION_free(extension);
  EXPECT_GT(X509_sign(altered, authority.key.native(), EVP_sha256()), 0);
  Certificate made = Certificate::FromDer(EncodeDer(i2d_X509, altered)).value();
  X509_free(altered);
  return made;
}

TEST(VerifyChain, TimeStampingMustBeCriticalAndTheOnlyPurpose) {
  const Holder authority = MakeAuthority("A");
  const Holder clock = MakeHolder("C", CertificateUse::kTimestamp, authority);
  const auto verify = [&](const char* usage) {
    return WithExtendedKeyUsage(clock, authority, usage)
        .VerifyChain({}, std::span(&authority.certificate, 1), kThen, CertificateUse::kTimestamp)
        .ok();
  };
  EXPECT_TRUE(verify("critical,timeStamping"));
  EXPECT_FALSE(verify("timeStamping"));
  EXPECT_FALSE(verify("critical,timeStamping,codeSigning"));
  EXPECT_FALSE(verify("critical,codeSigning"));
}

TEST(VerifyChain, ASelfSignedCertificateHoldsWhenItIsTheAnchor) {
  const PrivateKey key = PrivateKey::GenerateP256();
  const Certificate own = IssueTo(key.Public(), "S", CertificateUse::kSeal, key, nullptr);
  const Certificate other = MakeAuthority("S").certificate;
  EXPECT_TRUE(own.VerifyChain({}, std::span(&own, 1), kThen, CertificateUse::kSeal).ok());
  EXPECT_FALSE(own.VerifyChain({}, std::span(&own, 1), kThen, CertificateUse::kPerson).ok());
  EXPECT_FALSE(own.VerifyChain({}, std::span(&other, 1), kThen, CertificateUse::kSeal).ok());
  EXPECT_FALSE(own.VerifyChain({}, {}, kThen, CertificateUse::kSeal).ok());
}

TEST(VerifyChain, AnAuthorityWithAnEd25519KeyIsOneToo) {
  const PrivateKey key = PrivateKey::GenerateEd25519();
  const Holder authority{key, IssueTo(key.Public(), "E", CertificateUse::kAuthority, key, nullptr)};
  const Holder person = MakeHolder("P", CertificateUse::kPerson, authority);
  EXPECT_TRUE(Verify(person, authority.certificate, CertificateUse::kPerson).ok());
}

}  // namespace
}  // namespace probatio::crypto
