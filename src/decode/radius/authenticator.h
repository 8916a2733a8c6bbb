// The one proof that a RADIUS accounting packet comes from a client that knows the shared secret: MD5 over
// packet and secret (RFC 2866 section 3). MD5 is what the protocol has, not what we would choose; it is the
// caller's to compute, so that the one cryptography library stays in its folder. Pure; thread-safe.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>

#include "base/secret.h"
#include "decode/radius/packet.h"

namespace probatio::decode {

using Md5Digest = std::array<std::uint8_t, 16>;
using Md5 = std::function<Result<Md5Digest>(std::initializer_list<Bytes> parts)>;

// In time that does not tell how many octets agree; of one length.
bool EqualInConstantTime(Bytes a, Bytes b);

// Was this Accounting-Request made with the secret? An error is one of `md5`.
Result<bool> IsRequestAuthentic(const RadiusPacket& request, const Secret& secret, const Md5& md5);

// The Accounting-Response that acknowledges a request, or that answers Status-Server: its Proxy-State
// attributes go back as they came (RFC 2865 section 5.33). Send it only when what the request said is
// durable.
Result<Buffer> BuildAccountingResponse(const RadiusPacket& request, const Secret& secret, const Md5& md5);

}  // namespace probatio::decode
