#include "decode/capture/pcapng_file.h"

#include <fmt/format.h>

#include <limits>

#include "decode/capture/link_layer.h"

namespace probatio::decode {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;  // the same in both byte orders
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::size_t kBlockFrameSize = 12;  // type, length, length again
constexpr std::size_t kBlockHeaderSize = 8;
constexpr std::uint16_t kMajorVersion = 1;

constexpr std::uint16_t kOptionEnd = 0;
constexpr std::uint16_t kOptionTsResol = 9;
constexpr std::uint16_t kOptionTsOffset = 14;

std::uint32_t Swap(std::uint32_t value) {
  return value >> 24 | (value >> 8 & 0xFF00U) | (value << 8 & 0xFF0000U) | value << 24;
}

// Numbers in the byte order of the section.
struct Order {
  bool swapped = false;
  std::uint32_t U32(Bytes bytes) const { return swapped ? Swap(Be32(bytes)) : Be32(bytes); }
  std::uint16_t U16(Bytes bytes) const {
    const std::uint16_t value = Be16(bytes);
    return swapped ? static_cast<std::uint16_t>(value << 8 | value >> 8) : value;
  }
  std::uint64_t U64(Bytes bytes) const {
    const std::uint64_t first = U32(bytes);
    const std::uint64_t second = U32(bytes.subspan(4));
    return swapped ? second << 32 | first : first << 32 | second;
  }
};

struct Interface {
  std::uint32_t link_type = 0;
  std::uint32_t snap_length = 0;  // 0: no limit
  std::uint8_t resolution = 6;    // if_tsresol: 10^-n, or 2^-n with the highest bit
  std::int64_t offset_s = 0;      // if_tsoffset
};

// Ticks since 1970 as an instant; nothing where it leaves what an Instant can say. Steps below a nanosecond
// are cut off.
std::optional<Instant> InstantOf(const Interface& interface, std::uint64_t ticks) {
  const bool binary = (interface.resolution & 0x80U) != 0;
  const unsigned exponent = interface.resolution & 0x7FU;
  if (exponent > (binary ? 63U : 19U)) return std::nullopt;
  std::uint64_t per_second = 1;
  for (unsigned i = 0; i < exponent; ++i) per_second *= binary ? 2 : 10;
  const std::uint64_t seconds = ticks / per_second;
  std::uint64_t rest = ticks % per_second;
  for (unsigned i = binary ? 33 : 9; i < exponent; ++i) {  // so that the product below fits 64 bits
    per_second /= binary ? 2 : 10;
    rest /= binary ? 2 : 10;
  }
  constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / kNsPerSecond / 2 - 1;
  if (seconds > static_cast<std::uint64_t>(kSecondsMax)) return std::nullopt;
  if (interface.offset_s > kSecondsMax || interface.offset_s < -kSecondsMax) return std::nullopt;
  const auto ns = static_cast<std::int64_t>(rest * static_cast<std::uint64_t>(kNsPerSecond) / per_second);
  return Instant::FromUnixSeconds(static_cast<std::int64_t>(seconds) + interface.offset_s) + ns;
}

class Pcapng : public CaptureCutter::Kind {
 public:
  explicit Pcapng(PcapCounts* counts) : counts_(counts) {}

  Result<std::size_t> Next(Bytes rest, bool last, std::optional<Datagram>* datagram) override {
    datagram_ = datagram;
    const std::size_t size =
        TRY_IN(fmt::format("pcapng: block at offset {}", offset_), ReadBlock(rest, last));
    offset_ += size;
    return size;
  }

 private:
  Result<std::size_t> ReadBlock(Bytes rest, bool last) {
    const Result<std::size_t> cut_short = last ? Result<std::size_t>(Invalid("truncated")) : std::size_t{0};
    if (rest.size() < kBlockFrameSize) return cut_short;
    const std::uint32_t type = order_.U32(rest);
    if (type == kSectionHeader) TRY(ReadByteOrder(rest));
    const std::uint32_t length = order_.U32(rest.subspan(4));
    if (length < kBlockFrameSize || length % 4 != 0) return Invalid(fmt::format("length {}", length));
    if (length > kPcapngBlockBytesMax) {
      return Invalid(fmt::format("{} octets, more than {}", length, kPcapngBlockBytesMax));
    }
    if (length > rest.size()) return cut_short;
    if (order_.U32(rest.subspan(length - 4)) != length) return Invalid("its two lengths differ");
    TRY(ReadBody(type, rest.subspan(kBlockHeaderSize, length - kBlockFrameSize)));
    return std::size_t{length};
  }

