#include "decode/capture/link_layer.h"

namespace probatio::decode {
namespace {

// https://www.tcpdump.org/linktypes.html
constexpr std::uint32_t kLinkNull = 0;  // BSD loopback: address family in the capturing machine's byte order
constexpr std::uint32_t kLinkEthernet = 1;
constexpr std::uint32_t kLinkRawOld = 12;  // what BSD writes for raw IP
constexpr std::uint32_t kLinkRawOpenBsd = 14;
constexpr std::uint32_t kLinkRaw = 101;
constexpr std::uint32_t kLinkLoop = 108;  // the same as null, in network order
constexpr std::uint32_t kLinkCooked = 113;
constexpr std::uint32_t kLinkIpv4 = 228;
constexpr std::uint32_t kLinkIpv6 = 229;
constexpr std::uint32_t kLinkCooked2 = 276;

constexpr std::uint16_t kEtherIpv4 = 0x0800;
constexpr std::uint16_t kEtherIpv6 = 0x86DD;
constexpr std::uint16_t kEtherTag = 0x8100;
constexpr std::uint16_t kEtherServiceTag = 0x88A8;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint8_t kDestinationOptions = 60;

using Found = std::variant<Datagram, Skipped>;

Found ReadUdp(const IpAddress& source, const IpAddress& destination, Bytes segment) {
  if (segment.size() < 8) return Skipped::kBroken;
  const std::uint16_t length = Be16(segment.subspan(4));
  if (length < 8 || length > segment.size()) return Skipped::kBroken;
  Datagram datagram;
  datagram.source = source;
  datagram.source_port = Be16(segment);
  datagram.destination = destination;
  datagram.destination_port = Be16(segment.subspan(2));
  datagram.payload = segment.subspan(8, length - 8U);
  return datagram;
}

Found ReadIpv4(Bytes packet) {
  if (packet.size() < 20) return Skipped::kBroken;
  const std::size_t header = (packet[0] & 0x0FU) * 4U;
  const std::size_t total = Be16(packet.subspan(2));
  if (header < 20 || total < header || total > packet.size()) return Skipped::kBroken;
  if (packet[9] != kUdp) return Skipped::kOther;
  const bool fragment = (Be16(packet.subspan(6)) & 0x3FFFU) != 0;  // more fragments, or an offset
  if (fragment) return Skipped::kFragment;
  const IpAddress source = IpAddress::V4(Be32(packet.subspan(12)));
  const IpAddress destination = IpAddress::V4(Be32(packet.subspan(16)));
  return ReadUdp(source, destination, packet.subspan(header, total - header));
}

IpAddress Ipv6At(Bytes octets) {
  return IpAddress::FromOctets(octets.first(16)).value();
}

Found ReadIpv6(Bytes packet) {
  if (packet.size() < 40) return Skipped::kBroken;
  const std::size_t length = Be16(packet.subspan(4));
  if (length > packet.size() - 40) return Skipped::kBroken;
  std::uint8_t next = packet[6];
  Bytes rest = packet.subspan(40, length);
  for (std::size_t i = 0; i < kIpv6ExtensionsMax && next != kUdp; ++i) {
    if (next == kFragmentHeader) return Skipped::kFragment;
    if (next != kHopByHop && next != kRouting && next != kDestinationOptions) return Skipped::kOther;
    if (rest.size() < 8) return Skipped::kBroken;
    const std::size_t size = (rest[1] + 1U) * 8U;
    if (size > rest.size()) return Skipped::kBroken;
    next = rest[0];
    rest = rest.subspan(size);
  }
  if (next != kUdp) return Skipped::kOther;
  return ReadUdp(Ipv6At(packet.subspan(8)), Ipv6At(packet.subspan(24)), rest);
}

// The version stands in the first four bits, so a link type that only says "IP" needs no more.
Found ReadIp(Bytes packet) {
  if (packet.empty()) return Skipped::kBroken;
  const unsigned version = packet[0] >> 4U;
  if (version == 4) return ReadIpv4(packet);
  if (version == 6) return ReadIpv6(packet);
  return Skipped::kOther;
}

Found ReadEtherType(std::uint16_t type, Bytes rest) {
  for (std::size_t tags = 0; type == kEtherTag || type == kEtherServiceTag; ++tags) {
    if (tags == kLinkTagsMax || rest.size() < 4) return Skipped::kBroken;
    type = Be16(rest.subspan(2));
    rest = rest.subspan(4);
  }
  if (type != kEtherIpv4 && type != kEtherIpv6) return Skipped::kOther;
  return ReadIp(rest);
}

// A header of `size` octets with the EtherType of the payload at `type_offset`.
Found ReadTyped(Bytes frame, std::size_t size, std::size_t type_offset) {
  if (frame.size() < size) return Skipped::kBroken;
  return ReadEtherType(Be16(frame.subspan(type_offset)), frame.subspan(size));
}

}  // namespace

bool IsKnownLinkType(std::uint32_t link_type) {
  switch (link_type) {
    case kLinkNull:
    case kLinkEthernet:
    case kLinkRawOld:
    case kLinkRawOpenBsd:
    case kLinkRaw:
    case kLinkLoop:
    case kLinkCooked:
    case kLinkIpv4:
    case kLinkIpv6:
    case kLinkCooked2:
      return true;
    default:
      return false;
  }
}

std::variant<Datagram, Skipped> ReadFrame(std::uint32_t link_type, Bytes frame) {
  switch (link_type) {
    case kLinkEthernet:
      return ReadTyped(frame, 14, 12);
    case kLinkCooked:
      return ReadTyped(frame, 16, 14);
    case kLinkCooked2:
      return ReadTyped(frame, 20, 0);
    case kLinkNull:
    case kLinkLoop:
      // The family's number differs between systems; the packet says its version itself.
      return frame.size() < 4 ? Found(Skipped::kBroken) : ReadIp(frame.subspan(4));
    default:
      return ReadIp(frame);
  }
}

std::optional<Datagram> TakeFrame(std::variant<Datagram, Skipped> frame, bool cut,
                                  std::optional<Instant> captured_at, PcapCounts* counts) {
  ++counts->packets;
  if (Datagram* const datagram = std::get_if<Datagram>(&frame)) {
    datagram->captured_at = captured_at;
    return *datagram;
  }
  const Skipped why = std::get<Skipped>(frame);
  if (why == Skipped::kFragment) {
    ++counts->fragments_skipped;
  } else if (why == Skipped::kBroken || cut) {
    ++counts->broken_skipped;
  } else {
    ++counts->other_skipped;
  }
  return std::nullopt;
}

}  // namespace probatio::decode
