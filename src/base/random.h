// The one source of randomness, passed in so that a test can replay what happened.
#pragma once

#include <cstdint>
#include <span>

namespace probatio {

class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;  // thread-safe; aborts when the system has no entropy
};

}  // namespace probatio
