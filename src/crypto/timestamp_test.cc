#include "crypto/timestamp.h"
#include "base/test_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ts.h>

#include "crypto/handle.h"
#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

using ::testing::HasSubstr;

const Instant kStampedAt = TestInstant("2024-11-12T14:37:20.25Z");

class Timestamp : public ::testing::Test {
 protected:
  static Result<TimestampToken> StampBy(const Holder& holder, const Digest& imprint) {
    return LocalTimestampAuthority(holder.key, holder.certificate, [] { return kStampedAt; })->Stamp(imprint);
  }
  Status VerifyUnder(const Certificate& anchor, const TimestampToken& token) {
    return VerifyTimestamp(token, imprint_, std::span(&anchor, 1));
  }

  Holder authority_ = MakeAuthority("Autorité d'exemple");
  Holder clock_ = MakeHolder("Horodatage d'exemple", CertificateUse::kTimestamp, authority_);
  Digest imprint_ = Sha256(AsBytes("checkpoint"));
};

TEST_F(Timestamp, SaysWhatWasStampedWhenAndByWhom) {
  const TimestampToken token = StampBy(clock_, imprint_).value();
  EXPECT_EQ(token.imprint, imprint_);
  EXPECT_EQ(token.at.ToRfc3339(), "2024-11-12T14:37:20.250Z");
  EXPECT_EQ(token.accuracy_ns, std::nullopt) << "unknown is not exact";
  EXPECT_EQ(token.authority, "Horodatage d'exemple");
  EXPECT_EQ(token.policy, kLocalTimestampPolicy);
  EXPECT_TRUE(VerifyUnder(authority_.certificate, token).ok());
  EXPECT_TRUE(VerifyTimestamp(token, imprint_, {}).ok());
}

TEST_F(Timestamp, DoesNotHoldForSomethingElse) {
  const TimestampToken token = StampBy(clock_, imprint_).value();
  const Error error = VerifyTimestamp(token, Sha256(AsBytes("other")), {}).error();
  EXPECT_EQ(error.code(), ErrorCode::kCrypto);
  EXPECT_EQ(error.what(), "time-stamp: stamped for something else");
}

TEST_F(Timestamp, DoesNotHoldUnderAnotherAuthority) {
  const TimestampToken token = StampBy(clock_, imprint_).value();
  EXPECT_EQ(VerifyUnder(MakeAuthority("Other").certificate, token).error().code(), ErrorCode::kCrypto);
}

TEST_F(Timestamp, FieldsThatDifferFromTheBytesAreNotBelieved) {
  TimestampToken token = StampBy(clock_, imprint_).value();
  token.at = token.at - kNsPerDay;
  EXPECT_EQ(VerifyTimestamp(token, imprint_, {}).error().what(), "time-stamp: fields differ from the token");
}

TEST_F(Timestamp, OnlyACertificateForTimeStampingAloneMayStamp) {
  const Holder seal = MakeHolder("Cachet", CertificateUse::kSeal, authority_);
  EXPECT_EQ(StampBy(seal, imprint_).error().code(), ErrorCode::kCrypto);
}

TEST_F(Timestamp, TheAuthorityMustHaveBeenValidWhenItStamped) {
  const Period before{TestInstant("2024-01-01T00:00:00Z"), TestInstant("2024-11-12T00:00:00Z")};
  const Holder expired = MakeHolder("Horodatage", CertificateUse::kTimestamp, authority_, before);
  const Result<TimestampToken> token = StampBy(expired, imprint_);
  ASSERT_TRUE(token.ok());
  EXPECT_THAT(VerifyUnder(authority_.certificate, token.value()).error().what(), HasSubstr("expired"));
  EXPECT_THAT(VerifyTimestamp(token.value(), imprint_, {}).error().what(), HasSubstr("expired"));
}

TEST_F(Timestamp, NoAlteredByteEverGivesAnotherInstantOrImprint) {
  const TimestampToken token = StampBy(clock_, imprint_).value();
  std::size_t held = 0;
  for (std::size_t i = 0; i < token.der.size(); ++i) {
    Buffer altered = token.der;
    altered[i] ^= 1;
    const Result<TimestampToken> read = ParseTimestamp(altered);
    if (!read.ok() || !VerifyUnder(authority_.certificate, read.value()).ok()) continue;
    ++held;  // a byte that the signature does not cover, such as a version number
    EXPECT_EQ(read.value().at, token.at);
    EXPECT_EQ(read.value().imprint, token.imprint);
  }
  EXPECT_LT(held, 20U);
  for (std::size_t size = 0; size < token.der.size(); ++size) {
    EXPECT_FALSE(ParseTimestamp(Bytes(token.der).first(size)).ok());
  }
}

