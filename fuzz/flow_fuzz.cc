// IPFIX messages and NetFlow 9 packets, alone and back to back: every record that comes out keeps the rules,
// no record is lost in counting, and rows say what records say.
#include "decode/flow/both_ways_for_tests.h"
#include "decode/flow/message_file.h"
#include "record/canonical.h"

using namespace probatio;

namespace {

void Decode(const decode::MessageSplit& split, decode::Transport transport) {
  decode::BothWays both(transport);
  for (const Bytes message : split.messages) {
    const std::size_t before = both.records.size();
    const bool decoded = both.Send(message);
    CHECK(decoded || both.records.size() == before);
  }
  for (const record::Record& read : both.records) CHECK(record::CheckRecord(read).ok());
  CHECK(both.Agree());
  const decode::FlowCounts& counts = both.as_records.flow_counts();
  CHECK(counts.nat_records == both.records.size());
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
