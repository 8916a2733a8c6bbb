#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "crypto/system_random.h"

namespace probatio::crypto {
namespace {

// Gives out fixed bytes, so that a published vector's nonce can be used.
class GivenBytes : public Random {
 public:
  explicit GivenBytes(Buffer bytes) : bytes_(std::move(bytes)) {}
  void Fill(std::span<std::uint8_t> out) override { std::copy_n(bytes_.begin(), out.size(), out.begin()); }

 private:
  Buffer bytes_;
};

Buffer Hex(std::string_view text) {
  return FromHex(text).value();
}

// "The Galois/Counter Mode of Operation", McGrew and Viega, test case 16.
TEST(Aead, SealsAsTheVectorsOfGcmSay) {
  const Key key(Hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const Buffer plain =
      Hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b1"
          "6aedf5aa0de657"
          "ba637b39");
  const Buffer associated = Hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  GivenBytes random(Hex("cafebabefacedbaddecaf888"));
  EXPECT_EQ(ToHex(Seal(key, plain, associated, random)),
            "cafebabefacedbaddecaf888"
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
            "c5f61e63"
            "93ba7a0abcc9f662"
            "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(Aead, OpensWhatItSealedOfAnySize) {
  SystemRandom random;
  const Key key = RandomKey(random);
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 100'000U}) {
    const Buffer plain(size, 0x5a);
    const Buffer sealed = Seal(key, plain, AsBytes("place"), random);
    EXPECT_EQ(sealed.size(), size + kAeadOverhead);
    EXPECT_EQ(ToBuffer(Open(key, sealed, AsBytes("place")).value().reveal()), plain);
  }
}

TEST(Aead, NoticesEveryAlteredByte) {
  SeededRandom random(1);
  const Key key = RandomKey(random);
  Buffer sealed = Seal(key, AsBytes("0199000000"), AsBytes("window 7"), random);
  for (std::uint8_t& byte : sealed) {
    byte ^= 0x80;
    EXPECT_EQ(Open(key, sealed, AsBytes("window 7")).error().code(), ErrorCode::kCrypto);
    byte ^= 0x80;
  }
  EXPECT_FALSE(Open(key, sealed, AsBytes("window 8")).ok());
  EXPECT_FALSE(Open(RandomKey(random), sealed, AsBytes("window 7")).ok());
  EXPECT_TRUE(Open(key, sealed, AsBytes("window 7")).ok());
}

TEST(Aead, RefusesWhatIsTooShortToBeSealed) {
  const Key key;
  for (std::size_t size = 0; size <= kAeadOverhead; ++size) {
    EXPECT_EQ(Open(key, Buffer(size, 0), {}).error().code(), ErrorCode::kCrypto) << size;
  }
}

TEST(Aead, DrawsANewNonceEachTime) {
  SystemRandom random;
  const Key key = RandomKey(random);
  EXPECT_NE(Seal(key, AsBytes("same"), {}, random), Seal(key, AsBytes("same"), {}, random));
}

// FIPS 197, appendix C.3.
TEST(Sealer, SealsAsSealDoesOneMessageAfterAnother) {
  SeededRandom once(7);
  SeededRandom again(7);
  Sealer sealer(again);
  Buffer all;
  Buffer expected;
  for (std::uint8_t i = 0; i < 3; ++i) {
    const Key key(Buffer(Key::kSize, i));
    const Buffer plain(i * 20U, i);
    const Buffer sealed = Seal(key, plain, AsBytes("place"), once);
    expected.insert(expected.end(), sealed.begin(), sealed.end());
    sealer.SealTo(key, plain, AsBytes("place"), &all);
  }
  EXPECT_EQ(all, expected);
}

TEST(EncryptBlocks, IsAes256OfEachBlock) {
  const Key key(Hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  Buffer blocks = Hex("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
  EncryptBlocks(key, blocks);
  EXPECT_EQ(ToHex(blocks), "8ea2b7ca516745bfeafc49904b4960898ea2b7ca516745bfeafc49904b496089");
}

}  // namespace
}  // namespace probatio::crypto
