#include "crypto/revocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/test_clock.h"
#include "crypto/test_revocation.h"

namespace probatio::crypto {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kContent = "the decision";
const Instant kSigned = TestInstant("2024-11-12T14:00:00Z");
const Instant kBefore = TestInstant("2024-11-10T00:00:00Z");
const Instant kAfter = TestInstant("2024-11-20T00:00:00Z");
const Instant kNow = TestInstant("2025-02-01T00:00:00Z");

class Revocation : public ::testing::Test {
 protected:
  Signature Signed(bool stamped = true, Instant now = kNow) {
    const Buffer cms =
        SignDetached(AsBytes(kContent), judge_.key, judge_.certificate, std::span(&middle_.certificate, 1),
                     stamped ? stamping_.get() : nullptr, kSigned)
            .value();
    return VerifyDetached(AsBytes(kContent), cms, anchors_, now).value();
  }

  Result<RevocationReport> Judge(const std::vector<RevocationValue>& values, bool stamped = true,
                                 Instant now = kNow) {
    return JudgeRevocation(Signed(stamped, now), anchors_, values, now);
  }
  std::string Why(const std::vector<RevocationValue>& values, bool stamped = true) {
    const Result<RevocationReport> report = Judge(values, stamped);
    return report.ok() ? "" : report.error().what();
  }
  // Whether the signer's certificate is said to be unrevoked; the others of the chain stay not known.
  bool Unrevoked(const RevocationValue& value, bool stamped = true) {
    const RevocationReport report = Judge({value}, stamped).value();
    return !report.unrevoked.empty();
  }

  // The founding house: root, intermediate, signer; a clock of its own below another root.
  static Holder Middle(const Holder& root) {
    PrivateKey key = PrivateKey::GenerateP256();
    Certificate certificate =
        IssueTo(key.Public(), "Greffes (essai)", CertificateUse::kAuthority, root.key, &root.certificate);
    return {std::move(key), std::move(certificate)};
  }
  Holder root_ = MakeAuthority("Racine (essai)");
  Holder middle_ = Middle(root_);
  Holder judge_ = MakeHolder("Le président", CertificateUse::kPerson, middle_);
  Holder clock_root_ = MakeAuthority("Heure (essai)");
  Holder clock_ = MakeHolder("Horodatage d'exemple", CertificateUse::kTimestamp, clock_root_);
  std::unique_ptr<TimestampAuthority> stamping_ = std::make_unique<TestClock>(clock_, kSigned);
  Anchors anchors_{std::span<const Certificate>(&root_.certificate, 1),
                   std::span<const Certificate>(&clock_root_.certificate, 1)};
};

TEST_F(Revocation, WithoutAnyInformationIsSaidToBeNotKnownOfEachCertificate) {
  const RevocationReport report = Judge({}).value();
  EXPECT_THAT(report.unrevoked, IsEmpty());
  EXPECT_THAT(report.not_known,
              ElementsAre("the signer's certificate is not known to be unrevoked at 2024-11-12T14:00:00Z: no "
                          "list and no response speaks of it",
                          HasSubstr("the certificate of the authority 'Greffes (essai)' is not known"),
                          HasSubstr("the time-stamp's certificate is not known")));
}

TEST_F(Revocation, ListsOfEveryAuthorityMakeEveryCertificateKnownToBeUnrevoked) {
  const RevocationReport report = Judge({MakeList(middle_, kAfter, kNow), MakeList(root_, kAfter, kNow),
                                         MakeList(clock_root_, kAfter, kNow)})
                                      .value();
  EXPECT_THAT(report.not_known, IsEmpty());
  EXPECT_THAT(report.unrevoked,
              ElementsAre("the signer's certificate was not revoked at 2024-11-12T14:00:00Z (CRL of Greffes "
                          "(essai) of 2024-11-20T00:00:00Z)",
                          HasSubstr("(CRL of Racine (essai)"), HasSubstr("(CRL of Heure (essai)")));
  EXPECT_THAT(RevocationText(report),
              HasSubstr("; the certificate of the authority 'Greffes (essai)' was not"));
}

TEST_F(Revocation, BeforeTheTimeStampIsRefusedWithItsDate) {
  EXPECT_EQ(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, kBefore}})}),
            "the signer's certificate was revoked on 2024-11-10T00:00:00Z, and the time-stamp is later: "
            "2024-11-12T14:00:00Z (CRL of Greffes (essai) of 2024-11-20T00:00:00Z)");
  EXPECT_THAT(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, kSigned}})}),
              HasSubstr("revoked on"));
  EXPECT_THAT(Why({MakeList(root_, kAfter, kNow, {{middle_.certificate, kBefore}})}),
              HasSubstr("authority 'Greffes (essai)' was revoked on 2024-11-10"));
}

TEST_F(Revocation, AfterTheTimeStampHoldsAndIsSaid) {
  const Instant later = kSigned + kNsPerSecond;
  const RevocationReport report =
      Judge({MakeList(middle_, kAfter, kNow, {{judge_.certificate, later}})}).value();
  EXPECT_THAT(
      report.unrevoked,
      ElementsAre("the signer's certificate was revoked on 2024-11-12T14:00:01Z, after the time-stamp "
                  "of 2024-11-12T14:00:00Z (CRL of Greffes (essai) of 2024-11-20T00:00:00Z)"));
}

