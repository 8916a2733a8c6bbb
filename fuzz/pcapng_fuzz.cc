// Packet captures of the newer kind: every packet is counted once, whatever the file.
#include "decode/capture/pcapng_file.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<decode::PcapContents> contents = decode::ReadPcap(Bytes(data, size));
  if (!contents.ok()) return 0;
  const decode::PcapCounts& counts = contents.value().counts;
  CHECK(counts.packets == contents.value().datagrams.size() + counts.fragments_skipped +
                              counts.other_skipped + counts.broken_skipped);
  for (const decode::Datagram& datagram : contents.value().datagrams) CHECK(datagram.payload.size() <= size);
  return 0;
}
