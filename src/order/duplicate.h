// The same decision twice: a copy sent again, or a replay under another name, pins and answers nothing anew.
// Pure; thread-safe.
#pragma once

#include "order/life.h"

namespace probatio::order {

// One court gives one register number to one case; a rectification bears a date of its own. Spaces, case and
// accents count for nothing, and a paper with the same digest is the same paper.
bool SameDecision(const Order& a, const Order& b);

// kDenied "order b: the same decision (court, register number and date) was received as a, which is
// assessed". `again` says why a decision is received once more: only one whose earlier reception was refused
// or withdrawn.
Status CheckNotReceived(const Order& incoming, const Order& known, const Life& life_of_known,
                        const std::string& again);

}  // namespace probatio::order
