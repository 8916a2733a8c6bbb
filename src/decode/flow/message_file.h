// Messages that stand back to back, as in an IPFIX file (RFC 5655), on TCP, or in packets written one after
// the other. Pure; thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "decode/flow/message.h"

namespace probatio::decode {

struct MessageSplit {
  std::vector<Bytes> messages;  // views into the bytes, whole by their own length
  std::optional<Error> error;   // why the rest could not be split, naming the offset; what came before stands
};

// Splits by the length in each header; NetFlow 9 packets, which have none, where the next header begins.
// Nothing is decoded.
MessageSplit SplitMessages(Bytes bytes);

}  // namespace probatio::decode
