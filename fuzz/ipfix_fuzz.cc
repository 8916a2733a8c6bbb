// IPFIX messages, alone and back to back: every record that comes out keeps the rules, and no record is lost
// in counting.
#include "decode/ipfix/ipfix_decoder.h"
#include "decode/ipfix/ipfix_file.h"
#include "record/canonical.h"

using namespace probatio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode::IpfixDecoder decoder("fuzz");
  std::vector<record::Record> records;
  const decode::MessageSplit split = decode::SplitMessages(Bytes(data, size));
  for (const Bytes message : split.messages) {
    const std::size_t before = records.size();
    const Status decoded = decoder.Decode(message, &records);
    CHECK(decoded.ok() || records.size() == before);
  }
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
  const decode::IpfixCounts& counts = decoder.counts();
  CHECK(counts.nat_records == records.size());
  CHECK(counts.data_records ==
        counts.nat_records + counts.flows + counts.nat_flows_without_event + counts.refused_records);
  return 0;
}
