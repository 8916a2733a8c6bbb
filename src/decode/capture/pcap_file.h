// Packet captures: the UDP datagrams in them. Classic .pcap (draft-ietf-opsawg-pcap), both byte orders,
// microseconds and nanoseconds, and .pcapng (pcapng_file.h); Ethernet (with 802.1Q and 802.1ad tags), raw IP,
// Linux cooked v1 and v2, BSD loopback; IPv4 and IPv6. Pure; thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "decode/cut/cutter.h"

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

// Cuts a capture of either kind, which its first octets tell, into the datagrams in it.
class CaptureCutter : public Cutter {
 public:
  CaptureCutter();
  ~CaptureCutter() override;
  // kInvalid names the offset at which the capture breaks off, or at offset 0 that it is none.
  Result<Cut> Next(Bytes rest, bool last) override;
  std::map<std::string, std::uint64_t> counts() const override;
  const PcapCounts& tally() const { return counts_; }

  // One kind of capture.
  class Kind {
   public:
    virtual ~Kind() = default;
    // As Cutter::Next: how many octets are done with, and the datagram in them.
    virtual Result<std::size_t> Next(Bytes rest, bool last, std::optional<Datagram>* datagram) = 0;
  };

 private:
  friend Result<struct PcapContents> ReadPcap(Bytes file);
  Result<std::size_t> NextDatagram(Bytes rest, bool last, std::optional<Datagram>* datagram);

  PcapCounts counts_;
  std::unique_ptr<Kind> kind_;
};

// Either kind, of a capture that lies in memory whole. kInvalid when the file is no capture of ours at all; a
// file cut in the middle is contents with an error.
Result<PcapContents> ReadPcap(Bytes file);

// Does the file begin like a packet capture, pcapng included?
bool LooksLikePcap(Bytes file);

}  // namespace probatio::decode
