#include "decode/time/correct_records.h"

namespace probatio::decode {

Status CorrectRecords(const SourceClock& clock, std::span<record::Record> records) {
  for (record::Record& record : records) {
    if (std::holds_alternative<record::SharingRule>(record)) continue;  // dated by people
    record::Origin& origin = std::visit([](auto& kind) -> record::Origin& { return kind.origin; }, record);
    const Instant before = origin.at.at;
    origin.at = TRY(clock.Corrected(origin.at));
    auto* event = std::get_if<record::NatEvent>(&record);
    if (event != nullptr && event->end_at.has_value())
      event->end_at = *event->end_at + (origin.at.at - before);
    auto* session = std::get_if<record::AccessSession>(&record);
    if (session != nullptr && session->valid_until.has_value())
      session->valid_until = *session->valid_until + (origin.at.at - before);
  }
  return Done{};
}

}  // namespace probatio::decode
