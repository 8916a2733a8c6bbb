#include "decode/syslog/syslog_framing.h"

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kCountDigitsMax = 5;  // of kFrameBytesMax

bool IsDigit(std::uint8_t octet) {
  return octet >= '0' && octet <= '9';
}

// SYSLOG-FRAME = MSG-LEN SP SYSLOG-MSG; MSG-LEN = NONZERO-DIGIT *DIGIT.
Result<Frame> NextCounted(Bytes waiting) {
  if (waiting[0] == '0' || !IsDigit(waiting[0])) return Invalid("syslog stream: no length before a message");
  std::size_t length = 0;
  std::size_t digits = 0;
  while (digits < waiting.size() && IsDigit(waiting[digits])) {
    length = length * 10 + static_cast<std::size_t>(waiting[digits] - '0');
    if (++digits > kCountDigitsMax || length > kFrameBytesMax)
      return Invalid("syslog stream: message longer than 65535 octets");
  }
  if (digits == waiting.size()) return Frame{};
  if (waiting[digits] != ' ') return Invalid("syslog stream: no space after the length of a message");
  const std::size_t whole = digits + 1 + length;
  if (waiting.size() < whole) return Frame{};
  return Frame{waiting.subspan(digits + 1, length), whole};
}

Result<Frame> NextLine(Bytes waiting) {
  const auto end = std::find(waiting.begin(), waiting.end(), '\n');
  const auto length = static_cast<std::size_t>(end - waiting.begin());
  if (length > kFrameBytesMax) return Invalid("syslog stream: line longer than 65535 octets");
  if (end == waiting.end()) return Frame{};
  return Frame{waiting.first(length), length + 1};
}

}  // namespace

Result<Frame> SyslogFraming::Next(Bytes waiting) {
  if (waiting.empty()) return Frame{};
  if (frames_ == SyslogFrames::kDetect)
    frames_ = IsDigit(waiting[0]) ? SyslogFrames::kCounted : SyslogFrames::kLines;
  return frames_ == SyslogFrames::kCounted ? NextCounted(waiting) : NextLine(waiting);
}

}  // namespace probatio::decode
