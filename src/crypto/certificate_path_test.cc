#include "crypto/certificate_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kAt = TestInstant("2024-11-12T14:00:00Z");

TEST(CertificatePath, LeadsFromTheLeafToTheAnchor) {
  const Holder root = MakeAuthority("Racine (essai)");
  const PrivateKey key = PrivateKey::GenerateP256();
  const Certificate middle =
      IssueTo(key.Public(), "Greffes (essai)", CertificateUse::kAuthority, root.key, &root.certificate);
  const Holder judge = MakeHolder("Le président", CertificateUse::kPerson, {key, middle});
  const std::vector<Certificate> between{middle};
  const std::vector<Certificate> anchors{root.certificate};
  const std::vector<Certificate> path = CertificatePath(judge.certificate, between, anchors, kAt).value();
  ASSERT_EQ(path.size(), 3U);
  EXPECT_EQ(path[1].Fingerprint(), middle.Fingerprint());
  EXPECT_EQ(path[2].Fingerprint(), root.certificate.Fingerprint());
  EXPECT_EQ(CertificatePath(judge.certificate, {}, between, kAt).value().size(), 2U) << "any anchor will do";
  EXPECT_EQ(CertificatePath(middle, {}, between, kAt).value().size(), 1U) << "itself the anchor";
  EXPECT_THAT(CertificatePath(judge.certificate, {}, anchors, kAt).error().what(),
              HasSubstr("certificate chain"));
}

TEST(CertificatesFromPem, ReadsOneToAHundred) {
  const std::string pem = MakeAuthority("Racine (essai)").certificate.ToPem();
  std::string many;
  for (std::size_t i = 0; i < kCertificatesInFileMax; ++i) many += pem;
  EXPECT_EQ(CertificatesFromPem(pem).value().size(), 1U);
  EXPECT_EQ(CertificatesFromPem(many).value().size(), kCertificatesInFileMax);
  EXPECT_THAT(CertificatesFromPem(many + pem).error().what(), HasSubstr("more than 100"));
  EXPECT_THAT(CertificatesFromPem("").error().what(), HasSubstr("holds no certificate"));
}

}  // namespace
}  // namespace probatio::crypto
