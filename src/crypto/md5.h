// MD5 (RFC 1321), for the one protocol of ours that knows nothing better: the authenticators of RADIUS (RFC
// 2866 section 3). It proves nothing anywhere else; commitments and signatures use digest.h. Thread-safe.
#pragma once

#include <array>
#include <initializer_list>

#include "base/bytes.h"

namespace probatio::crypto {

// kCrypto where the machine's cryptographic policy forbids MD5.
Result<std::array<std::uint8_t, 16>> Md5(std::initializer_list<Bytes> parts);

}  // namespace probatio::crypto
