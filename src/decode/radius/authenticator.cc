#include "decode/radius/authenticator.h"

#include <algorithm>

namespace probatio::decode {
namespace {

Buffer Header(std::uint8_t code, std::uint8_t id, std::size_t attributes) {
  ByteWriter header;
  header.U8(code);
  header.U8(id);
  header.U16(static_cast<std::uint16_t>(kRadiusHeaderSize + attributes));
  return header.Take();
}

// The attributes of one type, whole, in order.
Result<Buffer> Copied(const RadiusPacket& packet, std::uint8_t type) {
  ByteWriter out;
  const std::vector<RadiusAttribute> attributes = TRY(ReadRadiusAttributes(packet));
  for (const RadiusAttribute& attribute : attributes) {
    if (attribute.vendor != 0 || attribute.type != type) continue;
    out.U8(type);
    out.U8(static_cast<std::uint8_t>(attribute.value.size() + 2));
    out.Raw(attribute.value);
  }
  return out.Take();
}

}  // namespace

bool EqualInConstantTime(Bytes a, Bytes b) {
  CHECK(a.size() == b.size());
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

Result<bool> IsRequestAuthentic(const RadiusPacket& request, const Secret& secret, const Md5& md5) {
  const Buffer header = Header(request.code, request.id, request.attributes.size());
  const std::array<std::uint8_t, 16> zeros{};
  const Md5Digest expected = TRY(md5({header, zeros, request.attributes, secret.reveal()}));
  return EqualInConstantTime(expected, request.authenticator);
}

Result<Buffer> BuildAccountingResponse(const RadiusPacket& request, const Secret& secret, const Md5& md5) {
  const Buffer proxy_states = TRY(Copied(request, kProxyState));
  Buffer response = Header(kAccountingResponse, request.id, proxy_states.size());
  const Md5Digest authenticator = TRY(md5({response, request.authenticator, proxy_states, secret.reveal()}));
  response.insert(response.end(), authenticator.begin(), authenticator.end());
  response.insert(response.end(), proxy_states.begin(), proxy_states.end());
  return response;
}

}  // namespace probatio::decode