TEST_F(Revocation, WithoutATimeStampAnyRevocationIsRefused) {
  EXPECT_THAT(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, kAfter}})}, false),
              HasSubstr("no time-stamp of somebody else proves that it signed before"));
  EXPECT_NE(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, kNow + kNsPerDay}})}, false), "")
      << "even for a day that is yet to come";
}

// Whoever takes the signer's key from its machine takes the clock's with it.
TEST_F(Revocation, AfterALocalTimeStampIsRefused) {
  stamping_ = LocalTimestampAuthority(clock_.key, clock_.certificate, [] { return kSigned; });
  EXPECT_EQ(Why({}), "");
  EXPECT_THAT(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, kAfter}})}),
              HasSubstr("no time-stamp of somebody else proves that it signed before"));
}

TEST_F(Revocation, OfATimeStampThatStandsAloneIsJudgedAlike) {
  const TimestampToken token = stamping_->Stamp(Sha256(AsBytes("checkpoint"))).value();
  const auto judge = [&](const RevocationValue& value) {
    return JudgeRevocation(token, anchors_.stamps, std::span(&value, 1), kNow);
  };
  EXPECT_THAT(judge(MakeList(clock_root_, kAfter, kNow)).value().unrevoked,
              ElementsAre(HasSubstr("was not revoked")));
  EXPECT_THAT(judge(MakeList(root_, kAfter, kNow)).value().not_known, ElementsAre(HasSubstr("not known")));
  EXPECT_FALSE(judge(MakeList(clock_root_, kAfter, kNow, {{clock_.certificate, kBefore}})).ok());
}

TEST_F(Revocation, KnownLaterToHaveBeenInvalidEarlierCountsFromThen) {
  const Instant later = kSigned + kNsPerHour;
  EXPECT_EQ(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, later, -1, kSigned + kNsPerSecond}})}),
            "");
  EXPECT_THAT(Why({MakeList(middle_, kAfter, kNow, {{judge_.certificate, later, -1, kSigned}})}),
              HasSubstr("revoked on 2024-11-12T14:00:00Z"));
}

TEST_F(Revocation, AListSpeaksOfInstantsWithinItsTermAndBeforeIt) {
  EXPECT_TRUE(Unrevoked(MakeList(middle_, kSigned, std::nullopt))) << "made at that instant";
  EXPECT_TRUE(Unrevoked(MakeList(middle_, kBefore, kSigned))) << "its term ends with that instant";
  EXPECT_FALSE(Unrevoked(MakeList(middle_, kBefore, kSigned + (-kNsPerSecond)))) << "its term ended before";
  EXPECT_FALSE(Unrevoked(MakeList(middle_, kBefore, std::nullopt))) << "a newer one was always there";
  EXPECT_FALSE(Unrevoked(MakeList(middle_, kAfter, kNow + (-kNsPerSecond)), false)) << "without stamp: now";
  EXPECT_TRUE(Unrevoked(MakeList(middle_, kAfter, kNow), false));
}

TEST_F(Revocation, AListMadeAfterTheCertificatesEndMayHaveDroppedIt) {
  const Instant end = judge_.certificate.Validity().end;
  const auto unrevoked = [&](Instant made) {
    return !Judge({MakeList(middle_, made, std::nullopt)}, true, end + kNsPerDay).value().unrevoked.empty();
  };
  EXPECT_TRUE(unrevoked(end + (-2 * kNsPerSecond)));
  EXPECT_FALSE(unrevoked(end + kNsPerSecond));
}

TEST_F(Revocation, AListOfTheFutureIsNotHeard) {
  EXPECT_TRUE(Unrevoked(MakeList(middle_, kNow + kIssuerClockAheadMax, std::nullopt)));
  EXPECT_FALSE(Unrevoked(MakeList(middle_, kNow + kIssuerClockAheadMax + kNsPerSecond, std::nullopt)));
}

TEST_F(Revocation, AListThatTheIssuerDidNotSignProvesNothingEitherWay) {
  const Holder other = MakeAuthority("Greffes (essai)");
  EXPECT_FALSE(Unrevoked(MakeList(other, kAfter, kNow)));
  EXPECT_FALSE(Unrevoked(MakeList(middle_.certificate, other.key, kAfter, kNow)));
  EXPECT_EQ(Why({MakeList(middle_.certificate, other.key, kAfter, kNow, {{judge_.certificate, kBefore}})}),
            "");
  EXPECT_FALSE(Unrevoked(MakeList(middle_.certificate, middle_.key, kAfter, kNow, {}, {}, EVP_sha1())));
}

