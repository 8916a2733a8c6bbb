// Where the processor has no SHA instructions, OpenSSL's own block function does the work, message after
// message (deprecated in OpenSSL 3, like those of digest.cc, and used for the same reason).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/sha256_many.h"

#include <openssl/sha.h>

#include <algorithm>

#if defined(__x86_64__)
#include <cpuid.h>

#include "crypto/sha256_x86.h"
#endif

namespace probatio::crypto {
namespace {

#if defined(__x86_64__)
bool HasShaInstructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  const bool sse = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_SSE4_1) != 0 && (c & bit_SSSE3) != 0;
  return sse && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}
#endif

void HashOne(const std::uint8_t* padded, std::size_t blocks, Digest* digest) {
  SHA256_CTX context;
  CHECK(SHA256_Init(&context) == 1);
  for (std::size_t i = 0; i < blocks; ++i) SHA256_Transform(&context, padded + i * kSha256Block);
  for (std::size_t i = 0; i < digest->size(); ++i) {
    (*digest)[i] = static_cast<std::uint8_t>(context.h[i / 4] >> (24 - 8 * (i % 4)));
  }
}

}  // namespace

void PadSha256(std::size_t size, std::span<std::uint8_t> block_octets) {
  CHECK(block_octets.size() == Sha256Blocks(size) * kSha256Block);
  block_octets[size] = 0x80;
  const std::span<std::uint8_t> rest = block_octets.subspan(size + 1);
  std::fill(rest.begin(), rest.end(), std::uint8_t{0});
  const std::uint64_t bits = std::uint64_t{size} * 8;
  for (std::size_t i = 0; i < 8; ++i) rest[rest.size() - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
}

void Sha256Many(std::span<const std::uint8_t> padded, std::size_t blocks_each, std::span<Digest> digests) {
  const std::size_t size = blocks_each * kSha256Block;
  CHECK(padded.size() == size * digests.size());
  std::size_t done = 0;
#if defined(__x86_64__)
  static const bool in_pairs = HasShaInstructions();
  for (; in_pairs && done + 2 <= digests.size(); done += 2) {
    const std::uint8_t* const one = padded.data() + done * size;
    Sha256TwoX86(one, one + size, blocks_each, digests[done].data(), digests[done + 1].data());
  }
#endif
  for (; done < digests.size(); ++done) HashOne(padded.data() + done * size, blocks_each, &digests[done]);
}

}  // namespace probatio::crypto