// A response as an authority on the network sends it: PKIStatusInfo, then the token.
Buffer Response(std::uint8_t status, Bytes token) {
  ByteWriter body;
  body.Raw(Buffer{0x30, 0x03, 0x02, 0x01, status});
  body.Raw(token);
  ByteWriter response;
  response.Raw(Buffer{0x30, 0x82});
  response.U16(static_cast<std::uint16_t>(body.bytes().size()));
  response.Raw(body.bytes());
  return response.Take();
}

TEST_F(Timestamp, IsReadFromAWholeResponseByteForByte) {
  const TimestampToken token = StampBy(clock_, imprint_).value();
  EXPECT_EQ(ParseTimestamp(Response(0, token.der)).value().der, token.der);
  EXPECT_EQ(ParseTimestamp(Response(1, token.der)).value().der, token.der);
  EXPECT_EQ(ParseTimestamp(Response(2, token.der)).error().code(), ErrorCode::kRefused);
  EXPECT_EQ(ParseTimestamp(Response(2, {})).error().what(),
            "time-stamp: the authority granted no token, status 2");
  EXPECT_EQ(ParseTimestamp(Response(0, {})).error().what(), "time-stamp: response without a token");
}

TEST_F(Timestamp, HasALimit) {
  EXPECT_EQ(ParseTimestamp(Buffer(kTimestampBytesMax + 1)).error().what(), "time-stamp: longer than 256 KiB");
  EXPECT_THAT(ParseTimestamp(Buffer(kTimestampBytesMax)).error().what(), testing::Not(HasSubstr("longer")));
  EXPECT_EQ(ParseTimestamp({}).error().code(), ErrorCode::kInvalid);
}

TEST_F(Timestamp, IsAcceptedByTheOpensslCommand) {
  const std::string directory = testing::TempDir();
  const TimestampToken token = StampBy(clock_, imprint_).value();
  WriteFile(directory + "token.tst", token.der);
  WriteFile(directory + "ts-ca.pem", AsBytes(authority_.certificate.ToPem()));
  const std::string command = "openssl ts -verify -token_in -in " + directory + "token.tst -CAfile " +
                              directory + "ts-ca.pem -attime " +
                              std::to_string(kStampedAt.unix_ns() / kNsPerSecond) +
                              " >/dev/null 2>&1 -digest ";
  EXPECT_EQ(std::system((command + ToHex(imprint_)).c_str()), 0);
  EXPECT_NE(std::system((command + ToHex(Sha256(AsBytes("other")))).c_str()), 0);
}

// Tokens of real authorities, RSA, with signing-certificate and signing-certificate-v2, in DER and in BER.
TEST(TimestampCorpus, TokensOfRealAuthoritiesHold) {
  SKIP_WITHOUT_CORPUS("cades");
  const std::string corpus = CorpusPath("cades");
  for (const char* name : {"archive_timestamp.tst", "digidoc4j_timestamp.tst", "d-trust.tsr"}) {
    const Result<TimestampToken> token = ParseTimestamp(ReadFile(corpus + "/" + name));
    ASSERT_TRUE(token.ok()) << name << ": " << token.error().what();
    const Status status = VerifyTimestamp(token.value(), token.value().imprint, {});
    EXPECT_TRUE(status.ok()) << name << ": " << status.error().what();
    EXPECT_EQ(VerifyTimestamp(token.value(), Digest{}, {}).error().code(), ErrorCode::kCrypto) << name;
    const Certificate stranger = MakeAuthority("Other").certificate;
    EXPECT_FALSE(VerifyTimestamp(token.value(), token.value().imprint, std::span(&stranger, 1)).ok()) << name;
  }
  const TimestampToken first = ParseTimestamp(ReadFile(corpus + "/archive_timestamp.tst")).value();
  EXPECT_EQ(first.at.ToRfc3339(), "2016-11-28T13:16:26.266Z");
  EXPECT_EQ(first.accuracy_ns, 1'001'001'000);
  EXPECT_EQ(first.policy, "1.3.6.1.4.1.2706.2.2.5.2.1.1.1");
}

}  // namespace
}  // namespace probatio::crypto
