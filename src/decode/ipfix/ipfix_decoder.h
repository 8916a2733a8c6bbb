// IPFIX messages of one exporter (RFC 7011) into NAT events (RFC 8158). Pure: bytes in, records out; no
// socket, no clock, no lock. One decoder serves one transport session of one exporter and one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decode/ipfix/nat_fields.h"
#include "decode/ipfix/sequence.h"
#include "decode/ipfix/walk.h"
#include "record/record.h"

namespace probatio::decode {

inline constexpr std::size_t kRefusalReasonsMax = 256;  // different reasons that are told apart

struct IpfixCounts {
  std::uint64_t messages = 0;            // well-formed
  std::uint64_t malformed_messages = 0;  // discarded whole
  std::uint64_t templates = 0;           // template records, refreshes included
  std::uint64_t options_templates = 0;
  std::uint64_t withdrawals_ignored = 0;
  std::uint64_t templates_refused = 0;
  std::uint64_t data_records = 0;  // = nat_records + flows + nat_flows_without_event + refused_records
  std::uint64_t options_records = 0;
  std::uint64_t nat_records = 0;  // handed on
  std::uint64_t flows = 0;        // without any translation element: stepped over
  std::uint64_t nat_flows_without_event =
      0;  // translated addresses from a flow meter: no event, so no record
  std::uint64_t refused_records = 0;
  std::uint64_t sets_without_template = 0;
  std::uint64_t sets_reserved = 0;
  std::uint64_t trailing_octets = 0;
  std::uint64_t lost_records = 0;  // by the exporter's sequence numbers
  std::uint64_t late_messages = 0;
  std::uint64_t restarts = 0;
  std::map<std::string, std::uint64_t> refusals;  // reason → records; the sum is refused_records
};

class IpfixDecoder {
 public:
  // The name or address of the exporter, as it is to stand in its records.
  explicit IpfixDecoder(std::string exporter) : exporter_(std::move(exporter)) {}

  // Appends the NAT events of one message. A malformed message is discarded whole (RFC 7011, section 9.1):
  // kInvalid names the place, and neither a record nor a template of it is kept. A record that cannot be a
  // NAT event is counted under its reason and does not stop the others.
  Status Decode(Bytes message, std::vector<record::Record>* out);

  const IpfixCounts& counts() const { return counts_; }
  // The losses found since the last call, for whoever keeps them (at most kSequenceGapsMax are held).
  std::vector<SequenceGap> TakeGaps() { return sequence_.TakeGaps(); }

 private:
  struct Batch;
  void OnRecord(const DataRecord& data, Batch* batch);
  void Count(const MessageWalk& walk, const Batch& batch);

  std::string exporter_;
  TemplateTable templates_;
  SequenceTracker sequence_;
  IpfixCounts counts_;
};

}  // namespace probatio::decode
