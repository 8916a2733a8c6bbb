// Does a NAT event speak about a public tuple, and how precisely (RFC 8158 section 4.3, RFC 7768)? Pure;
// thread-safe. For the .cc files of this folder.
#pragma once

#include "order/order.h"
#include "record/record.h"

namespace probatio::resolve {

// In order of strength: a session names the port, a block a set of ports, a binding only the address.
enum class NatSource : std::uint8_t { kSession, kBlock, kBinding };

NatSource SourceOf(const record::NatEvent& event);

// Same public address, a protocol that is the tuple's or all, and the tuple's port among the event's.
bool Covers(const record::NatEvent& event, const order::Tuple& tuple);

}  // namespace probatio::resolve
