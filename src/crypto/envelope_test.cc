#include "crypto/envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

const Holder& Authority() {
  static const Holder authority = MakeAuthority("Autorité d'exemple");
  return authority;
}

Holder Recipient(const char* name) {
  return MakeHolder(name, CertificateUse::kReceive, Authority());
}

bool Contains(Bytes bytes, std::string_view hex) {
  const Buffer wanted = FromHex(hex).value();
  return std::search(bytes.begin(), bytes.end(), wanted.begin(), wanted.end()) != bytes.end();
}

TEST(Envelope, OpensForEachRecipientAndForNobodyElse) {
  const Holder first = Recipient("Custodian 1");
  const Holder second = Recipient("Custodian 2");
  const Holder stranger = Recipient("Stranger");
  const Certificate both[] = {first.certificate, second.certificate};
  const Buffer envelope = EncryptTo(both, AsBytes("a window key")).value();
  for (const Holder* each : {&first, &second}) {
    EXPECT_EQ(AsText(DecryptWith(each->key, each->certificate, envelope).value().reveal()), "a window key");
  }
  EXPECT_EQ(DecryptWith(stranger.key, stranger.certificate, envelope).error().code(), ErrorCode::kCrypto);
  EXPECT_EQ(DecryptWith(stranger.key, first.certificate, envelope).error().code(), ErrorCode::kCrypto);
}

TEST(Envelope, NoticesEveryAlteredByteOrGivesTheSameSecret) {
  const Holder recipient = Recipient("R");
  const Buffer envelope = EncryptTo(std::span(&recipient.certificate, 1), AsBytes("a window key")).value();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < envelope.size(); ++i) {
    Buffer altered = envelope;
    altered[i] ^= 1;
    const Result<Secret> opened = DecryptWith(recipient.key, recipient.certificate, altered);
    // A few bytes, such as the version, take no part; no change may ever give another secret.
    if (!opened.ok()) {
      ++refused;
      continue;
    }
    EXPECT_EQ(AsText(opened.value().reveal()), "a window key") << i;
  }
  EXPECT_GT(refused, envelope.size() * 9 / 10);
  for (std::size_t size = 0; size < envelope.size(); ++size) {
    EXPECT_FALSE(DecryptWith(recipient.key, recipient.certificate, Bytes(envelope).first(size)).ok());
  }
}

// dhSinglePass-stdDH-sha256kdf-scheme 1.3.132.1.11.1; the SHA-1 one is 1.3.133.16.840.63.0.2.
TEST(Envelope, DerivesItsKeysWithSha256) {
  const Holder recipient = Recipient("R");
  const Buffer envelope = EncryptTo(std::span(&recipient.certificate, 1), AsBytes("x")).value();
  EXPECT_TRUE(Contains(envelope,
                       "06062b810401"
                       "0b01"));
  EXPECT_FALSE(Contains(envelope,
                        "2b8105108648"
                        "3f0002"));
  EXPECT_TRUE(Contains(envelope, "060b2a864886f70d0109100117")) << "AuthEnvelopedData";
  EXPECT_TRUE(Contains(envelope, "060960864801650304012e")) << "AES-256-GCM";
}

TEST(Envelope, HasALimitOnTheSecretAndOnTheRecipients) {
  const Holder recipient = Recipient("R");
  const std::span<const Certificate> one(&recipient.certificate, 1);
  const Buffer largest(kEnvelopeSecretBytesMax, 7);
  const Buffer envelope = EncryptTo(one, largest).value();
  EXPECT_EQ(ToBuffer(DecryptWith(recipient.key, recipient.certificate, envelope).value().reveal()), largest);
  EXPECT_EQ(EncryptTo(one, Buffer(kEnvelopeSecretBytesMax + 1)).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(EncryptTo({}, AsBytes("x")).error().what(), "envelope: no recipient");

  const std::vector<Certificate> many(kEnvelopeRecipientsMax + 1, recipient.certificate);
  EXPECT_TRUE(EncryptTo(std::span(many).first(kEnvelopeRecipientsMax), AsBytes("x")).ok());
  EXPECT_EQ(EncryptTo(many, AsBytes("x")).error().code(), ErrorCode::kInvalid);
  EXPECT_EQ(DecryptWith(recipient.key, recipient.certificate, Buffer(kEnvelopeBytesMax + 1)).error().code(),
            ErrorCode::kInvalid);
  EXPECT_EQ(DecryptWith(recipient.key, recipient.certificate, Buffer(kEnvelopeBytesMax)).error().code(),
            ErrorCode::kCrypto);
}

TEST(Envelope, IsOpenedByTheOpensslCommandToo) {
  const std::string directory = testing::TempDir();
  const Holder recipient = Recipient("R");
  WriteFile(directory + "envelope.der",
            EncryptTo(std::span(&recipient.certificate, 1), AsBytes("a key")).value());
  WriteFile(directory + "recipient.pem", AsBytes(recipient.certificate.ToPem()));
  WriteFile(directory + "recipient.key",
            AsBytes(recipient.key.ToPem(Secret("correct horse battery")).value()));
  const std::string command = "openssl cms -decrypt -binary -inform DER -in " + directory +
                              "envelope.der -recip " + directory + "recipient.pem -inkey " + directory +
                              "recipient.key -passin 'pass:correct horse battery' -out " + directory +
                              "envelope.out 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(AsText(ReadFile(directory + "envelope.out")), "a key");
}

TEST(Envelope, AnEmptySecretIsOneToo) {
  const Holder recipient = Recipient("R");
  const Buffer envelope = EncryptTo(std::span(&recipient.certificate, 1), {}).value();
  EXPECT_TRUE(DecryptWith(recipient.key, recipient.certificate, envelope).value().empty());
}

TEST(Envelope, ARecipientWithAKeyThatCannotAgreeIsRefused) {
  const PrivateKey key = PrivateKey::GenerateEd25519();
  const Certificate certificate =
      IssueTo(key.Public(), "E", CertificateUse::kReceive, Authority().key, &Authority().certificate);
  EXPECT_EQ(EncryptTo(std::span(&certificate, 1), AsBytes("x")).error().code(), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace probatio::crypto
