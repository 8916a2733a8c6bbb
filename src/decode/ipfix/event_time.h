// When a NAT event happened, by what its record says: the observation time, else the start or end of the
// flow, else the export time of the message, labelled as such (RFC 8158, section 4.2; RFC 7011, section 6.1).
// Pure; thread-safe.
#pragma once

#include "decode/ipfix/nat_fields.h"
#include "record/record.h"

namespace probatio::decode {

// kInvalid names the element whose time lies outside what an Instant can hold. A time element of zero was not
// set.
Result<Timestamp> EventTime(const NatFields& fields, record::Nature nature, Instant export_time);

// 64-bit NTP format: seconds since 1900 and a fraction of 2^32. Seconds below 2^31 belong to the era that
// began in 2036 (RFC 4330, section 3). `fraction_mask` blanks the bits that dateTimeMicroseconds does not
// use.
Instant FromNtp(std::uint64_t ntp, std::uint32_t fraction_mask);

}  // namespace probatio::decode
