// Two SHA-256 messages side by side with the SHA instructions of x86. For sha256_many.cc only.
#pragma once

#include <cstddef>
#include <cstdint>

namespace probatio::crypto {

// Two padded messages of `blocks` blocks each. Only on a processor that has SSSE3, SSE4.1 and SHA.
void Sha256TwoX86(const std::uint8_t* one, const std::uint8_t* other, std::size_t blocks,
                  std::uint8_t* one_digest, std::uint8_t* other_digest);

}  // namespace probatio::crypto
