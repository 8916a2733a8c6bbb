#include "decode/ipfix/ipfix_decoder.h"

#include "decode/ipfix/nat_event.h"
#include "record/canonical.h"

namespace probatio::decode {
namespace {

constexpr const char* kOtherReasons = "other reasons";

}  // namespace

// What one message has given, kept apart until the whole message was read.
struct IpfixDecoder::Batch {
  std::vector<record::Record> records;
  std::uint64_t flows = 0;
  std::uint64_t nat_flows_without_event = 0;
  std::vector<std::string> refusals;

  // The plan of the template last seen: records come set by set.
  TemplatePtr planned;
  std::optional<NatPlan> plan;
};

Status IpfixDecoder::Decode(Bytes message, std::vector<record::Record>* out) {
  Batch batch;
  const Result<MessageWalk> walk =
      WalkMessage(message, &templates_, [&](const DataRecord& data) { OnRecord(data, &batch); });
  if (!walk.ok()) {
    ++counts_.malformed_messages;
    return walk.error().Within("ipfix");
  }
  Count(walk.value(), batch);
  for (record::Record& read : batch.records) out->push_back(std::move(read));
  return Done{};
}

void IpfixDecoder::OnRecord(const DataRecord& data, Batch* batch) {
  if (data.record_template->is_options()) return;
  if (batch->planned != data.record_template) {
    batch->planned = data.record_template;
    batch->plan.emplace(*data.record_template);
  }
  if (!batch->plan->is_nat()) {
    ++batch->flows;
    return;
  }
  if (!batch->plan->has_event()) {
    ++batch->nat_flows_without_event;
    return;
  }
  const auto read = [&]() -> Result<record::Record> {
    const NatFields fields = TRY(NatFields::Read(*batch->plan, data.values));
    record::NatEvent event = TRY(ReadNatEvent(fields, data.header.export_time));
    event.origin.exporter = exporter_;
    event.origin.domain = data.header.domain;
    event.origin.seq = data.sequence;
    record::Record record = std::move(event);
    TRY(record::CheckRecord(record));
    return record;
  };
  Result<record::Record> record = read();
  if (record.ok()) {
    batch->records.push_back(std::move(record).value());
  } else {
    batch->refusals.push_back(record.error().what());
  }
}

void IpfixDecoder::Count(const MessageWalk& walk, const Batch& batch) {
  ++counts_.messages;
  counts_.templates += walk.templates;
  counts_.options_templates += walk.options_templates;
  counts_.withdrawals_ignored += walk.withdrawals_ignored;
  counts_.templates_refused += walk.templates_refused;
  counts_.data_records += walk.data_records;
  counts_.options_records += walk.options_records;
  counts_.nat_records += batch.records.size();
  counts_.flows += batch.flows;
  counts_.nat_flows_without_event += batch.nat_flows_without_event;
  counts_.refused_records += batch.refusals.size();
  counts_.sets_without_template += walk.sets_without_template;
  counts_.sets_reserved += walk.sets_reserved;
  counts_.trailing_octets += walk.trailing_octets;
  for (const std::string& reason : batch.refusals) {
    const bool room = counts_.refusals.size() < kRefusalReasonsMax || counts_.refusals.contains(reason);
    ++counts_.refusals[room ? reason : kOtherReasons];
  }
  // Data records of options templates are counted by the exporter like any other (RFC 7011, section 3.1).
  std::optional<std::size_t> sent;
  if (walk.sets_without_template == 0) sent = walk.data_records + walk.options_records;
  sequence_.Message(walk.header, sent);
  counts_.lost_records = sequence_.lost_records();
  counts_.late_messages = sequence_.late_messages();
  counts_.restarts = sequence_.restarts();
}

}  // namespace probatio::decode
