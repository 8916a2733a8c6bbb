// One data record with natEvent into a NAT event (RFC 8158). What the record does not say stays absent. Pure;
// thread-safe.
#pragma once

#include "decode/ipfix/nat_fields.h"
#include "record/record.h"

namespace probatio::decode {

// The event without exporter, domain and sequence, which the record does not hold. kInvalid names what it
// lacks or what contradicts itself: an event we do not know, a port block without an end, a time out of
// range.
Result<record::NatEvent> ReadNatEvent(const NatFields& fields, Instant export_time);

}  // namespace probatio::decode
