#include "crypto/token_key.h"

#include <gtest/gtest.h>

#include "crypto/envelope.h"
#include "crypto/test_token.h"
#include "crypto/test_world.h"

namespace probatio::crypto {
namespace {

constexpr char kPin[] = "271828";

Result<PrivateKey> Open(const std::string& token, const std::string& pin,
                        const std::string& object = "share") {
  return OpenTokenKey(TestTokens::Uri(token, object), Secret(pin));
}
// The module lists its tokens when it starts, so all are made before the first key is opened.
class TokenKey : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const char* token : {"opens", "stays", "first", "wrong"}) TestTokens::Get().Make(token, kPin);
    TestTokens::Get().Make("second", "314159");
    TestTokens::Get().Make("curve", kPin, "secp384r1");
  }
};

std::string ErrorOf(const Result<PrivateKey>& key) {
  return key.ok() ? "opened" : key.error().what();
}

TEST_F(TokenKey, SignsItsOwnCertificateAndOpensWhatIsSealedToIt) {
  const Result<PrivateKey> key = Open("opens", kPin);
  ASSERT_TRUE(key.ok()) << key.error().what();
  const Certificate own =
      IssueTo(key.value().Public(), "custodian", CertificateUse::kReceive, key.value(), nullptr);
  const Buffer envelope = EncryptTo(std::span(&own, 1), AsBytes("a share")).value();
  const Result<Secret> opened = DecryptWith(key.value(), own, envelope);
  ASSERT_TRUE(opened.ok()) << opened.error().what();
  EXPECT_EQ(AsText(opened.value().reveal()), "a share");
  Buffer altered = envelope;
  altered.back() ^= 1;
  EXPECT_FALSE(DecryptWith(key.value(), own, altered).ok());
}

TEST_F(TokenKey, NeverLeavesTheToken) {
  EXPECT_FALSE(Open("stays", kPin).value().ToPem(Secret("a passphrase of enough bytes")).ok());
}

TEST_F(TokenKey, TwoTokensWithTwoPinsServeOneProcess) {
  const PrivateKey first = Open("first", kPin).value();
  const PrivateKey second = Open("second", "314159").value();
  for (const PrivateKey* key : {&first, &second, &first}) {
    const Certificate own = IssueTo(key->Public(), "custodian", CertificateUse::kReceive, *key, nullptr);
    const Buffer envelope = EncryptTo(std::span(&own, 1), AsBytes("a share")).value();
    EXPECT_TRUE(DecryptWith(*key, own, envelope).ok());
  }
}

TEST_F(TokenKey, SaysWhatIsWrongAndNeverThePin) {
  const std::string refused = ErrorOf(Open("wrong", "999999"));
  EXPECT_EQ(refused, "token: the PIN is refused; it was tried once, and a token locks itself after a few");
  EXPECT_EQ(ErrorOf(Open("no-such-token", kPin)), "token: absent, or holds no such private key");
  EXPECT_EQ(ErrorOf(Open("wrong", kPin, "no-such-key")), "token: absent, or holds no such private key");
  EXPECT_EQ(ErrorOf(Open("wrong", "1")), "token: a PIN has 4 to 64 bytes");
  EXPECT_EQ(ErrorOf(Open("wrong", std::string(kPinBytesMax + 1, '1'))), "token: a PIN has 4 to 64 bytes");
  EXPECT_EQ(ErrorOf(OpenTokenKey({"/no/such.so", "pkcs11:token=a;object=b"}, Secret(kPin))),
            "token: module /no/such.so: no such file; install the token's PKCS#11 library");
  // After all that the right PIN still opens: nothing was left half-done.
  EXPECT_EQ(ErrorOf(Open("wrong", kPin)), "opened");
}

TEST_F(TokenKey, IsOfTheOneCurveThatWeIssueFor) {
  EXPECT_EQ(ErrorOf(Open("curve", kPin)), "token: the key is not EC P-256");
}

}  // namespace
}  // namespace probatio::crypto
