// The outer shape of an IPFIX message (RFC 7011, section 3) or a NetFlow version 9 export packet (RFC 3954,
// section 5): its header, and the sets it is made of. Pure; thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"

namespace probatio::decode {

enum class FlowVersion : std::uint16_t { kNetflow9 = 9, kIpfix = 10 };

inline constexpr std::size_t kIpfixHeaderSize = 16;
inline constexpr std::size_t kNetflow9HeaderSize = 20;
inline constexpr std::size_t kFlowMessageBytesMax =
    65'535;  // IPFIX: its length field; NetFlow: a UDP datagram
inline constexpr std::uint16_t kDataSetIdMin = 256;

struct MessageHeader {
  FlowVersion version = FlowVersion::kIpfix;
  std::size_t length = 0;  // octets of the whole message; NetFlow 9 does not say, there it is all there is
  Instant export_time;     // to the second
  std::uint32_t sequence =
      0;                     // IPFIX: data records sent before this message; NetFlow 9: packets; modulo 2^32
  std::uint32_t domain = 0;  // observation domain; source id in NetFlow 9
  std::optional<std::uint32_t> uptime_ms;  // NetFlow 9: since the exporter started, modulo 2^32

  std::size_t size() const { return version == FlowVersion::kIpfix ? kIpfixHeaderSize : kNetflow9HeaderSize; }
};

enum class SetKind : std::uint8_t { kTemplates, kOptionsTemplates, kData, kReserved };

struct Set {
  SetKind kind = SetKind::kReserved;
  std::uint16_t id = 0;    // of the template, where the set holds data
  std::size_t offset = 0;  // of the body in the message
  Bytes body;              // without the set header
};

// Reads the header alone. kInvalid: truncated, another version, a length below the header or beyond the
// bytes.
Result<MessageHeader> ReadMessageHeader(Bytes message);

// The sets of a message of header.length octets. kInvalid names the offset of the set that does not fit. A
// tail of zero octets, as some exporters pad with, ends the message.
Result<std::vector<Set>> ReadSets(Bytes message, const MessageHeader& header);

// Octets of the first of several NetFlow 9 packets written one after the other: they do not say, but the word
// that begins the next one is no id that a set may have.
std::size_t Netflow9PacketSize(Bytes packets);

}  // namespace probatio::decode
