#include "decode/flow/flow_decoder.h"

#include "record/canonical.h"

namespace probatio::decode {
namespace {

constexpr const char* kOtherReasons = "other reasons";
constexpr std::uint64_t kSystemInitMsMax = 9'214'646'400'000;  // 2262-01-01, excluded: what an Instant holds

// By how much the message moves its exporter's count. Data records of options templates are counted by the
// exporter like any other (RFC 7011, section 3.1); a set that could not be read has an unknown number of
// them.
std::optional<std::size_t> StepOf(const MessageWalk& walk) {
  if (walk.header.version == FlowVersion::kNetflow9) return 1;
  if (walk.sets_without_template != 0) return std::nullopt;
  return walk.own_records;
}

}  // namespace

// What one message has given, kept apart until the whole message was read.
struct FlowDecoder::Batch {
  std::vector<record::Record> records;
  std::uint64_t flows = 0;
  std::uint64_t translation_records = 0;
  std::map<NoEvent, std::uint64_t> no_events;
  std::vector<std::string> refusals;
  std::map<std::uint32_t, Instant> started;  // what it adds to started_

  // The plan of the template last seen: records come set by set.
  TemplatePtr planned;
  std::optional<NatPlan> plan;
};

Status FlowDecoder::Decode(const Piece& message, std::vector<record::Record>* out) {
  Batch batch;
  const Result<MessageWalk> walk =
      WalkMessage(message.bytes, &session_, [&](const DataRecord& data) { OnRecord(data, &batch); });
  if (!walk.ok()) {
    ++counts_.malformed_messages;
    return walk.error();
  }
  Count(walk.value(), batch);
  for (const auto& [domain, at] : batch.started) started_[domain] = at;
  for (record::Record& read : batch.records) out->push_back(std::move(read));
  return Done{};
}

void FlowDecoder::OnRecord(const DataRecord& data, Batch* batch) {
  if (batch->planned != data.record_template) {
    batch->planned = data.record_template;
    batch->plan.emplace(*data.record_template);
  }
  if (data.record_template->options) {
    LearnStart(data, batch);
    return;
  }
  if (!batch->plan->is_nat()) {
    ++batch->flows;
    return;
  }
  ++batch->translation_records;
  const Status read = ReadRecord(data, batch);
  if (!read.ok()) batch->refusals.push_back(read.error().what());
}

Status FlowDecoder::ReadRecord(const DataRecord& data, Batch* batch) const {
  const NatFields fields = TRY(NatFields::Read(*batch->plan, data.values));
  const ExporterClock clock{data.header.export_time, data.header.uptime_ms,
                            StartOf(data.header.domain, *batch)};
  NatReading reading = TRY(ReadNatEvent(fields, clock));
  if (const auto* no_event = std::get_if<NoEvent>(&reading)) {
    ++batch->no_events[*no_event];
    return Done{};
  }
  auto& event = std::get<record::NatEvent>(reading);
  event.origin.exporter = exporter_;
  event.origin.domain = data.header.domain;
  event.origin.seq = data.sequence;
  record::Record record = std::move(event);
  TRY(record::CheckRecord(record));
  batch->records.push_back(std::move(record));
  return Done{};
}

// The latest that is known, this message's own options records included.
std::optional<Instant> FlowDecoder::StartOf(std::uint32_t domain, const Batch& batch) const {
  if (const auto own = batch.started.find(domain); own != batch.started.end()) return own->second;
  const auto known = started_.find(domain);
  return known == started_.end() ? std::nullopt : std::optional(known->second);
}

// Element 160 tells when the exporter started: the base of its uptimes.
void FlowDecoder::LearnStart(const DataRecord& data, Batch* batch) const {
  const bool room = started_.size() + batch->started.size() < kSequenceDomainsMax ||
                    StartOf(data.header.domain, *batch).has_value();
  const Result<NatFields> fields = NatFields::Read(*batch->plan, data.values);
  if (!room || !fields.ok()) return;
  const std::uint64_t ms = fields.value().Unsigned(NatElement::kSystemInitMs).value_or(0);
  if (ms == 0 || ms >= kSystemInitMsMax) return;
  batch->started[data.header.domain] = Instant::FromUnixNs(static_cast<std::int64_t>(ms) * kNsPerMs);
}

void FlowDecoder::Count(const MessageWalk& walk, const Batch& batch) {
  const auto without = [&](NoEvent reason) -> std::uint64_t {
    const auto found = batch.no_events.find(reason);
    return found == batch.no_events.end() ? 0 : found->second;
  };
  FlowCounts seen;
  seen.messages = 1;
  seen.templates = walk.templates;
  seen.options_templates = walk.options_templates;
  seen.withdrawals = walk.withdrawals;
  seen.withdrawals_ignored = walk.withdrawals_ignored;
  seen.templates_refused = walk.templates_refused;
  seen.data_records = walk.data_records;
  seen.options_records = walk.options_records;
  seen.flows = batch.flows;
  seen.translation_records = batch.translation_records;
  seen.nat_records = batch.records.size();
  seen.not_translated = without(NoEvent::kNotTranslated);
  seen.flows_without_port = without(NoEvent::kNoPublicPort);
  seen.flows_without_time = without(NoEvent::kNoTime);
  seen.firewall_others = without(NoEvent::kFirewallOther);
  seen.refused_records = batch.refusals.size();
  seen.sets_without_template = walk.sets_without_template;
  seen.sets_read_late = walk.sets_read_late;
  seen.sets_broken_late = walk.sets_broken_late;
  seen.sets_reserved = walk.sets_reserved;
  seen.trailing_octets = walk.trailing_octets;
  AddCounts(seen, &counts_);
  for (const std::string& reason : batch.refusals) {
    const bool room = counts_.refusals.size() < kRefusalReasonsMax || counts_.refusals.contains(reason);
    ++counts_.refusals[room ? reason : kOtherReasons];
  }
  sequence_.Message(walk.header, StepOf(walk));
  counts_.lost = sequence_.lost();
  counts_.late_messages = sequence_.late_messages();
  counts_.restarts = sequence_.restarts();
}

}  // namespace probatio::decode
