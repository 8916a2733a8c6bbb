#include "decode/flow/flow_decoder.h"

#include <iterator>

#include "record/canonical.h"

namespace probatio::decode {
namespace {

constexpr const char* kOtherReasons = "other reasons";
constexpr std::uint64_t kSystemInitMsMax = 9'214'646'400'000;  // 2262-01-01, excluded: what an Instant holds

// The fields of a record of fixed length; `octets` hold at least one.
void SplitFixed(const Template& record, Bytes octets, std::vector<Bytes>* values) {
  values->clear();
  for (const FieldSpecifier& field : record.fields) {
    values->push_back(octets.first(field.length));
    octets = octets.subspan(field.length);
  }
}

// By how much the message moves its exporter's count. Data records of options templates are counted by the
// exporter like any other (RFC 7011, section 3.1); a set that could not be read has an unknown number of
// them.
std::optional<std::size_t> StepOf(const MessageWalk& walk) {
  if (walk.header.version == FlowVersion::kNetflow9) return 1;
  if (walk.sets_without_template != 0) return std::nullopt;
  return walk.own_records;
}

}  // namespace

// What one message has given beside its records.
struct FlowDecoder::Batch {
  record::RecordBatch* out = nullptr;
  std::uint64_t flows = 0;
  std::uint64_t translation_records = 0;
  std::uint64_t nat_records = 0;
  std::map<NoEvent, std::uint64_t> no_events;
  std::vector<std::string> refusals;
  std::map<std::uint32_t, Instant> started;  // what it adds to started_
  std::vector<Bytes> values;                 // of a record that a row cannot hold
};

class FlowDecoder::Visitor : public DataVisitor {
 public:
  Visitor(FlowDecoder* decoder, Batch* batch) : decoder_(*decoder), batch_(batch) {}
  void OnRecord(const DataRecord& data) override { decoder_.OnRecord(data, batch_); }
  bool OnRecords(const DataRecords& data) override { return decoder_.OnRecords(data, batch_); }

 private:
  FlowDecoder& decoder_;
  Batch* batch_;
};

Status FlowDecoder::Decode(const Piece& message, std::vector<record::Record>* out) {
  record::RecordBatch records;
  records.MakeRecords(0, 0);
  TRY(DecodeInto(message, &records));
  out->insert(out->end(), std::make_move_iterator(records.records.begin()),
              std::make_move_iterator(records.records.end()));
  return Done{};
}

Status FlowDecoder::DecodeInto(const Piece& message, record::RecordBatch* out) {
  if (compiled_.size() > kCompiledTemplatesMax) compiled_.clear();
  const record::RecordBatch::Mark before = out->mark();
  Batch batch;
  batch.out = out;
  Visitor visitor(this, &batch);
  const Result<MessageWalk> walk = WalkMessage(message.bytes, &session_, &visitor);
  if (!walk.ok()) {
    out->GoBackTo(before);
    ++counts_.malformed_messages;
    return walk.error();
  }
  Count(walk.value(), batch);
  version_ = walk.value().header.version;
  for (const auto& [domain, at] : batch.started) started_[domain] = at;
  return Done{};
}

std::vector<SequenceGap> FlowDecoder::TakeGaps() {
  std::vector<SequenceGap> gaps = sequence_.TakeGaps();
  for (const PendingSets::Dropped& dropped : session_.pending.TakeDropped())
    gaps.push_back({dropped.domain, 0, dropped.sets, dropped.exported});
  return gaps;
}

FlowDecoder::Compiled* FlowDecoder::CompiledOf(const TemplatePtr& record_template) {
  const auto known = compiled_.find(record_template.get());
  if (known != compiled_.end()) return &known->second;
  Compiled compiled{record_template, NatPlan(*record_template), NatRowReader::Of(*record_template)};
  return &compiled_.emplace(record_template.get(), std::move(compiled)).first->second;
}

bool FlowDecoder::OnRecords(const DataRecords& data, Batch* batch) {
  if (!batch->out->takes_rows()) return false;
  const TemplatePtr& record_template = data.record_template;
  Compiled* const compiled = CompiledOf(record_template);
  if (!compiled->rows.has_value()) return false;
  const NatRowReader::Origin origin{exporter_, data.header.domain, data.header.export_time};
  compiled->rows->Begin(origin, batch->out);
  const std::size_t length = record_template->length_min;
  std::optional<std::uint32_t> sequence = data.sequence;
  std::uint64_t rows = 0;
  for (Bytes rest = data.body; rest.size() >= length; rest = rest.subspan(length)) {
    if (batch->out->takes_rows() && compiled->rows->Read(rest.data(), sequence)) {
      ++rows;
    } else {
      SplitFixed(*record_template, rest, &batch->values);
      OnRecord({data.header, record_template, batch->values, sequence}, batch);
    }
    if (CountsRecords(data.header.version) && sequence.has_value()) ++*sequence;
  }
  batch->translation_records += rows;
  batch->nat_records += rows;
  return true;
}

void FlowDecoder::OnRecord(const DataRecord& data, Batch* batch) {
  const NatPlan& plan = CompiledOf(data.record_template)->plan;
  if (data.record_template->options) {
    LearnStart(data, plan, batch);
    return;
  }
  if (!plan.is_nat()) {
    ++batch->flows;
    return;
  }
  ++batch->translation_records;
  const Status read = ReadRecord(data, plan, batch);
  if (!read.ok()) batch->refusals.push_back(read.error().what());
}

Status FlowDecoder::ReadRecord(const DataRecord& data, const NatPlan& plan, Batch* batch) const {
  const NatFields fields = TRY(NatFields::Read(plan, data.values));
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
  batch->out->Add(std::move(record));
  ++batch->nat_records;
  return Done{};
}

// The latest that is known, this message's own options records included.
std::optional<Instant> FlowDecoder::StartOf(std::uint32_t domain, const Batch& batch) const {
  if (const auto own = batch.started.find(domain); own != batch.started.end()) return own->second;
  const auto known = started_.find(domain);
  return known == started_.end() ? std::nullopt : std::optional(known->second);
}

// Element 160 tells when the exporter started: the base of its uptimes.
void FlowDecoder::LearnStart(const DataRecord& data, const NatPlan& plan, Batch* batch) const {
  const bool room = started_.size() + batch->started.size() < kSequenceDomainsMax ||
                    StartOf(data.header.domain, *batch).has_value();
  const Result<NatFields> fields = NatFields::Read(plan, data.values);
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
  seen.nat_records = batch.nat_records;
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
