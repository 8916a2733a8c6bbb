// Instants with their stated bounds as intervals. All sums saturate at the ends of Instant's range: bounds
// come from records and orders, and an absurd one must not wrap around. Pure; thread-safe. For the .cc files
// of this folder.
#pragma once

#include "order/order.h"

namespace probatio::resolve {

Instant Plus(Instant at, std::int64_t ns);
std::int64_t Difference(Instant a, Instant b);  // a - b

// The event lies in [earliest, latest): its clock's step and its stated error, both ways.
struct Bounds {
  Instant earliest;
  Instant latest;
};
Bounds BoundsOf(const Timestamp& stamp);

// Every instant that the asker may have meant: [at - error, at + error], with `before` and `after` added.
Period Around(const order::Tuple& tuple, std::int64_t before, std::int64_t after);
inline Period Asked(const order::Tuple& tuple) {
  return Around(tuple, 0, 0);
}

}  // namespace probatio::resolve