TEST_F(Revocation, OnlyWholeListsOfTheRightScopeAreUsed) {
  const auto with = [&](int nid, const char* value) {
    return MakeList(middle_.certificate, middle_.key, kAfter, kNow, {}, TestExtension{nid, value});
  };
  EXPECT_FALSE(Unrevoked(with(NID_delta_crl, "critical,DER:020103"))) << "delta";
  EXPECT_FALSE(Unrevoked(with(NID_issuing_distribution_point, "critical,indirectCRL:TRUE"))) << "indirect";
  EXPECT_FALSE(Unrevoked(with(NID_issuing_distribution_point, "critical,onlyCA:TRUE"))) << "not a CA";
  EXPECT_TRUE(Unrevoked(with(NID_issuing_distribution_point, "critical,onlyuser:TRUE")));
  EXPECT_FALSE(Unrevoked(with(NID_issuing_distribution_point, "critical,onlysomereasons:keyCompromise")));
  EXPECT_FALSE(Unrevoked(with(NID_issuing_distribution_point, "critical,fullname:URI:http://crl.example/1")))
      << "a part at which the certificate does not point";
  EXPECT_FALSE(Unrevoked(with(NID_info_access, "critical,OCSP;URI:http://ocsp.example/"))) << "not known";
  EXPECT_TRUE(Unrevoked(with(NID_info_access, "OCSP;URI:http://ocsp.example/")));
}

TEST_F(Revocation, OfATimeStampsCertificateLeavesTokensOnlyAfterAnOrderlyEnd) {
  const auto why = [&](Instant on, int reason) {
    return Why({MakeList(clock_root_, kAfter, kNow, {{clock_.certificate, on, reason}})});
  };
  EXPECT_EQ(why(kAfter, CRL_REASON_CESSATION_OF_OPERATION), "");
  EXPECT_THAT(why(kBefore, CRL_REASON_CESSATION_OF_OPERATION),
              HasSubstr("time-stamp's certificate was revoked"));
  EXPECT_THAT(why(kAfter, CRL_REASON_KEY_COMPROMISE), HasSubstr("no token of it holds"));
  EXPECT_THAT(why(kAfter, -1), HasSubstr("no token of it holds"));
}

class Response : public Revocation {
 protected:
  RevocationValue By(const Holder& responder, const TestAnswer& answer, const EVP_MD* digest = EVP_sha256()) {
    return ReadRevocationFile(
               MakeResponseFile(responder, judge_.certificate, middle_.certificate, answer, digest))
        .value()
        .at(0);
  }
};

TEST_F(Response, OfTheIssuerOrItsDelegateIsHeard) {
  const TestAnswer good{V_OCSP_CERTSTATUS_GOOD, kAfter};
  EXPECT_TRUE(Unrevoked(By(middle_, good)));
  EXPECT_TRUE(Unrevoked(By(MakeResponder(middle_), good)));
  EXPECT_FALSE(Unrevoked(By(MakeResponder(root_), good))) << "delegated by another";
  EXPECT_FALSE(Unrevoked(By(MakeResponder(middle_, "clientAuth"), good))) << "not a responder";
  EXPECT_FALSE(Unrevoked(By(MakeResponder(middle_, "OCSPSigning", false), good))) << "itself perhaps revoked";
  EXPECT_FALSE(Unrevoked(By(judge_, good))) << "everybody for himself";
  EXPECT_FALSE(Unrevoked(By(middle_, good, EVP_sha1())));
}

TEST_F(Response, SaysGoodRevokedOrThatItDoesNotKnow) {
  const RevocationReport good = Judge({By(middle_, {V_OCSP_CERTSTATUS_GOOD, kAfter})}).value();
  EXPECT_THAT(good.unrevoked.at(0), HasSubstr("(OCSP of Greffes (essai) of 2024-11-20T00:00:00Z)"));
  EXPECT_FALSE(Unrevoked(By(middle_, {V_OCSP_CERTSTATUS_UNKNOWN, kAfter})));
  EXPECT_FALSE(Unrevoked(By(middle_, {V_OCSP_CERTSTATUS_GOOD, kBefore})));
  EXPECT_THAT(Why({By(middle_, {V_OCSP_CERTSTATUS_REVOKED, kAfter, {}, kBefore})}),
              HasSubstr("revoked on 2024-11-10T00:00:00Z"));
  const RevocationReport later =
      Judge({By(middle_, {V_OCSP_CERTSTATUS_REVOKED, kAfter, {}, kAfter})}).value();
  EXPECT_THAT(later.unrevoked.at(0), HasSubstr("after the time-stamp"));
}

TEST_F(Response, AboutAnotherCertificateIsNotHeard) {
  const Holder other = MakeHolder("Un autre", CertificateUse::kPerson, middle_);
  const Buffer file =
      MakeResponseFile(middle_, other.certificate, middle_.certificate, {V_OCSP_CERTSTATUS_GOOD, kAfter});
  EXPECT_FALSE(Unrevoked(ReadRevocationFile(file).value().at(0)));
}

// One bad word is enough, whatever else was brought.
TEST_F(Response, OfGoodDoesNotOutweighAListThatRevokes) {
  EXPECT_THAT(Why({By(middle_, {V_OCSP_CERTSTATUS_GOOD, kAfter}),
                   MakeList(middle_, kAfter, kNow, {{judge_.certificate, kBefore}})}),
              HasSubstr("revoked on"));
}

}  // namespace
}  // namespace probatio::crypto
