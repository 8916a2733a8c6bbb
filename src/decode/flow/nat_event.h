// One data record about address translation into a NAT event: what a NAT says by itself (RFC 8158), what a
// Cisco firewall says (NetFlow Secure Event Logging), or a flow that a flow meter saw translated. What the
// record does not say stays absent. Pure; thread-safe.
#pragma once

#include <variant>

#include "decode/flow/event_time.h"
#include "record/record.h"

namespace probatio::decode {

// Why a record that has elements about translation is no event, though nothing in it is wrong.
enum class NoEvent : std::uint8_t {
  kNotTranslated,  // the translated tuple is the original one, or zero
  kNoPublicPort,   // a flow whose public port nobody says: it could be any subscriber of the address
  kNoTime,         // a flow without begin and end: when it was translated is not known
  kFirewallOther,  // a firewall event that begins and ends nothing: denied, alert, update
};

using NatReading = std::variant<record::NatEvent, NoEvent>;

// The event without exporter, domain and sequence, which the record does not hold. kInvalid names what it
// lacks or what contradicts itself: an event we do not know, a port block without an end, a time out of
// range.
Result<NatReading> ReadNatEvent(const NatFields& fields, const ExporterClock& clock);

}  // namespace probatio::decode
