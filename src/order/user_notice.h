// Whether, by whom and from when the person concerned is told that data were given out; and what an order
// cost, in words. Pure; thread-safe.
#pragma once

#include "order/life.h"

namespace probatio::order {

// kDenied: the regime leaves it to the authority, or wants its leave and `leave_of` names nobody.
Status CheckMayTell(const Order& order, const std::string& leave_of);
// "not yet told: by the addressee, when effect is given at the latest [DSA 10(5)]; delayed until ..."
std::string UserNoticeText(const Order& order, const Life& life, Instant now);

Result<std::int64_t> ParseCents(std::string_view amount);  // "18", "18.5", "18.00"; kInvalid
std::string CostsText(const Life& life);                   // "18.00 EUR, 3.50 CHF"; empty when there are none

}  // namespace probatio::order