  Status ReadBody(std::uint32_t type, Bytes body) {
    switch (type) {
      case kSectionHeader:
        return ReadSection(body);
      case kInterfaceDescription:
        return ReadInterface(body);
      case kEnhancedPacket:
        return ReadEnhanced(body);
      case kSimplePacket:
        return ReadSimple(body);
      default:
        return Done{};  // names, statistics, comments, journals: nothing of ours
    }
  }

  // The length of a Section Header can only be read once its byte order is known.
  Status ReadByteOrder(Bytes block) {
    const std::uint32_t magic = Be32(block.subspan(8));
    if (magic != kByteOrderMagic && magic != Swap(kByteOrderMagic)) return Invalid("no byte order magic");
    order_.swapped = magic != kByteOrderMagic;
    return Done{};
  }

  Status ReadSection(Bytes body) {
    if (body.size() < 16) return Invalid("section header truncated");
    const std::uint16_t major = order_.U16(body.subspan(4));
    if (major != kMajorVersion) return Invalid(fmt::format("version {}, not {}", major, kMajorVersion));
    interfaces_.clear();  // their numbers begin again (draft, section 4.1)
    return Done{};
  }

  Status ReadInterface(Bytes body) {
    if (body.size() < 8) return Invalid("interface description truncated");
    if (interfaces_.size() == kPcapngInterfacesMax) return Invalid("too many interfaces");
    Interface interface;
    interface.link_type = order_.U16(body);
    interface.snap_length = order_.U32(body.subspan(4));
    TRY(ReadOptions(body.subspan(8), &interface));
    interfaces_.push_back(interface);
    return Done{};
  }

  Status ReadOptions(Bytes options, Interface* interface) const {
    while (options.size() >= 4) {
      const std::uint16_t code = order_.U16(options);
      const std::size_t size = order_.U16(options.subspan(2));
      options = options.subspan(4);
      if (code == kOptionEnd) break;
      if (size > options.size()) return Invalid("an option leaves its block");
      if (code == kOptionTsResol && size == 1) interface->resolution = options[0];
      if (code == kOptionTsOffset && size == 8) {
        interface->offset_s = static_cast<std::int64_t>(order_.U64(options));
      }
      options = options.subspan(std::min(options.size(), (size + 3) / 4 * 4));
    }
    return Done{};
  }

  Status ReadEnhanced(Bytes body) {
    if (body.size() < 20) return Invalid("packet header truncated");
    const std::uint32_t number = order_.U32(body);
    if (number >= interfaces_.size()) return Invalid(fmt::format("interface {} was not described", number));
    const std::uint64_t high = order_.U32(body.subspan(4));
    const std::uint64_t ticks = high << 32 | order_.U32(body.subspan(8));
    const std::uint32_t captured = order_.U32(body.subspan(12));
    const std::uint32_t original = order_.U32(body.subspan(16));
    if (captured > body.size() - 20) return Invalid("a packet leaves its block");
    const Interface& interface = interfaces_[number];
    return Keep(interface, body.subspan(20, captured), captured < original, InstantOf(interface, ticks));
  }

  // Without an instant and without its captured length: the first interface's limit says it (section 4.4).
  Status ReadSimple(Bytes body) {
    if (body.size() < 4) return Invalid("packet header truncated");
    if (interfaces_.empty()) return Invalid("no interface was described");
    const std::uint32_t original = order_.U32(body);
    const Interface& interface = interfaces_.front();
    std::size_t captured = std::min<std::size_t>(original, body.size() - 4);
    if (interface.snap_length != 0) captured = std::min<std::size_t>(captured, interface.snap_length);
    return Keep(interface, body.subspan(4, captured), captured < original, std::nullopt);
  }

  Status Keep(const Interface& interface, Bytes packet, bool cut, std::optional<Instant> at) {
    if (packet.size() > kPacketBytesMax) {
      return Invalid(fmt::format("{} octets, more than {}", packet.size(), kPacketBytesMax));
    }
    const bool known = IsKnownLinkType(interface.link_type);
    *datagram_ =
        TakeFrame(known ? ReadFrame(interface.link_type, packet) : Skipped::kOther, cut, at, counts_);
    return Done{};
  }

  PcapCounts* counts_;
  std::optional<Datagram>* datagram_ = nullptr;  // of the call
  std::uint64_t offset_ = 0;
  Order order_;
  std::vector<Interface> interfaces_;
};

}  // namespace

std::unique_ptr<CaptureCutter::Kind> MakePcapng(PcapCounts* counts) {
  return std::make_unique<Pcapng>(counts);
}

bool LooksLikePcapng(Bytes file) {
  return file.size() >= 4 && Be32(file) == kSectionHeader;
}

}  // namespace probatio::decode
