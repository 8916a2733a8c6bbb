// Why an order is refused, in the terms of its own instrument. Pure; thread-safe.
#pragma once

#include "order/order.h"

namespace probatio::order {

// kInvalid lists the grounds when the regime has some for the order's instrument and `ground` is none of
// them, and says so when it has none and one is named.
Status CheckGround(const Order& order, const law::Regime& regime, const std::string& ground);

}  // namespace probatio::order
