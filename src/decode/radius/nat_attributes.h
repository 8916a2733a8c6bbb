// Address translation that is told in accounting: port blocks and bindings as NAT events
// (docs/formats/radius.md, "Translation"). Pure; thread-safe.
#pragma once

#include "decode/radius/accounting.h"

namespace probatio::decode {

inline constexpr std::size_t kNatRangesMax = 1'024;  // port ranges of one report

// Is this the report of a translator about its own port blocks, and not of an access server about a session?
bool IsTranslatorsReport(const Accounting& report);

// The events of a report; `session` is what it says of the inside. kInvalid names the attribute.
Result<std::vector<record::NatEvent>> NatEventsOf(const Accounting& report,
                                                  const record::AccessSession& session,
                                                  const AccountingTimes& times, Counts* counts);

}  // namespace probatio::decode
