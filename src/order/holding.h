// Which part of a line's period may still be used at an instant, by the retention rules. Pure; thread-safe.
#pragma once

#include "order/assessment.h"

namespace probatio::order {

struct Held {
  Holding holding = Holding::kOutside;
  std::optional<Period> kept;
  std::string reference;
};

// Where the clock starts with the event, the days whose year has not run out; where it starts with the end of
// a contract or account, which an order does not tell, the whole period. The rows are checked again when they
// are read.
Held HeldAt(const law::Regime& regime, const std::string& category, const std::string& profile,
            const Period& period, Instant now);

// Since when the order's own hold keeps the rows in which items of the category lie, for that line.
std::optional<Instant> HeldSince(const OwnHold& hold, const Line& line, const std::string& category);

}  // namespace probatio::order
