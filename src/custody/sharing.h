// Shamir's secret sharing of one key over GF(2^8). Any m shares give the key, fewer say nothing about it, and
// a wrong share gives a wrong key without a sign: the caller keeps a check value. Thread-safe.
#pragma once

#include <vector>

#include "base/secret.h"

namespace probatio::custody {

struct Share {
  std::uint8_t number = 0;  // 1, 2, ...: the place where the polynomials were evaluated
  Key value;
};

// With the system's randomness. CHECKs 1 <= needed <= count <= 255. With needed = 1 every share is the key
// itself.
std::vector<Share> Split(const Key& key, unsigned needed, unsigned count);

// CHECKs that there is a share and that the numbers are not zero and all different.
Key Combine(const std::vector<Share>& shares);

}  // namespace probatio::custody
