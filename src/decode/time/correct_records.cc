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

}  // namespace probatio::decode
