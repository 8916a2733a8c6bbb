// What makes an address-sharing rule whole: from a record that passes, owners can be computed without any
// further parameter. Pure; thread-safe.
#pragma once

#include "record/record.h"

namespace probatio::record {

// First and last port of an entry of reserved_ports: "0-1023" or "5060".
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  auto operator<=>(const PortRange&) const = default;
};
Result<PortRange> ParsePortRange(std::string_view text);

// kInvalid names the field that is missing, too many, or contradicts another.
Status CheckSharingRule(const SharingRule& rule);

}  // namespace probatio::record
