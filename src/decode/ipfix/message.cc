#include "decode/ipfix/message.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kSetHeaderSize = 4;

bool AllZero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// Reads one set header (section 3.3.2) and takes its body.
Result<Set> ReadSet(Bytes message, std::size_t offset) {
  const Bytes rest = message.subspan(offset);
  if (rest.size() < kSetHeaderSize) return Invalid(fmt::format("set header at offset {}: truncated", offset));
  const std::uint16_t id = Be16(rest);
  const std::uint16_t length = Be16(rest.subspan(2));
  if (length < kSetHeaderSize || length > rest.size()) {
    return Invalid(fmt::format("set {} at offset {}: length {} out of bounds", id, offset, length));
  }
  return Set{id, offset + kSetHeaderSize, rest.subspan(kSetHeaderSize, length - kSetHeaderSize)};
}

}  // namespace

Result<MessageHeader> ReadMessageHeader(Bytes message) {
  if (message.size() < kIpfixHeaderSize) return Invalid("message header at offset 0: truncated");
  const std::uint16_t version = Be16(message);
  if (version != kIpfixVersion)
    return Invalid(fmt::format("message header at offset 0: version {}, not 10", version));
  MessageHeader header;
  header.length = Be16(message.subspan(2));
  header.export_time = Instant::FromUnixSeconds(Be32(message.subspan(4)));
  header.sequence = Be32(message.subspan(8));
  header.domain = Be32(message.subspan(12));
  if (header.length < kIpfixHeaderSize || header.length > message.size()) {
    return Invalid(
        fmt::format("message header at offset 2: length {} of {} octets", header.length, message.size()));
  }
  return header;
}

Result<std::vector<Set>> ReadSets(Bytes message) {
  std::vector<Set> sets;
  std::size_t offset = kIpfixHeaderSize;
  while (offset < message.size() && !AllZero(message.subspan(offset))) {
    Set set = TRY(ReadSet(message, offset));
    offset = set.offset + set.body.size();
    sets.push_back(set);
  }
  return sets;
}

}  // namespace probatio::decode
