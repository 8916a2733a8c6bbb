// Messages that stand back to back, as in an IPFIX file (RFC 5655) or on TCP. Pure; thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "decode/ipfix/message.h"

namespace probatio::decode {

struct MessageSplit {
  std::vector<Bytes> messages;  // views into the bytes, whole by their own length
  std::optional<Error> error;   // why the rest could not be split, naming the offset; what came before stands
};

// Splits by the length in each header. Nothing is decoded.
MessageSplit SplitMessages(Bytes bytes);

}  // namespace probatio::decode
