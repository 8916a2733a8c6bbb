// Randomness from OpenSSL's generator, seeded by the operating system.
#pragma once

#include <atomic>

#include "base/random.h"
#include "base/secret.h"

namespace probatio::crypto {

class SystemRandom : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override;  // aborts when the generator fails
};

// Repeatable bytes from a seed, for tests and the invented world of the demonstration. Never for keys.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}
  void Fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t seed_;
  std::atomic<std::uint64_t> counter_ = 0;
};

Key RandomKey(Random& random);

}  // namespace probatio::crypto
