#include "decode/time/correct_records.h"

namespace probatio::decode {
namespace {

Status Correct(const SourceClock& clock, ClockSource source, std::optional<Instant>* at) {
  if (!at->has_value()) return Done{};
  const Timestamp corrected = TRY(clock.Corrected({**at, 0, 0, source}));
  *at = corrected.at;
  return Done{};
}

}  // namespace

Status CorrectRecords(const SourceClock& clock, std::span<record::Record> records) {
  for (record::Record& record : records) {
    if (std::holds_alternative<record::SharingRule>(record)) continue;  // dated by people
    record::Origin& origin = std::visit([](auto& kind) -> record::Origin& { return kind.origin; }, record);
    const ClockSource source = origin.at.source;
    origin.at = TRY(clock.Corrected(origin.at));
    if (auto* event = std::get_if<record::NatEvent>(&record)) TRY(Correct(clock, source, &event->end_at));
    if (auto* session = std::get_if<record::AccessSession>(&record))
      TRY(Correct(clock, source, &session->valid_until));
  }
  return Done{};
}

Result<std::optional<std::uint16_t>> BatchCorrector::CorrectedShape(std::uint16_t shape,
                                                                    record::NatEventBatch* events) {
  if (lists_id_ != events->lists_id()) {
    lists_id_ = events->lists_id();
    corrected_.clear();
  }
  if (corrected_.size() <= shape) corrected_.resize(events->shapes().size(), kUnknown);
  if (corrected_[shape] != kUnknown) return std::optional(static_cast<std::uint16_t>(corrected_[shape]));
  record::NatEvent event = events->shapes()[shape];
  event.origin.at = TRY(clock_.Corrected(event.origin.at));
  event.origin.at.at = Instant();
  const std::optional<std::uint16_t> number = events->ShapeOf(event);
  if (number.has_value()) corrected_[shape] = *number;
  return number;
}

Status BatchCorrector::Correct(const record::RecordBatch::Mark& since, record::RecordBatch* batch) {
  if (clock_.offset.ns == 0 && clock_.error_ns == 0) return Done{};
  std::vector<record::NatEventRow>& rows = batch->events.rows;
  for (std::size_t i = since.rows; i < rows.size(); ++i) {
    const ClockSource source = batch->events.shapes()[rows[i].shape].origin.at.source;
    if (source == ClockSource::kReceipt) continue;  // our own
    const std::optional<std::uint16_t> shape = TRY(CorrectedShape(rows[i].shape, &batch->events));
    if (!shape.has_value()) {
      batch->MakeRecords(i, since.records);
      break;
    }
    const Timestamp shown{Instant::FromUnixNs(rows[i].at_ns), 0, 0, source};
    rows[i].at_ns = TRY(clock_.Corrected(shown)).at.unix_ns();
    rows[i].shape = *shape;
  }
  return CorrectRecords(clock_, std::span<record::Record>(batch->records).subspan(since.records));
}

}  // namespace probatio::decode
