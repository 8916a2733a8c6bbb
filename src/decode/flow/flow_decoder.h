// Flow export of one exporter, IPFIX (RFC 7011) or NetFlow 9 (RFC 3954), into NAT events (RFC 8158; Cisco
// NSEL; translated flows). Pure: bytes in, records out; no socket, no clock, no lock. One decoder serves one
// transport session of one exporter and one thread.
#pragma once

#include <unordered_map>

#include "decode/decoder.h"
#include "decode/flow/nat_event.h"
#include "decode/flow/nat_row_reader.h"
#include "decode/flow/sequence.h"
#include "decode/flow/template_state.h"
#include "decode/flow/walk.h"

namespace probatio::decode {

inline constexpr std::size_t kRefusalReasonsMax = 256;     // different reasons that are told apart
inline constexpr std::size_t kCompiledTemplatesMax = 256;  // kept from message to message

struct FlowCounts {
  std::uint64_t messages = 0;            // well-formed
  std::uint64_t malformed_messages = 0;  // discarded whole
  std::uint64_t templates = 0;           // template records, refreshes included
  std::uint64_t options_templates = 0;
  std::uint64_t withdrawals = 0;
  std::uint64_t withdrawals_ignored = 0;
  std::uint64_t templates_refused = 0;
  std::uint64_t data_records = 0;  // = flows + translation_records
  std::uint64_t options_records = 0;
  std::uint64_t flows = 0;                // without any translation element: stepped over
  std::uint64_t translation_records = 0;  // = nat_records + the four below + refused_records
  std::uint64_t nat_records = 0;          // handed on
  std::uint64_t not_translated = 0;
  std::uint64_t flows_without_port = 0;
  std::uint64_t flows_without_time = 0;
  std::uint64_t firewall_others = 0;
  std::uint64_t refused_records = 0;
  std::uint64_t sets_without_template = 0;  // when they came
  std::uint64_t sets_read_late = 0;         // of these, whose template came later
  std::uint64_t sets_broken_late = 0;
  std::uint64_t sets_reserved = 0;
  std::uint64_t trailing_octets = 0;
  std::uint64_t lost = 0;  // by the exporter's numbers: data records (IPFIX), packets (NetFlow 9)
  std::uint64_t late_messages = 0;
  std::uint64_t restarts = 0;
  std::map<std::string, std::uint64_t> refusals;  // reason → records; the sum is refused_records
};
void AddCounts(const FlowCounts& counts, FlowCounts* sum);
// Those that are not zero, by the name that docs/formats/flow.md gives.
std::map<std::string, std::uint64_t> NamedCounts(const FlowCounts& counts);

class FlowDecoder : public Decoder {
 public:
  // The name or address of the exporter, as it is to stand in its records.
  explicit FlowDecoder(std::string exporter, Transport transport = Transport::kDatagrams)
      : exporter_(std::move(exporter)), session_{transport, {}, {}} {}

  // One whole message. A malformed one is discarded whole (RFC 7011, section 9.1): kInvalid names the place,
  // and neither a record nor a template of it is kept. A record that cannot be a NAT event is counted under
  // its reason and does not stop the others.
  Status Decode(const Piece& message, std::vector<record::Record>* out) override;
  // Usual NAT events never become more than a row (nat_row_reader.h).
  Status DecodeInto(const Piece& message, record::RecordBatch* out) override;

  std::map<std::string, std::uint64_t> counts() const override { return NamedCounts(counts_); }
  const FlowCounts& flow_counts() const { return counts_; }
  // Sets that were dropped before their template came are lost too: of each at least one record.
  std::vector<SequenceGap> TakeGaps() override;
  void EndSession() override { session_.pending.DropAll(); }

  // Data that still waits for its template, for whoever puts it aside at the end.
  std::vector<PendingSet> TakePending() { return session_.pending.TakeAll(); }
  const TemplateTable& templates() const { return session_.templates; }
  // Before the first message: the templates that an earlier run wrote (template_state.h).
  Status Restore(Bytes templates) { return RestoreTemplates(templates, &session_); }
  Buffer SaveState(Instant now) const override { return WriteTemplates(session_.templates, version_, now); }
  Status RestoreState(Bytes state) override { return Restore(state); }

 private:
  struct Batch;
  class Visitor;
  // What was found out about a template when its first record came.
  struct Compiled {
    TemplatePtr record_template;  // keeps the address that names this entry
    NatPlan plan;
    std::optional<NatRowReader> rows;
  };

  Compiled* CompiledOf(const TemplatePtr& record_template);
  bool OnRecords(const DataRecords& data, Batch* batch);
  void OnRecord(const DataRecord& data, Batch* batch);
  Status ReadRecord(const DataRecord& data, const NatPlan& plan, Batch* batch) const;
  std::optional<Instant> StartOf(std::uint32_t domain, const Batch& batch) const;
  void LearnStart(const DataRecord& data, const NatPlan& plan, Batch* batch) const;
  void Count(const MessageWalk& walk, const Batch& batch);

  std::string exporter_;
  FlowSession session_;
  FlowVersion version_ = FlowVersion::kIpfix;  // of the last message: a session has one
  SequenceTracker sequence_;
  FlowCounts counts_;
  std::map<std::uint32_t, Instant> started_;  // by domain: systemInitTimeMilliseconds of its options records
  std::unordered_map<const Template*, Compiled> compiled_;
};

}  // namespace probatio::decode
