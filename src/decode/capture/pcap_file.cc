#include "decode/capture/pcap_file.h"

#include <fmt/format.h>

#include "decode/capture/link_layer.h"
#include "decode/capture/pcapng_file.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kMagicSize = 4;
constexpr std::size_t kFileHeaderSize = 24;
constexpr std::size_t kPacketHeaderSize = 16;
constexpr std::uint32_t kMagicMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kMagicNanoseconds = 0xA1B23C4D;
constexpr std::uint32_t kLinkTypeMask =
    0x0FFF'FFFF;  // the bits above tell the length of a frame check sequence

std::uint32_t Swap(std::uint32_t value) {
  return value >> 24 | (value >> 8 & 0xFF00U) | (value << 8 & 0xFF0000U) | value << 24;
}

struct FileHeader {
  bool swapped = false;      // little-endian: Be32 reads the numbers the wrong way round
  std::int64_t tick_ns = 1;  // of the sub-second field
  std::uint32_t link_type = 0;

  std::uint32_t U32(Bytes bytes) const { return swapped ? Swap(Be32(bytes)) : Be32(bytes); }
};

Result<FileHeader> ReadFileHeader(Bytes file) {
  if (file.size() < 4) return Invalid("pcap: truncated at offset 0");
  const std::uint32_t magic = Be32(file);
  FileHeader header;
  header.swapped = magic == Swap(kMagicMicroseconds) || magic == Swap(kMagicNanoseconds);
  const std::uint32_t read = header.U32(file);
  if (read != kMagicMicroseconds && read != kMagicNanoseconds)
    return Invalid("pcap: no packet capture at offset 0");
  if (file.size() < kFileHeaderSize)
    return Invalid(fmt::format("pcap: header truncated at offset {}", file.size()));
  header.tick_ns = read == kMagicNanoseconds ? 1 : 1'000;
  header.link_type = header.U32(file.subspan(20)) & kLinkTypeMask;
  if (!IsKnownLinkType(header.link_type)) {
    return Invalid(fmt::format("pcap: link type {} at offset 20 is not read", header.link_type));
  }
  return header;
}

class ClassicPcap : public CaptureCutter::Kind {
 public:
  explicit ClassicPcap(PcapCounts* counts) : counts_(counts) {}

  Result<std::size_t> Next(Bytes rest, bool last, std::optional<Datagram>* datagram) override {
    std::size_t size = 0;
    if (offset_ == 0) {
      size = TRY(ReadHeader(rest, last));
    } else {
      size = TRY_IN(fmt::format("pcap: packet at offset {}", offset_), ReadPacket(rest, last, datagram));
    }
    offset_ += size;
    return size;
  }

 private:
  Result<std::size_t> ReadHeader(Bytes rest, bool last) {
    if (rest.size() < kFileHeaderSize && !last) return std::size_t{0};
    header_ = TRY(ReadFileHeader(rest));
    return kFileHeaderSize;
  }

  Result<std::size_t> ReadPacket(Bytes rest, bool last, std::optional<Datagram>* datagram) {
    if (rest.size() < kPacketHeaderSize) return Short("header truncated", last);
    const std::uint32_t captured = header_.U32(rest.subspan(8));
    const std::uint32_t original = header_.U32(rest.subspan(12));
    if (captured > kPacketBytesMax) {
      return Invalid(fmt::format("{} octets, more than {}", captured, kPacketBytesMax));
    }
    if (captured > rest.size() - kPacketHeaderSize) return Short("truncated", last);
    const Instant at =
        Instant::FromUnixSeconds(header_.U32(rest)) + header_.U32(rest.subspan(4)) * header_.tick_ns;
    *datagram = TakeFrame(ReadFrame(header_.link_type, rest.subspan(kPacketHeaderSize, captured)),
                          captured < original, at, counts_);
    return kPacketHeaderSize + captured;
  }

  static Result<std::size_t> Short(const char* what, bool last) {
    if (last) return Invalid(what);
    return std::size_t{0};
  }

  PcapCounts* counts_;
  FileHeader header_;
  std::uint64_t offset_ = 0;
};

}  // namespace

CaptureCutter::CaptureCutter() = default;
CaptureCutter::~CaptureCutter() = default;

Result<std::size_t> CaptureCutter::NextDatagram(Bytes rest, bool last, std::optional<Datagram>* datagram) {
  if (kind_ == nullptr) {
    if (rest.size() < kMagicSize && !last) return std::size_t{0};
    kind_ = LooksLikePcapng(rest) ? MakePcapng(&counts_) : std::make_unique<ClassicPcap>(&counts_);
  }
  return kind_->Next(rest, last, datagram);
}

Result<Cut> CaptureCutter::Next(Bytes rest, bool last) {
  std::optional<Datagram> datagram;
  Cut cut;
  cut.size = TRY(NextDatagram(rest, last, &datagram));
  if (!datagram.has_value()) return cut;
  cut.piece = Piece{datagram->payload, datagram->captured_at, datagram->source, datagram->source_port};
  cut.destination_port = datagram->destination_port;
  return cut;
}

std::map<std::string, std::uint64_t> CaptureCutter::counts() const {
  std::map<std::string, std::uint64_t> named{{"packets", counts_.packets},
                                             {"fragments skipped", counts_.fragments_skipped},
                                             {"other packets skipped", counts_.other_skipped},
                                             {"broken packets skipped", counts_.broken_skipped}};
  std::erase_if(named, [](const auto& count) { return count.second == 0; });
  return named;
}

Result<PcapContents> ReadPcap(Bytes file) {
  CaptureCutter cutter;
  PcapContents contents;
  bool begun = false;
  while (!file.empty() || !begun) {
    std::optional<Datagram> datagram;
    const Result<std::size_t> size = cutter.NextDatagram(file, true, &datagram);
    if (!size.ok() && !begun) return size.error();
    if (!size.ok()) {
      contents.error = size.error();
      break;
    }
    begun = true;
    if (datagram.has_value()) contents.datagrams.push_back(*datagram);
    file = file.subspan(size.value());
  }
  contents.counts = cutter.tally();
  return contents;
}

bool LooksLikePcap(Bytes file) {
  if (file.size() < 4) return false;
  if (LooksLikePcapng(file)) return true;
  const std::uint32_t magic = Be32(file);
  for (const std::uint32_t known : {kMagicMicroseconds, kMagicNanoseconds}) {
    if (magic == known || magic == Swap(known)) return true;
  }
  return false;
}

}  // namespace probatio::decode
