// A whole file of flow export, whichever way it was kept: messages back to back (RFC 5655), or a packet
// capture of the datagrams. Pure; thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "decode/capture/pcap_file.h"
#include "decode/flow/flow_decoder.h"

namespace probatio::decode {

inline constexpr std::size_t kFlowSessionsMax = 4'096;  // exporters (address and port) in one capture
inline constexpr std::size_t kFlowErrorsMax =
    1'000;  // malformed messages that are described; all are counted

struct FlowContents {
  std::vector<record::Record> records;  // in the order of the file
  std::vector<Error> errors;            // the first kFlowErrorsMax, naming message and offset
  FlowCounts counts;                    // of all exporters together
  std::vector<SequenceGap> gaps;
  PcapCounts capture;                 // zero for a file that is no capture
  std::uint64_t other_datagrams = 0;  // of a capture: of another version, or beyond kFlowSessionsMax
};

// Messages of one version; others are errors in a raw file, and stepped over in a capture. `exporter` names
// the exporter of a raw file and may be empty; in a capture each source address names its own. A broken
// message does not stop the others. kInvalid when the file is neither a capture that is read nor begins with
// a message.
Result<FlowContents> DecodeFlowFile(Bytes file, FlowVersion version, const std::string& exporter);

// The same at the least cost, for files of any size: NAT events as rows where they fit. Whenever
// kFlowBatchRecords have come together, and at the end, `take` stores what `batch` holds and clears it; its
// error ends the reading. `records` of the contents stays empty.
inline constexpr std::size_t kFlowBatchRecords = 131'072;
Result<FlowContents> DecodeFlowFileInto(Bytes file, FlowVersion version, const std::string& exporter,
                                        record::RecordBatch* batch, const std::function<Status()>& take);

}  // namespace probatio::decode
