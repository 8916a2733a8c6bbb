// Urgent orders: where a life is at stake and the regime allows it, one person authenticates by calling a
// number that was known before, and a second person looks at it afterwards. Nothing else is shortened: it is
// assessed by a person and approved by two. Pure; thread-safe.
#pragma once

#include "order/order.h"

namespace probatio::order {

bool StatesEmergency(const Order& order);  // the fact `emergency` of law/needs.h, as the paper states it

// Until when a second person must have confirmed an order authenticated at `now`. kDenied: the instrument
// does not allow it, or the paper states no emergency.
Result<Instant> UrgentUntil(const Order& order, Instant now);

}  // namespace probatio::order
