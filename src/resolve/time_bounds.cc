// Saturating arithmetic on instants.
#include "resolve/time_bounds.h"

#include <algorithm>
#include <limits>

namespace probatio::resolve {
namespace {

constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();

std::int64_t Sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? kFirst : kLast;
}

}  // namespace

Instant Plus(Instant at, std::int64_t ns) {
  return Instant::FromUnixNs(Sum(at.unix_ns(), ns));
}

std::int64_t Difference(Instant a, Instant b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a.unix_ns(), b.unix_ns(), &difference)) return difference;
  return a < b ? kFirst : kLast;
}

Bounds BoundsOf(const Timestamp& stamp) {
  const std::int64_t error = std::max<std::int64_t>(stamp.error_ns, 0);
  const std::int64_t resolution = std::max<std::int64_t>(stamp.resolution_ns, 0);
  return {Plus(stamp.at, -error), Plus(Plus(stamp.at, resolution), error)};
}

Period Around(const order::Tuple& tuple, std::int64_t before, std::int64_t after) {
  const std::int64_t error = std::max<std::int64_t>(tuple.error_ns, 0);
  // Periods exclude their end and the last instant meant is included: hence one nanosecond more.
  return {Plus(Plus(tuple.at, -error), -before), Plus(Plus(Plus(tuple.at, error), after), 1)};
}

}  // namespace probatio::resolve
