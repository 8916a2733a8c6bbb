// The outer shape of an IPFIX message (RFC 7011, section 3): its header, and the sets it is made of.
// Pure; thread-safe.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace probatio::decode {

inline constexpr std::size_t kIpfixHeaderSize = 16;
inline constexpr std::size_t kIpfixMessageBytesMax = 65'535;  // the length field has 16 bits
inline constexpr std::uint16_t kIpfixVersion = 10;
inline constexpr std::uint16_t kTemplateSetId = 2;
inline constexpr std::uint16_t kOptionsTemplateSetId = 3;
inline constexpr std::uint16_t kDataSetIdMin = 256;

struct MessageHeader {
  std::uint16_t length = 0;    // octets of the whole message
  Instant export_time;         // to the second
  std::uint32_t sequence = 0;  // data records sent before this message, modulo 2^32
  std::uint32_t domain = 0;    // observation domain
};

struct Set {
  std::uint16_t id = 0;
  std::size_t offset = 0;  // of the body in the message
  Bytes body;              // without the set header
};

// Reads the header alone. kInvalid: truncated, another version, a length below the header or beyond the
// bytes.
Result<MessageHeader> ReadMessageHeader(Bytes message);

// The sets of a message of header.length octets. kInvalid names the offset of the set that does not fit. A
// tail of zero octets, as some exporters pad with, ends the message.
Result<std::vector<Set>> ReadSets(Bytes message);

}  // namespace probatio::decode
