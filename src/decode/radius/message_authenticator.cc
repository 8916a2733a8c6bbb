#include "decode/radius/message_authenticator.h"

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kMd5BlockSize = 64;
constexpr std::size_t kDigestSize = 16;
constexpr std::uint8_t kInner = 0x36;
constexpr std::uint8_t kOuter = 0x5C;

struct Place {
  bool found = false;
  std::size_t offset = 0;  // of the value, in the attributes
};

Result<Place> Find(Bytes attributes) {
  Place place;
  for (std::size_t at = 0; at < attributes.size();) {
    const std::size_t length = attributes.size() - at < 2 ? 0 : attributes[at + 1];
    if (length < 2 || length > attributes.size() - at) return Invalid("radius: attribute out of bounds");
    if (attributes[at] == kMessageAuthenticator) {
      if (place.found || length != kDigestSize + 2) return Invalid("radius: Message-Authenticator malformed");
      place = {true, at + 2};
    }
    at += length;
  }
  return place;
}

}  // namespace

Result<Md5Digest> HmacMd5(Bytes key, Bytes message, const Md5& md5) {
  std::array<std::uint8_t, kMd5BlockSize> pad{};
  if (key.size() > kMd5BlockSize) {
    Md5Digest shortened = TRY(md5({key}));
    std::copy(shortened.begin(), shortened.end(), pad.begin());
    Wipe(shortened);
  } else {
    std::copy(key.begin(), key.end(), pad.begin());
  }
  for (std::uint8_t& octet : pad) octet ^= kInner;
  const Result<Md5Digest> inner = md5({pad, message});
  for (std::uint8_t& octet : pad) octet ^= kInner ^ kOuter;
  Result<Md5Digest> outer = inner.ok() ? md5({pad, inner.value()}) : inner;
  Wipe(pad);
  return outer;
}

Result<MessageAuthenticity> CheckMessageAuthenticator(const RadiusPacket& packet, const Secret& secret,
                                                      const Md5& md5) {
  const Place place = TRY(Find(packet.attributes));
  if (!place.found) return MessageAuthenticity::kAbsent;
  const Md5Digest zeros{};
  const Bytes after = packet.attributes.subspan(place.offset + kDigestSize);
  ByteWriter message;
  message.U8(packet.code);
  message.U8(packet.id);
  message.U16(static_cast<std::uint16_t>(kRadiusHeaderSize + packet.attributes.size()));
  message.Raw(packet.code == kAccountingRequest ? Bytes(zeros) : packet.authenticator);
  message.Raw(packet.attributes.first(place.offset));
  message.Raw(zeros);
  message.Raw(after);
  const Md5Digest expected = TRY(HmacMd5(secret.reveal(), message.bytes(), md5));
  const Bytes given = packet.attributes.subspan(place.offset, kDigestSize);
  return EqualInConstantTime(expected, given) ? MessageAuthenticity::kHolds : MessageAuthenticity::kFails;
}

}  // namespace probatio::decode
