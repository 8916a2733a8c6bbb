// Holdings: from when to when a customer may have held a public tuple, paired from events that were logged
// one by one. The rules and their reasons: docs/operate/resolve.md, section "From events to holdings". Pure;
// thread-safe. For the .cc files of this folder.
#pragma once

#include <string>
#include <vector>

#include "resolve/nat_match.h"
#include "resolve/resolver.h"

namespace probatio::resolve {

struct Holding {
  NatSource source = NatSource::kSession;
  std::vector<std::size_t> events;  // indices into the rows given: every report of its events
  Period possible;                  // it may have been held within this
  Period certain;                   // it was held throughout this; empty when begin >= end
  std::vector<std::string> rules;   // how open ends were closed
};

// Of the rows that cover the tuple; the others say nothing about it. A row holds one event, or a create with
// its delete.
std::vector<Holding> HoldingsOf(std::span<const record::NatEvent> rows, const order::Tuple& tuple,
                                const Limits& limits);

}  // namespace probatio::resolve
