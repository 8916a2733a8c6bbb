// Packet captures: the UDP datagrams in them. Classic .pcap (draft-ietf-opsawg-pcap), both byte orders,
// microseconds and nanoseconds, and .pcapng (pcapng_file.h); Ethernet (with 802.1Q and 802.1ad tags), raw IP,
// Linux cooked v1 and v2, BSD loopback; IPv4 and IPv6. Pure; thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "base/ip_address.h"

namespace probatio::decode {

inline constexpr std::size_t kPacketBytesMax = 262'144;  // the largest snapshot length that libpcap writes
inline constexpr std::size_t kLinkTagsMax = 4;           // 802.1Q tags of one frame
inline constexpr std::size_t kIpv6ExtensionsMax = 8;     // extension headers of one packet

struct Datagram {
  IpAddress source;
  std::uint16_t source_port = 0;
  IpAddress destination;
  std::uint16_t destination_port = 0;
  std::optional<Instant> captured_at;  // absent from a Simple Packet Block of pcapng
  Bytes payload;                       // a view into the capture
};

struct PcapCounts {
  std::uint64_t packets = 0;
  std::uint64_t fragments_skipped = 0;  // of a fragmented datagram: not put together again
  std::uint64_t other_skipped = 0;      // no UDP over IP
  std::uint64_t broken_skipped = 0;     // cut by the snapshot length, or lengths that contradict each other
};

struct PcapContents {
  std::vector<Datagram> datagrams;
  PcapCounts counts;
  std::optional<Error>
      error;  // why reading stopped before the end, naming the offset; what came before stands
};

// Either kind. kInvalid when the file is no capture of ours at all; a file cut in the middle is contents with
// an error.
Result<PcapContents> ReadPcap(Bytes file);

// Does the file begin like a packet capture, pcapng included?
bool LooksLikePcap(Bytes file);

}  // namespace probatio::decode
