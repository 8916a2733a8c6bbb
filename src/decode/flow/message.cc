#include "decode/flow/message.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kSetHeaderSize = 4;

bool AllZero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

// RFC 7011, section 3.3.2; RFC 3954, sections 5.2, 5.3 and 6.1.
SetKind KindOf(FlowVersion version, std::uint16_t id) {
  const std::uint16_t templates = version == FlowVersion::kIpfix ? 2 : 0;
  if (id == templates) return SetKind::kTemplates;
  if (id == templates + 1) return SetKind::kOptionsTemplates;
  return id >= kDataSetIdMin ? SetKind::kData : SetKind::kReserved;
}

// Reads one set header and takes its body.
Result<Set> ReadSet(Bytes message, std::size_t offset, FlowVersion version) {
  const Bytes rest = message.subspan(offset);
  if (rest.size() < kSetHeaderSize) return Invalid(fmt::format("set header at offset {}: truncated", offset));
  const std::uint16_t id = Be16(rest);
  const std::uint16_t length = Be16(rest.subspan(2));
  if (length < kSetHeaderSize || length > rest.size()) {
    return Invalid(fmt::format("set {} at offset {}: length {} out of bounds", id, offset, length));
  }
  return Set{KindOf(version, id), id, offset + kSetHeaderSize,
             rest.subspan(kSetHeaderSize, length - kSetHeaderSize)};
}

Error Truncated() {
  return Invalid("message header at offset 0: truncated");
}

// Section 3.1 of RFC 7011.
Result<MessageHeader> ReadIpfixHeader(Bytes message) {
  if (message.size() < kIpfixHeaderSize) return Truncated();
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

// Section 5.1 of RFC 3954. The count of records at offset 2 is not held against anything: exporters disagree
// about what it counts.
Result<MessageHeader> ReadNetflow9Header(Bytes message) {
  if (message.size() < kNetflow9HeaderSize) return Truncated();
  MessageHeader header;
  header.version = FlowVersion::kNetflow9;
  header.length = message.size();
  header.uptime_ms = Be32(message.subspan(4));
  header.export_time = Instant::FromUnixSeconds(Be32(message.subspan(8)));
  header.sequence = Be32(message.subspan(12));
  header.domain = Be32(message.subspan(16));
  return header;
}

bool BeginsAMessage(Bytes bytes) {
  if (bytes.size() < kIpfixHeaderSize) return false;
  const std::uint16_t word = Be16(bytes);
  return word == static_cast<std::uint16_t>(FlowVersion::kNetflow9) ||
         word == static_cast<std::uint16_t>(FlowVersion::kIpfix);
}

}  // namespace

Result<MessageHeader> ReadMessageHeader(Bytes message) {
  if (message.size() < 2) return Truncated();
  const std::uint16_t version = Be16(message);
  if (version == static_cast<std::uint16_t>(FlowVersion::kIpfix)) return ReadIpfixHeader(message);
  if (version == static_cast<std::uint16_t>(FlowVersion::kNetflow9)) return ReadNetflow9Header(message);
  return Invalid(fmt::format("message header at offset 0: version {}, neither 9 nor 10", version));
}

Result<std::vector<Set>> ReadSets(Bytes message, const MessageHeader& header) {
  std::vector<Set> sets;
  std::size_t offset = header.size();
  while (offset < message.size() && !AllZero(message.subspan(offset))) {
    Set set = TRY(ReadSet(message, offset, header.version));
    offset = set.offset + set.body.size();
    sets.push_back(set);
  }
  return sets;
}

std::size_t Netflow9PacketSize(Bytes packets) {
  std::size_t offset = kNetflow9HeaderSize;
  while (offset + kSetHeaderSize <= packets.size() && !BeginsAMessage(packets.subspan(offset))) {
    const std::uint16_t length = Be16(packets.subspan(offset + 2));
    if (length < kSetHeaderSize || length > packets.size() - offset)
      break;  // what is wrong is said when it is read
    offset += length;
  }
  return offset + kSetHeaderSize <= packets.size() && BeginsAMessage(packets.subspan(offset))
             ? offset
             : packets.size();
}

}  // namespace probatio::decode
