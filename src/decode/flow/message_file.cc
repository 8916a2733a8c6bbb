#include "decode/flow/message_file.h"

#include <fmt/format.h>

namespace probatio::decode {

MessageSplit SplitMessages(Bytes bytes) {
  MessageSplit split;
  std::size_t offset = 0;
  while (offset < bytes.size()) {
    const Bytes rest = bytes.subspan(offset);
    const Result<MessageHeader> header = ReadMessageHeader(rest);
    if (!header.ok()) {
      split.error = header.error().Within(fmt::format("message at offset {}", offset));
      return split;
    }
    const bool says = header.value().version == FlowVersion::kIpfix;
    const std::size_t size = says ? header.value().length : Netflow9PacketSize(rest);
    split.messages.push_back(rest.first(size));
    offset += size;
  }
  return split;
}

}  // namespace probatio::decode
