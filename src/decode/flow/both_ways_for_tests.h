// Decodes every message as rows and as records and holds one against the other. For tests and the fuzz
// target.
#pragma once

#include "decode/flow/flow_decoder.h"

namespace probatio::decode {

// The batch's NAT events and records, in the order in which they would be stored.
inline std::vector<record::Record> RecordsOf(const record::RecordBatch& batch) {
  std::vector<record::Record> records;
  for (const record::NatEventRow& row : batch.events.rows) records.emplace_back(batch.events.EventOf(row));
  records.insert(records.end(), batch.records.begin(), batch.records.end());
  return records;
}

struct BothWays {
  explicit BothWays(Transport transport = Transport::kDatagrams)
      : as_rows("cgn-1.example", transport), as_records("cgn-1.example", transport) {}

  FlowDecoder as_rows;
  FlowDecoder as_records;
  record::RecordBatch batch;
  std::vector<record::Record> records;
  std::uint64_t rows = 0;

  // CHECKs that both ways give the same; both have then decoded the message.
  bool Send(Bytes message) {
    const Status one = as_rows.DecodeInto({message, {}, {}, 0}, &batch);
    const Status other = as_records.Decode({message, {}, {}, 0}, &records);
    CHECK(one.ok() == other.ok());
    CHECK(one.ok() || std::string(one.error().what()) == other.error().what());
    CHECK(as_rows.counts() == as_records.counts());
    rows = batch.events.rows.size();
    return one.ok();
  }

  // Events with an end stand among the records and meet nothing: the order of the others must agree.
  bool Agree() const { return Split(RecordsOf(batch)) == Split(records); }

 private:
  using Parts = std::pair<std::vector<record::Record>, std::vector<record::Record>>;
  static Parts Split(const std::vector<record::Record>& all) {
    Parts parts;
    for (const record::Record& record : all) {
      const bool whole = std::get<record::NatEvent>(record).end_at.has_value();
      (whole ? parts.second : parts.first).push_back(record);
    }
    return parts;
  }
};

}  // namespace probatio::decode
