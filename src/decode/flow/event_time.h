// When a NAT event happened, by what its record says: the observation time, else the start or end of the
// flow, else the export time of the message, labelled as such (RFC 8158, section 4.2; RFC 7011, section 6.1).
// Pure; thread-safe.
#pragma once

#include "decode/flow/nat_fields.h"
#include "record/record.h"

namespace probatio::decode {

// Milliseconds since 1970, excluded: 2262-01-01, where an Instant ends.
inline constexpr std::uint64_t kEventMillisecondsMax = 9'214'646'400'000;

// What an exporter says about its clock beside the record.
struct ExporterClock {
  Instant export_time;                     // of the message that carried the record
  std::optional<std::uint32_t> uptime_ms;  // NetFlow 9: at export_time
  std::optional<Instant> started;          // element 160 of an options record of the same domain
};

// kInvalid names the element whose time lies outside what an Instant can hold. A time element of zero was not
// set.
Result<Timestamp> EventTime(const NatFields& fields, record::Nature nature, const ExporterClock& clock);

// First and last instant of a flow; nothing where its record does not say.
Result<std::optional<Timestamp>> FlowStart(const NatFields& fields, const ExporterClock& clock);
Result<std::optional<Timestamp>> FlowEnd(const NatFields& fields, const ExporterClock& clock);

// 64-bit NTP format: seconds since 1900 and a fraction of 2^32. Seconds below 2^31 belong to the era that
// began in 2036 (RFC 4330, section 3). `fraction_mask` blanks the bits that dateTimeMicroseconds does not
// use.
Instant FromNtp(std::uint64_t ntp, std::uint32_t fraction_mask);

}  // namespace probatio::decode
