#include "decode/flow/ipfix_framing.h"

namespace probatio::decode {
namespace {

constexpr std::uint16_t kVersion = 10;
constexpr std::size_t kLengthEnd = 4;  // version and length
constexpr std::size_t kHeaderSize = 16;

}  // namespace

// RFC 7011 section 10.4.3 leaves a receiver that lost its place nothing but to close the connection.
Result<Frame> IpfixFraming::Next(Bytes waiting) {
  if (waiting.size() >= 2 && Be16(waiting) != kVersion) return Invalid("ipfix stream: version is not 10");
  if (waiting.size() < kLengthEnd) return Frame{};
  const std::size_t length = Be16(waiting.subspan(2));
  if (length < kHeaderSize) return Invalid("ipfix stream: length below that of the message header");
  if (waiting.size() < length) return Frame{};
  return Frame{waiting.first(length), length};
}

}  // namespace probatio::decode
