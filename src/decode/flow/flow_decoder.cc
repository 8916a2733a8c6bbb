#include "decode/flow/flow_decoder.h"

#include "record/canonical.h"

namespace probatio::decode {
namespace {

constexpr const char* kOtherReasons = "other reasons";
constexpr std::uint64_t kSystemInitMsMax = 9'214'646'400'000;  // 2262-01-01, excluded: what an Instant holds

}  // namespace

// What one message has given, kept apart until the whole message was read.
struct FlowDecoder::Batch {
  std::vector<record::Record> records;
  std::uint64_t flows = 0;
  std::uint64_t translation_records = 0;
  std::map<NoEvent, std::uint64_t> no_events;
  std::vector<std::string> refusals;
  std::map<std::uint32_t, Instant> started;

  // The plan of the template last seen: records come set by set.
  TemplatePtr planned;
  std::optional<NatPlan> plan;
};

Status FlowDecoder::Decode(const Piece& message, std::vector<record::Record>* out) {
  Batch batch;
  batch.started = started_;
  const Result<MessageWalk> walk =
      WalkMessage(message.bytes, &session_, [&](const DataRecord& data) { OnRecord(data, &batch); });
  if (!walk.ok()) {
    ++counts_.malformed_messages;
    return walk.error();
  }
  Count(walk.value(), batch);
  started_ = std::move(batch.started);
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
  const auto read = [&]() -> Result<NatReading> {
    const NatFields fields = TRY(NatFields::Read(*batch->plan, data.values));
    const auto started = batch->started.find(data.header.domain);
    const ExporterClock clock{
        data.header.export_time, data.header.uptime_ms,
        started == batch->started.end() ? std::nullopt : std::optional(started->second)};
    NatReading reading = TRY(ReadNatEvent(fields, clock));
    auto* event = std::get_if<record::NatEvent>(&reading);
    if (event == nullptr) return reading;
    event->origin.exporter = exporter_;
    event->origin.domain = data.header.domain;
    event->origin.seq = data.sequence;
    TRY(record::CheckRecord(*event));
    return reading;
  };
  Result<NatReading> reading = read();
  if (!reading.ok()) {
    batch->refusals.push_back(reading.error().what());
  } else if (const auto* no_event = std::get_if<NoEvent>(&reading.value())) {
    ++batch->no_events[*no_event];
  } else {
    batch->records.emplace_back(std::get<record::NatEvent>(std::move(reading).value()));
  }
}

// Element 160 tells when the exporter started: the base of its uptimes.
void FlowDecoder::LearnStart(const DataRecord& data, Batch* batch) const {
  const bool room =
      batch->started.size() < kSequenceDomainsMax || batch->started.contains(data.header.domain);
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
  sequence_.Message(walk);
  counts_.lost = sequence_.lost();
  counts_.late_messages = sequence_.late_messages();
  counts_.restarts = sequence_.restarts();
}

}  // namespace probatio::decode
