// From a captured frame to the UDP datagram in it: link layer, IPv4 (RFC 791), IPv6 (RFC 8200), UDP (RFC
// 768). Pure; thread-safe.
#pragma once

#include <variant>

#include "decode/capture/pcap_file.h"

namespace probatio::decode {

enum class Skipped { kFragment, kOther, kBroken };

// True for the link types of pcap_file.h.
bool IsKnownLinkType(std::uint32_t link_type);

// The datagram without its instant, or why there is none.
std::variant<Datagram, Skipped> ReadFrame(std::uint32_t link_type, Bytes frame);

// Counts one packet; its datagram, if it is one. `cut`: the capture holds less of the packet than there was.
std::optional<Datagram> TakeFrame(std::variant<Datagram, Skipped> frame, bool cut,
                                  std::optional<Instant> captured_at, PcapCounts* counts);

}  // namespace probatio::decode
