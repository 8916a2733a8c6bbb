// Randomness for keys, nonces and serials, and its repeatable stand-in for tests. Both thread-safe.
#include "crypto/system_random.h"

#include <openssl/rand.h>

#include <algorithm>

#include "crypto/digest.h"

namespace probatio::crypto {

void SystemRandom::Fill(std::span<std::uint8_t> out) {
  CHECK(out.size() <= INT32_MAX);
  CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

void BufferedRandom::Fill(std::span<std::uint8_t> out) {
  if (out.size() > drawn_.size()) return source_.Fill(out);
  if (left_ < out.size()) {
    source_.Fill(drawn_);
    left_ = drawn_.size();
  }
  std::copy_n(drawn_.end() - static_cast<std::ptrdiff_t>(left_), out.size(), out.begin());
  left_ -= out.size();
}

// SHA-256 of (seed, counter), block after block. A call takes its range of the counter in one step, so that
// two threads never get the same bytes.
void SeededRandom::Fill(std::span<std::uint8_t> out) {
  const std::uint64_t blocks = (out.size() + sizeof(Digest) - 1) / sizeof(Digest);
  std::uint64_t counter = counter_.fetch_add(blocks);
  for (std::size_t at = 0; at < out.size(); at += sizeof(Digest), ++counter) {
    ByteWriter writer;
    writer.U64(seed_);
    writer.U64(counter);
    const Digest block = Sha256(writer.bytes());
    std::copy_n(block.begin(), std::min(sizeof(Digest), out.size() - at),
                out.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

Key RandomKey(Random& random) {
  Key key;
  random.Fill(key.mutable_bytes());
  return key;
}

}  // namespace probatio::crypto
