// IPFIX messages and NetFlow 9 packets, alone and back to back: every record that comes out keeps the rules,
// and no record is lost in counting.
#include "decode/flow/flow_decoder.h"
#include "decode/flow/message_file.h"
#include "record/canonical.h"

using namespace probatio;

namespace {

void Decode(const decode::MessageSplit& split, decode::Transport transport) {
  decode::FlowDecoder decoder("fuzz", transport);
  std::vector<record::Record> records;
  for (const Bytes message : split.messages) {
    const std::size_t before = records.size();
    const Status decoded = decoder.Decode({message, {}, {}, 0}, &records);
    CHECK(decoded.ok() || records.size() == before);
  }
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
  const decode::FlowCounts& counts = decoder.flow_counts();
  CHECK(counts.nat_records == records.size());
  CHECK(counts.data_records == counts.flows + counts.translation_records);
  CHECK(counts.translation_records == counts.nat_records + counts.not_translated + counts.flows_without_port +
                                          counts.flows_without_time + counts.firewall_others +
                                          counts.refused_records);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const decode::MessageSplit split = decode::SplitMessages(Bytes(data, size));
  Decode(split, decode::Transport::kDatagrams);
  Decode(split, decode::Transport::kStream);
  return 0;
}
