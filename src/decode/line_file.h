// A whole file given to a decoder of lines: the lines of a text, or the datagrams of a packet capture with
// their senders and times. Pure; thread-safe.
#pragma once

#include "decode/capture/pcap_file.h"
#include "decode/decoder.h"

namespace probatio::decode {

inline constexpr std::size_t kLineErrorsMax = 1'000;  // broken lines that are described; all are counted

struct LineContents {
  std::vector<record::Record> records;  // in the order of the file
  std::vector<Error> errors;            // the first kLineErrorsMax
  PcapCounts capture;                   // zero for a file that is no capture
};

// A broken line does not stop the others; what was counted is with the decoder. kInvalid when the file is a
// capture that cannot be read. A byte order mark at the begin of a text is stepped over.
Result<LineContents> DecodeLineFile(Bytes file, Decoder* decoder);

}  // namespace probatio::decode
