// What is known of a source's clock, applied to records whose format carries UTC. Pure; thread-safe.
#pragma once

#include <span>

#include "decode/time/source_clock.h"
#include "record/record.h"

namespace probatio::decode {

// Corrects the instants of the records, `end_at` included. kInvalid when one leaves the years that an Instant
// holds: the records up to there are corrected, and none of them may be used.
Status CorrectRecords(const SourceClock& clock, std::span<record::Record> records);

}  // namespace probatio::decode
