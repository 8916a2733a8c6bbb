// Packet captures, and the flow messages in their datagrams.
#include "decode/capture/pcap_file.h"
#include "decode/flow/flow_decoder.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<decode::PcapContents> contents = decode::ReadPcap(Bytes(data, size));
  if (!contents.ok()) return 0;
  const decode::PcapCounts& counts = contents.value().counts;
  CHECK(counts.packets == contents.value().datagrams.size() + counts.fragments_skipped +
                              counts.other_skipped + counts.broken_skipped);
  decode::FlowDecoder decoder("fuzz");
  std::vector<record::Record> records;
  for (const decode::Datagram& datagram : contents.value().datagrams) {
    const Status decoded = decoder.Decode(
        {datagram.payload, datagram.captured_at, datagram.source, datagram.source_port}, &records);
    CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
  }
  return 0;
}
