// RADIUS packets as octets (RFC 2865 section 3, RFC 2866 section 3): the header, the attributes, vendors' own
// attributes taken out of Vendor-Specific. Pure; thread-safe.
#pragma once

#include <vector>

#include "base/bytes.h"

namespace probatio::decode {

inline constexpr std::size_t kRadiusHeaderSize = 20;
inline constexpr std::size_t kRadiusPacketBytesMax = 4'096;  // RFC 2865 section 3

inline constexpr std::uint8_t kAccountingRequest = 4;
inline constexpr std::uint8_t kAccountingResponse = 5;
inline constexpr std::uint8_t kStatusServer = 12;  // RFC 5997: "are you there?"

struct RadiusPacket {
  std::uint8_t code = 0;
  std::uint8_t id = 0;
  Bytes authenticator;  // 16 octets
  Bytes attributes;
};

// Octets after the stated length are padding (RFC 2865 section 3). kInvalid names the offset.
Result<RadiusPacket> ReadRadiusPacket(Bytes datagram);

inline constexpr std::uint8_t kVendorSpecific = 26;
inline constexpr std::uint8_t kProxyState = 33;
inline constexpr std::uint8_t kMessageAuthenticator = 80;  // RFC 2869 section 5.14

struct RadiusAttribute {
  std::uint32_t vendor = 0;  // 0: of the RFCs
  std::uint8_t type = 0;
  Bytes value;
};

// Every attribute in order. The content of Vendor-Specific is read as RFC 2865 section 5.26 recommends; a
// vendor who does otherwise gives one attribute of type 0. kInvalid names the offset in the packet.
Result<std::vector<RadiusAttribute>> ReadRadiusAttributes(const RadiusPacket& packet);

}  // namespace probatio::decode
