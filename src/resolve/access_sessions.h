// Which access sessions covered an instant on one inside address (RFC 2866), from accounting events logged
// one by one. The rules and their reasons: docs/operate/resolve.md, section "From an inside address to a
// subscriber". Pure; thread-safe. For the .cc files of this folder.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "record/record.h"

namespace probatio::resolve {

struct AccessHolder {
  std::string subscriber;           // empty when no event of the session names one
  std::vector<std::size_t> events;  // indices into the events given
  std::vector<std::string> rules;   // how open ends were closed
};

// `events` are all of one inside address and realm. One entry per subscriber who may have had the address
// within `asked`; sessions without a subscriber stay apart.
std::vector<AccessHolder> SubscribersAt(std::span<const record::AccessSession> events, const Period& asked,
                                        std::int64_t age_max_ns);

}  // namespace probatio::resolve
