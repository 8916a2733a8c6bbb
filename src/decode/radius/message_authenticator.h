// The Message-Authenticator attribute: HMAC-MD5 over the packet, keyed with the shared secret (RFC 2869
// section 5.14). Accounting-Requests need none (their own authenticator is keyed too); Status-Server must
// have it (RFC 5997 section 3). Pure; thread-safe.
#pragma once

#include "decode/radius/authenticator.h"

namespace probatio::decode {

enum class MessageAuthenticity { kAbsent, kHolds, kFails };

// kInvalid for attributes out of bounds, one of another length than 16 octets, or two. In an
// Accounting-Request the packet's own authenticator counts as zeros, since it is computed afterwards.
Result<MessageAuthenticity> CheckMessageAuthenticator(const RadiusPacket& packet, const Secret& secret,
                                                      const Md5& md5);

// RFC 2104.
Result<Md5Digest> HmacMd5(Bytes key, Bytes message, const Md5& md5);

}  // namespace probatio::decode
