// This file alone is compiled for processors with SHA instructions (CMakeLists.txt), so it includes nothing
// whose code another file could share.
#include "crypto/sha256_x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

namespace probatio::crypto {
namespace {

alignas(16) constexpr std::uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
alignas(16) constexpr std::uint32_t kInitial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

inline __m128i Load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
inline void Store(__m128i value, std::uint8_t* to) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value);
}
// The four words of a register between our order and the wire's.
inline __m128i SwapWords(__m128i words) {
  return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL));
}

// One message: the state as the instructions want it, and sixteen words of the message schedule.
struct Lane {
  __m128i abef;
  __m128i cdgh;
  __m128i words[4];
};

inline void Begin(Lane* lane) {
  const __m128i cdab = _mm_shuffle_epi32(Load(kInitial), 0xB1);
  const __m128i efgh = _mm_shuffle_epi32(Load(kInitial + 4), 0x1B);
  lane->abef = _mm_alignr_epi8(cdab, efgh, 8);
  lane->cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
}

inline void End(const Lane& lane, std::uint8_t* digest) {
  const __m128i feba = _mm_shuffle_epi32(lane.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(lane.cdgh, 0xB1);
  Store(SwapWords(_mm_blend_epi16(feba, dchg, 0xF0)), digest);
  Store(SwapWords(_mm_alignr_epi8(dchg, feba, 8)), digest + 16);
}

inline void LoadBlock(const std::uint8_t* block, Lane* lane) {
  for (int i = 0; i < 4; ++i) lane->words[i] = SwapWords(Load(block + 16 * i));
}

// Rounds 4 * kQuad to 4 * kQuad + 3, and what the schedule needs of them.
template <int kQuad>
inline void FourRounds(Lane* lane) {
  __m128i& now = lane->words[kQuad % 4];
  __m128i& before = lane->words[(kQuad + 3) % 4];
  __m128i& next = lane->words[(kQuad + 1) % 4];
  const __m128i input = _mm_add_epi32(now, Load(kRound + 4 * kQuad));
  lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, input);
  if constexpr (kQuad >= 3 && kQuad <= 14) {
    next = _mm_sha256msg2_epu32(_mm_add_epi32(next, _mm_alignr_epi8(now, before, 4)), now);
  }
  lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh, _mm_shuffle_epi32(input, 0x0E));
  if constexpr (kQuad >= 1 && kQuad <= 12) before = _mm_sha256msg1_epu32(before, now);
}

template <int kQuad = 0>
inline void AllRounds(Lane* one, Lane* other) {
  FourRounds<kQuad>(one);
  FourRounds<kQuad>(other);
  if constexpr (kQuad < 15) AllRounds<kQuad + 1>(one, other);
}

}  // namespace

void Sha256TwoX86(const std::uint8_t* one, const std::uint8_t* other, std::size_t blocks,
                  std::uint8_t* one_digest, std::uint8_t* other_digest) {
  Lane a;
  Lane b;
  Begin(&a);
  Begin(&b);
  for (std::size_t i = 0; i < blocks; ++i) {
    const __m128i a_before[2] = {a.abef, a.cdgh};
    const __m128i b_before[2] = {b.abef, b.cdgh};
    LoadBlock(one + 64 * i, &a);
    LoadBlock(other + 64 * i, &b);
    AllRounds(&a, &b);
    a.abef = _mm_add_epi32(a.abef, a_before[0]);
    a.cdgh = _mm_add_epi32(a.cdgh, a_before[1]);
    b.abef = _mm_add_epi32(b.abef, b_before[0]);
    b.cdgh = _mm_add_epi32(b.cdgh, b_before[1]);
  }
  End(a, one_digest);
  End(b, other_digest);
}

}  // namespace probatio::crypto

#endif
