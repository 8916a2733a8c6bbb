// What `order show` says of an order beside its state.
#pragma once

#include <ostream>

#include "order/life.h"

namespace probatio::cli {

void PrintAfterwards(const order::Order& order, const order::Life& life, Instant now, std::ostream& out);
std::string AfterwardsJson(const order::Order& order, const order::Life& life, Instant now);

}  // namespace probatio::cli
