// Repeatable choices from a seed: the standard fixes std::mt19937_64 but not its distributions, so those are
// ours.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "base/instant.h"

namespace probatio::cli::demo {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Below(std::uint64_t bound) { return engine_() % bound; }
  std::int64_t Between(std::int64_t low, std::int64_t high) {  // both included
    return low + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(high - low + 1)));
  }
  Instant Within(const Period& period) {  // to the millisecond
    const std::int64_t span_ms = (period.end - period.begin) / kNsPerMs;
    return period.begin + Between(0, span_ms - 1) * kNsPerMs;
  }
  template <class T, std::size_t N>
  const T& Pick(const T (&choices)[N]) {
    return choices[Below(N)];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace probatio::cli::demo
