// The gates that a civil decision passes to be enforced. Used by enforceability.cc.
#pragma once

#include "order/enforceability.h"

namespace probatio::order {

std::vector<EnforcementGate> DecisionGates(const Order& order, Instant now);

}  // namespace probatio::order
