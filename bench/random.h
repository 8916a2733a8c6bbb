// The generator's own randomness: the distributions of <random> differ between libraries, and a trace must be
// the same everywhere. SplitMix64 (Steele, Lea, Flood 2014).
#pragma once

#include <cmath>
#include <cstdint>

namespace probatio::bench {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  double Uniform() { return (static_cast<double>(Next() >> 11U) + 0.5) * 0x1p-53; }  // (0, 1)
  std::uint32_t Below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((Next() >> 32U) * std::uint64_t{n}) >> 32U);
  }
  std::uint64_t Below64(std::uint64_t n) { return Next() % n; }
  double Exponential(double mean) { return -mean * std::log(Uniform()); }
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(2 * M_PI * Uniform());
  }
  double LogNormal(double median, double sigma) { return median * std::exp(sigma * Normal()); }

 private:
  std::uint64_t state_;
};

}  // namespace probatio::bench
