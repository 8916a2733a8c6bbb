#include "crypto/sealed_box.h"

#include <gtest/gtest.h>

#include "crypto/system_random.h"

namespace probatio::crypto {
namespace {

// RFC 7748 section 6.1: Alice's pair.
TEST(SealedBox, DerivesThePublicKeyThatItsStandardGives) {
  const Key alice(FromHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a").value());
  EXPECT_EQ(ToHex(BoxPublicOf(alice)), "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
}

TEST(SealedBox, OpensForItsRecipientOnly) {
  SystemRandom random;
  const BoxKeyPair recipient = MakeBoxKeyPair(random);
  const BoxKeyPair other = MakeBoxKeyPair(random);
  const Buffer box = SealTo(recipient.public_key, AsBytes("jeanne.martin"), AsBytes("account 1"), random);
  EXPECT_EQ(AsText(OpenWith(recipient.private_key, box, AsBytes("account 1")).value().reveal()),
            "jeanne.martin");
  EXPECT_EQ(OpenWith(other.private_key, box, AsBytes("account 1")).error().code(), ErrorCode::kCrypto);
  EXPECT_FALSE(OpenWith(recipient.private_key, box, AsBytes("account 2")).ok());
}

TEST(SealedBox, NoticesEveryAlteredByteAndEveryCut) {
  SeededRandom random(3);
  const BoxKeyPair recipient = MakeBoxKeyPair(random);
  Buffer box = SealTo(recipient.public_key, AsBytes("x"), {}, random);
  for (std::uint8_t& byte : box) {
    byte ^= 1;
    EXPECT_EQ(OpenWith(recipient.private_key, box, {}).error().code(), ErrorCode::kCrypto);
    byte ^= 1;
  }
  for (std::size_t size = 0; size < box.size(); ++size) {
    EXPECT_FALSE(OpenWith(recipient.private_key, Bytes(box).first(size), {}).ok()) << size;
  }
  EXPECT_TRUE(OpenWith(recipient.private_key, box, {}).ok());
}

TEST(SealedBox, TwoBoxesOfTheSameBytesHaveNothingInCommon) {
  SystemRandom random;
  const BoxKeyPair recipient = MakeBoxKeyPair(random);
  const Buffer first = SealTo(recipient.public_key, AsBytes("same"), {}, random);
  const Buffer second = SealTo(recipient.public_key, AsBytes("same"), {}, random);
  EXPECT_FALSE(std::equal(first.begin(), first.begin() + 32, second.begin()));
}

TEST(SealedBox, AKeyOfLowOrderIsRefusedAtTheDoorAndInABox) {
  SystemRandom random;
  const BoxKeyPair recipient = MakeBoxKeyPair(random);
  EXPECT_TRUE(CheckBoxPublicKey(recipient.public_key).ok());
  EXPECT_EQ(CheckBoxPublicKey(BoxPublicKey{}).error().code(), ErrorCode::kCrypto);
  BoxPublicKey one{};
  one[0] = 1;
  EXPECT_FALSE(CheckBoxPublicKey(one).ok());
  EXPECT_FALSE(OpenWith(recipient.private_key, Buffer(100, 0), {}).ok());
  EXPECT_DEATH(SealTo(BoxPublicKey{}, {}, {}, random), "");
}

}  // namespace
}  // namespace probatio::crypto
