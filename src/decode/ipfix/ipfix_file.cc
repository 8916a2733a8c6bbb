#include "decode/ipfix/ipfix_file.h"

#include <fmt/format.h>

namespace probatio::decode {

MessageSplit SplitMessages(Bytes bytes) {
  MessageSplit split;
  std::size_t offset = 0;
  while (offset < bytes.size()) {
    const Bytes rest = bytes.subspan(offset);
    const Result<MessageHeader> header = ReadMessageHeader(rest);
    if (!header.ok()) {
      split.error = header.error().Within(fmt::format("ipfix file: message at offset {}", offset));
      return split;
    }
    split.messages.push_back(rest.first(header.value().length));
    offset += header.value().length;
  }
  return split;
}

}  // namespace probatio::decode
