// The JSON parts that an order and a scope share: a line's subject, its events and its period. Pure;
// thread-safe.
#pragma once

#include "order/json_view.h"
#include "order/order.h"

namespace probatio::order {

inline constexpr std::size_t kLineEventsMax = 8;
inline constexpr std::int64_t kTupleErrorSecondsMax = 86'400;  // a day: beyond it an instant says nothing

// {"message": ".."} | .. | {"tuple": {..}} | {"other_accounts": true}: exactly one key.
Result<Subject> ReadSubject(const JsonView& view);
std::string SubjectToJson(const Subject& subject);
Result<std::vector<std::string>> ReadEvents(const JsonView& line);
// {"from", "to"}: RFC 3339 with a zone; `to` is excluded.
Result<Period> ReadPeriod(const JsonView& period);

}  // namespace probatio::order
