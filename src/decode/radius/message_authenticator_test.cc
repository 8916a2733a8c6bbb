#include "decode/radius/message_authenticator.h"

#include <gtest/gtest.h>

#include "crypto/md5.h"
#include "decode/radius/packet_for_tests.h"

namespace probatio::decode {
namespace {

Secret Shared() {
  return Secret(std::string_view("s3cret-of-nobody"));
}

std::string Hmac(Bytes key, std::string_view message) {
  return ToHex(HmacMd5(key, AsBytes(message), crypto::Md5).value());
}

TEST(HmacMd5, IsThatOfRfc2202) {
  EXPECT_EQ(Hmac(Buffer(16, 0x0B), "Hi There"), "9294727a3638bb1c13f48ef8158bfc9d");
  EXPECT_EQ(Hmac(AsBytes("Jefe"), "what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(Hmac(Buffer(80, 0xAA), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
}

// The packet with a Message-Authenticator that holds, and `last` after it.
Buffer StatusServer(std::uint8_t last) {
  PacketForTests unsigned_packet(9);
  unsigned_packet.Text(32, "bng1.example").Add(kMessageAuthenticator, Buffer(16)).Add(33, Buffer{last});
  Buffer packet = unsigned_packet.MadeWith(Shared(), crypto::Md5);
  packet[0] = kStatusServer;
  const Md5Digest digest = HmacMd5(Shared().reveal(), packet, crypto::Md5).value();
  std::copy(digest.begin(), digest.end(), packet.begin() + static_cast<std::ptrdiff_t>(packet.size() - 19));
  return packet;
}

Result<MessageAuthenticity> Check(const Buffer& packet, const Secret& secret = Shared()) {
  return CheckMessageAuthenticator(ReadRadiusPacket(packet).value(), secret, crypto::Md5);
}

TEST(MessageAuthenticator, HoldsForThePacketAndTheSecretOnly) {
  Buffer packet = StatusServer(5);
  EXPECT_EQ(Check(packet).value(), MessageAuthenticity::kHolds);
  EXPECT_EQ(Check(packet, Secret(std::string_view("another"))).value(), MessageAuthenticity::kFails);
  packet.back() ^= 1;
  EXPECT_EQ(Check(packet).value(), MessageAuthenticity::kFails);
}

TEST(MessageAuthenticator, MayBeMissingAndMayNotBeMalformed) {
  const auto check = [](const PacketForTests& packet) {
    return Check(packet.MadeWith(Shared(), crypto::Md5));
  };
  EXPECT_EQ(check(PacketForTests().Text(32, "x")).value(), MessageAuthenticity::kAbsent);
  EXPECT_FALSE(check(PacketForTests().Add(kMessageAuthenticator, Buffer(15))).ok());
  EXPECT_FALSE(
      check(PacketForTests().Add(kMessageAuthenticator, Buffer(16)).Add(kMessageAuthenticator, Buffer(16)))
          .ok());
}

TEST(MessageAuthenticator, IsFoundOnlyAmongAttributesThatFit) {
  Buffer packet = PacketForTests().Text(32, "bng1").MadeWith(Shared(), crypto::Md5);
  packet[kRadiusHeaderSize + 1] = 200;
  EXPECT_FALSE(Check(packet).ok());
}

}  // namespace
}  // namespace probatio::decode
