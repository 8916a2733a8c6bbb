// The four conditions of article 145, as the court found them, beside our own consistency check, which never
// overrides the court; and what keeps an order from being enforceable. Pure; thread-safe.
#pragma once

#include "order/assessment.h"

namespace probatio::order {

// `items` are the item assessments, for the admissibility check.
std::vector<ConditionAssessment> CheckConditions(const Order& order,
                                                 const std::vector<ItemAssessment>& items);

// In words; empty when nothing stands in the way. A stay is not here: it is an event of the order's life.
std::vector<std::string> FindDefects(const Order& order, const law::Regime& regime, Instant now);

bool IsServed(const Order& order, Instant now);

}  // namespace probatio::order
