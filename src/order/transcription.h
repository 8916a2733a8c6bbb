// A transcription is confirmed against the paper itself, not against a copy of what was typed: whoever
// confirms gives the digest of what they held. Pure; thread-safe.
#pragma once

#include "order/order.h"

namespace probatio::order {

// The paper of the order that has this digest. kDenied when none has it, or when the order names papers and
// no digest is given; nothing when the order names no paper, and none was given.
Result<std::optional<Paper>> PaperConfirmed(const Order& order, std::optional<crypto::Digest> digest);

}  // namespace probatio::order
