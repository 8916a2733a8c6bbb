// Packet captures of the newer kind (.pcapng, draft-ietf-opsawg-pcapng): the packets of their Enhanced and
// Simple Packet Blocks. Both byte orders, several sections and interfaces, if_tsresol and if_tsoffset. Blocks
// of other types are stepped over. Pure; thread-safe.
#pragma once

#include "decode/capture/pcap_file.h"

namespace probatio::decode {

inline constexpr std::size_t kPcapngInterfacesMax = 4'096;  // of one section
inline constexpr std::size_t kPcapngBlockBytesMax =
    16'777'216;  // of one block; the largest that wireshark reads

// For CaptureCutter. kInvalid when the first block is no Section Header, or where a block breaks.
std::unique_ptr<CaptureCutter::Kind> MakePcapng(PcapCounts* counts);

bool LooksLikePcapng(Bytes file);

}  // namespace probatio::decode
