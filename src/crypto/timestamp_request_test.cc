#include "crypto/timestamp_request.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "crypto/system_random.h"
#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

// An authority of others: OpenSSL's own responder, on a key pair of ours.
class TimestampRequestTest : public testing::Test {
 protected:
  TimestampRequestTest() {
    WriteFile(folder_ + "tsa.crt", AsBytes(clock_.certificate.ToPem()));
    const Secret passphrase("une phrase de passe d'essai");
    WriteFile(folder_ + "tsa.key", AsBytes(clock_.key.ToPem(passphrase).value()));
    WriteFile(folder_ + "tsa.cnf",
              AsBytes("[one]\nserial = " + folder_ +
                      "serial\ndefault_policy = 1.2.3.4.1\ndigests = sha256\nsigner_digest = sha256\n"
                      "ess_cert_id_alg = sha256\n"));
  }
  Buffer Answer(const TimestampRequest& request) {
    WriteFile(folder_ + "query.tsq", request.der);
    const std::string command = "cd " + folder_ +
                                " && openssl ts -reply -config tsa.cnf -section one -queryfile query.tsq"
                                " -signer tsa.crt -inkey tsa.key -passin \"pass:une phrase de passe d'essai\""
                                " -out answer.tsr >/dev/null 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return ReadFile(folder_ + "answer.tsr");
  }
  Result<TimestampToken> Check(Bytes answer, const TimestampRequest& request) {
    return CheckTimestampResponse(answer, request, std::span(&authority_.certificate, 1));
  }

  const std::string folder_ = testing::TempDir();
  const Period valid_{Instant::FromUnixSeconds(1'700'000'000), Instant::FromUnixSeconds(4'000'000'000)};
  Holder authority_ = MakeAuthority("Autorité d'exemple", valid_);
  Holder clock_ = MakeHolder("Horodatage d'exemple", CertificateUse::kTimestamp, authority_, valid_);
  SystemRandom random_;
  const Digest imprint_ = Sha256(AsBytes("checkpoint"));
};

TEST_F(TimestampRequestTest, TheAnswerOfAnAuthorityIsTaken) {
  const TimestampRequest request = DrawTimestampRequest(imprint_, random_);
  const Result<TimestampToken> token = Check(Answer(request), request);
  ASSERT_TRUE(token.ok()) << token.error().what();
  EXPECT_EQ(token.value().imprint, imprint_);
  EXPECT_EQ(token.value().authority, "Horodatage d'exemple");
}

TEST_F(TimestampRequestTest, AnAnswerToAnotherRequestIsRefused) {
  const TimestampRequest earlier = DrawTimestampRequest(imprint_, random_);
  const Buffer old = Answer(earlier);
  const TimestampRequest request = DrawTimestampRequest(imprint_, random_);
  ASSERT_NE(request.nonce, earlier.nonce);
  EXPECT_EQ(Check(old, request).error().what(), "time-stamp: the answer does not repeat the request's nonce");
  const TimestampRequest other = MakeTimestampRequest(Sha256(AsBytes("other")), earlier.nonce);
  EXPECT_EQ(Check(old, other).error().what(), "time-stamp: stamped for something else");
  const Buffer without = Answer(MakeTimestampRequest(imprint_, 0));
  EXPECT_EQ(Check(without, request).error().code(), ErrorCode::kCrypto);
}

TEST_F(TimestampRequestTest, WhatIsNoAnswerIsRefused) {
  const TimestampRequest request = DrawTimestampRequest(imprint_, random_);
  EXPECT_EQ(Check({}, request).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(Check(AsBytes("<html>busy</html>"), request).error().code(), ErrorCode::kInvalid);
  EXPECT_FALSE(Check(Buffer(kTimestampBytesMax, 0x30), request).ok());
  EXPECT_EQ(Check(Buffer(kTimestampBytesMax + 1), request).error().what(),
            "time-stamp: the answer is too long");
}

TEST_F(TimestampRequestTest, AnAuthorityThatWeDoNotTrustIsNot) {
  const TimestampRequest request = DrawTimestampRequest(imprint_, random_);
  const Certificate stranger = MakeAuthority("Autre").certificate;
  EXPECT_EQ(CheckTimestampResponse(Answer(request), request, std::span(&stranger, 1)).error().code(),
            ErrorCode::kCrypto);
}

}  // namespace
}  // namespace probatio::crypto
