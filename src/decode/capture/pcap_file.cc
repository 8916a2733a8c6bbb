#include "decode/capture/pcap_file.h"

#include <fmt/format.h>

#include "decode/capture/link_layer.h"
#include "decode/capture/pcapng_file.h"

namespace probatio::decode {
namespace {

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

class PacketReader {
 public:
  PacketReader(const FileHeader& header, Bytes file) : header_(header), file_(file) {}

  PcapContents ReadAll() {
    while (offset_ < file_.size()) {
      const Status read = ReadPacket();
      if (read.ok()) continue;
      contents_.error = read.error().Within(fmt::format("pcap: packet at offset {}", offset_));
      break;
    }
    return std::move(contents_);
  }

 private:
  Status ReadPacket() {
    const Bytes rest = file_.subspan(offset_);
    if (rest.size() < kPacketHeaderSize) return Invalid("header truncated");
    const std::uint32_t captured = header_.U32(rest.subspan(8));
    const std::uint32_t original = header_.U32(rest.subspan(12));
    if (captured > kPacketBytesMax) {
      return Invalid(fmt::format("{} octets, more than {}", captured, kPacketBytesMax));
    }
    if (captured > rest.size() - kPacketHeaderSize) return Invalid("truncated");
    const Instant at =
        Instant::FromUnixSeconds(header_.U32(rest)) + header_.U32(rest.subspan(4)) * header_.tick_ns;
    AddFrame(ReadFrame(header_.link_type, rest.subspan(kPacketHeaderSize, captured)), captured < original, at,
             &contents_);
    offset_ += kPacketHeaderSize + captured;
    return Done{};
  }

  const FileHeader& header_;
  Bytes file_;
  std::size_t offset_ = kFileHeaderSize;
  PcapContents contents_;
};

}  // namespace

Result<PcapContents> ReadPcap(Bytes file) {
  if (LooksLikePcapng(file)) return ReadPcapng(file);
  const FileHeader header = TRY(ReadFileHeader(file));
  return PacketReader(header, file).ReadAll();
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
