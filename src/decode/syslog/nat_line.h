// What was captured of a line, as a NAT event. Pure; thread-safe.
#pragma once

#include "decode/syslog/vendor.h"
#include "decode/time/source_clock.h"
#include "record/record.h"

namespace probatio::decode {

// The event without its origin; kInvalid names what is missing or is no address, port or protocol.
Result<record::NatEvent> NatEventOf(Told told, const Captures& captures);

// A session, mapping or binding whose "translated" side is the other one again: no translation took place.
bool IsTranslated(const record::NatEvent& event);

// The time that the line itself says of its event; nothing where it says none.
Result<std::optional<Timestamp>> EventTimeOf(const Captures& captures, const SourceClock& clock,
                                             std::optional<Instant> received);

}  // namespace probatio::decode
