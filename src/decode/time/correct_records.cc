#include "decode/time/correct_records.h"

namespace probatio::decode {

Status CorrectRecords(const SourceClock& clock, std::span<record::Record> records) {
  for (record::Record& record : records) {
    record::Origin& origin = std::visit([](auto& kind) -> record::Origin& { return kind.origin; }, record);
    const Instant before = origin.at.at;
    origin.at = TRY(clock.Corrected(origin.at));
    auto* event = std::get_if<record::NatEvent>(&record);
    if (event != nullptr && event->end_at.has_value())
      event->end_at = *event->end_at + (origin.at.at - before);
  }
  return Done{};
}

}  // namespace probatio::decode
