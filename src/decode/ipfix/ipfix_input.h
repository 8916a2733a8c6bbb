// A whole file of IPFIX, whichever way it was kept: messages back to back (RFC 5655), or a packet capture of
// the datagrams. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "decode/capture/pcap_file.h"
#include "decode/ipfix/ipfix_decoder.h"

namespace probatio::decode {

inline constexpr std::size_t kIpfixSessionsMax = 4'096;  // exporters (address and port) in one capture
inline constexpr std::size_t kIpfixErrorsMax =
    1'000;  // malformed messages that are described; all are counted

struct IpfixContents {
  std::vector<record::Record> records;  // in the order of the file
  std::vector<Error> errors;            // the first kIpfixErrorsMax, naming message and offset
  IpfixCounts counts;                   // of all exporters together
  std::vector<SequenceGap> gaps;
  PcapCounts capture;                 // zero for a file that is no capture
  std::uint64_t other_datagrams = 0;  // of a capture: not of version 10, or beyond kIpfixSessionsMax
};

// `exporter` names the exporter of a raw file and may be empty; in a capture each source address names its
// own. A broken message does not stop the others. kInvalid when the file is neither a capture that is read
// nor begins with a message.
Result<IpfixContents> DecodeIpfixFile(Bytes file, const std::string& exporter);

// Adds up the counts of several exporters.
void AddCounts(const IpfixCounts& counts, IpfixCounts* sum);

}  // namespace probatio::decode
