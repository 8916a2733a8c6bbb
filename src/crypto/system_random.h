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

// Draws from another source in larger pieces: for nonces and salts, of which many are needed and each is
// short. Each byte is handed out once. Not thread-safe, and never for keys: what is drawn waits in memory.
class BufferedRandom : public Random {
 public:
  explicit BufferedRandom(Random& source) : source_(source) {}
  void Fill(std::span<std::uint8_t> out) override;

 private:
  Random& source_;
  std::array<std::uint8_t, 4096> drawn_{};
  std::size_t left_ = 0;
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
