// Matching of NAT events: one function per rule of docs/operate/resolve.md, section "Which events speak".
#include "resolve/nat_match.h"

#include <algorithm>

namespace probatio::resolve {
namespace {

bool CoversProtocol(const record::NatEvent& event, std::uint8_t proto) {
  // Blocks and bulk records carry no protocol: they hold for all of them.
  return !event.proto.has_value() || *event.proto == proto;
}

// A strided block holds first, first + step, ... (element 363): the ports between belong to other customers.
bool BlockCovers(const record::NatEvent& block, std::uint16_t port) {
  const std::uint16_t first = *block.port_first;
  // Without its end a block speaks of its first port alone: guessing a length would name the wrong customer.
  const std::uint16_t last = block.port_last.value_or(first);
  const int step = std::max<int>(block.port_step.value_or(1), 1);
  return first <= port && port <= last && (port - first) % step == 0;
}

bool CoversPort(const record::NatEvent& event, std::uint16_t port) {
  switch (SourceOf(event)) {
    case NatSource::kSession:
      return *event.public_port == port;
    case NatSource::kBlock:
      return BlockCovers(event, port);
    case NatSource::kBinding:
      return true;
  }
  return false;
}

}  // namespace

NatSource SourceOf(const record::NatEvent& event) {
  // The historic create and delete are sent for blocks too: what the event carries decides, not its number.
  if (event.is_block()) return NatSource::kBlock;
  return event.public_port.has_value() ? NatSource::kSession : NatSource::kBinding;
}

bool Covers(const record::NatEvent& event, const order::Tuple& tuple) {
  return event.public_ip == tuple.ip && CoversProtocol(event, tuple.proto) && CoversPort(event, tuple.port);
}

}  // namespace probatio::resolve
