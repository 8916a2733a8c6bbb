#include "decode/radius/packet.h"

#include <fmt/format.h>

namespace probatio::decode {
namespace {

// Type, length, value: as long as the lengths fill it exactly.
bool SplitVendor(std::uint32_t vendor, Bytes rest, std::vector<RadiusAttribute>* out) {
  const std::size_t before = out->size();
  while (!rest.empty()) {
    if (rest.size() < 2 || rest[1] < 2 || rest[1] > rest.size()) {
      out->resize(before);
      return false;
    }
    out->push_back({vendor, rest[0], rest.subspan(2, rest[1] - 2U)});
    rest = rest.subspan(rest[1]);
  }
  return out->size() > before;
}

}  // namespace

Result<RadiusPacket> ReadRadiusPacket(Bytes datagram) {
  if (datagram.size() < kRadiusHeaderSize) return Invalid("radius: truncated at offset 0");
  const std::size_t length = Be16(datagram.subspan(2));
  if (length < kRadiusHeaderSize || length > kRadiusPacketBytesMax || length > datagram.size()) {
    return Invalid(fmt::format("radius: length {} at offset 2", length));
  }
  return RadiusPacket{datagram[0], datagram[1], datagram.subspan(4, 16),
                      datagram.subspan(kRadiusHeaderSize, length - kRadiusHeaderSize)};
}

Result<std::vector<RadiusAttribute>> ReadRadiusAttributes(const RadiusPacket& packet) {
  std::vector<RadiusAttribute> attributes;
  for (Bytes rest = packet.attributes; !rest.empty();) {
    const std::size_t offset = kRadiusHeaderSize + packet.attributes.size() - rest.size();
    if (rest.size() < 2 || rest[1] < 2 || rest[1] > rest.size()) {
      return Invalid(fmt::format("radius: attribute at offset {}: length out of bounds", offset));
    }
    const std::uint8_t type = rest[0];
    const Bytes value = rest.subspan(2, rest[1] - 2U);
    rest = rest.subspan(rest[1]);
    if (type != kVendorSpecific) {
      attributes.push_back({0, type, value});
    } else if (value.size() < 4) {
      return Invalid(fmt::format("radius: attribute at offset {}: no vendor", offset));
    } else if (!SplitVendor(Be32(value), value.subspan(4), &attributes)) {
      attributes.push_back({Be32(value), 0, value.subspan(4)});
    }
  }
  return attributes;
}

}  // namespace probatio::decode
