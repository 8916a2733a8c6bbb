#include "decode/flow/message_cutter.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

// A NetFlow 9 packet does not say its length: it takes the word after the longest one to see its end.
constexpr std::size_t kPacketAndNextWord = kFlowMessageBytesMax + 4;

bool IsWhole(Bytes rest) {
  if (rest.size() < kIpfixHeaderSize) return false;
  if (Be16(rest) == static_cast<std::uint16_t>(FlowVersion::kIpfix))
    return rest.size() >= Be16(rest.subspan(2));
  if (Be16(rest) == static_cast<std::uint16_t>(FlowVersion::kNetflow9))
    return rest.size() >= kPacketAndNextWord;
  return true;  // of another version, which is said at once
}

}  // namespace

Result<Cut> MessageCutter::Next(Bytes rest, bool last) {
  if (!last && !IsWhole(rest)) return Cut{};
  const MessageHeader header = TRY_IN(fmt::format("message at offset {}", offset_), ReadMessageHeader(rest));
  Cut cut;
  cut.size = header.version == FlowVersion::kIpfix
                 ? header.length
                 : Netflow9PacketSize(rest.first(std::min(rest.size(), kPacketAndNextWord)));
  offset_ += cut.size;
  cut.piece.emplace();
  cut.piece->bytes = rest.first(cut.size);
  return cut;
}

}  // namespace probatio::decode
