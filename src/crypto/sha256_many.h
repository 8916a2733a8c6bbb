// SHA-256 of many messages of one length at once. The processor's SHA instructions wait for each other within
// one message; two messages side by side take little longer than one. Thread-safe.
#pragma once

#include "crypto/digest.h"

namespace probatio::crypto {

inline constexpr std::size_t kSha256Block = 64;
// The longest message of one block: behind it stand one bit and the length (FIPS 180-4, section 5.1.1).
inline constexpr std::size_t kSha256OneBlockMax = kSha256Block - 1 - 8;

constexpr std::size_t Sha256Blocks(std::size_t message_size) {
  return (message_size + 1 + 8 + kSha256Block - 1) / kSha256Block;
}
// Writes the padding behind the `size` octets of a message, up to the end of `block_octets`, which are
// Sha256Blocks(size) blocks.
void PadSha256(std::size_t size, std::span<std::uint8_t> block_octets);

// `padded` holds the messages end to end, each padded and of `blocks_each` blocks: one digest for each.
void Sha256Many(std::span<const std::uint8_t> padded, std::size_t blocks_each, std::span<Digest> digests);

}  // namespace probatio::crypto
