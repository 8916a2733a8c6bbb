#include "keep/quarantine_format.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::keep {
namespace {

constexpr std::string_view kMagic = "PRBQUARA";
constexpr std::uint16_t kVersion = 1;
constexpr std::uint8_t kKept = 1;
constexpr std::uint8_t kDropped = 2;

Bytes CutTo(Bytes bytes, std::size_t most) {
  return bytes.first(std::min(bytes.size(), most));
}

Result<Bytes> FieldWithin(ByteReader* reader, std::size_t most) {
  const Bytes field = TRY(reader->Field());
  if (field.size() > most) return Invalid("quarantine item: a field is longer than its limit");
  return field;
}

Result<std::string> TextOf(ByteReader* reader) {
  const Bytes field = TRY(FieldWithin(reader, kQuarantineTextBytesMax));
  return std::string(AsText(field));
}

Buffer KeyContext(const std::string& file) {
  ByteWriter data;
  data.Field(AsBytes("probatio/quarantine/1"));
  data.Field(AsBytes(file));
  return data.Take();
}

Buffer ItemContext(const std::string& file, std::uint32_t number) {
  ByteWriter data;
  data.Field(AsBytes("probatio/quarantine-item/1"));
  data.Field(AsBytes(file));
  data.U32(number);
  return data.Take();
}

// A frame whose sealed octets are zeros.
Buffer EmptyFrame(std::uint8_t state, std::size_t sealed_bytes) {
  Buffer frame(kFrameHeaderBytes + sealed_bytes, 0);
  frame[0] = state;
  for (std::size_t i = 1; i < kFrameHeaderBytes; ++i)
    frame[i] = static_cast<std::uint8_t>(sealed_bytes >> (8 * (kFrameHeaderBytes - 1 - i)));
  return frame;
}

// One frame; nothing when it is cut off.
Result<std::optional<QuarantineFrame>> ReadFrame(Bytes file, std::uint64_t offset) {
  const Bytes rest = file.subspan(offset);
  if (rest.size() < kFrameHeaderBytes) return std::optional<QuarantineFrame>();
  if (rest[0] != kKept && rest[0] != kDropped)
    return Invalid(fmt::format("quarantine: state {} at offset {}", rest[0], offset));
  const std::uint32_t size = Be32(rest.subspan(1));
  if (size > rest.size() - kFrameHeaderBytes) return std::optional<QuarantineFrame>();
  return std::optional(QuarantineFrame{rest[0] == kDropped, offset, rest.subspan(kFrameHeaderBytes, size)});
}

}  // namespace

Buffer ItemBytes(const QuarantineItem& item) {
  ByteWriter out;
  out.U64(static_cast<std::uint64_t>(item.put_aside.unix_ns()));
  for (const std::string* text : {&item.format, &item.source, &item.exporter, &item.reason})
    out.Field(CutTo(AsBytes(*text), kQuarantineTextBytesMax));
  out.Field(CutTo(item.content, kQuarantineItemBytesMax));
  out.Field(CutTo(item.header, kQuarantineItemBytesMax));
  out.U64(item.whole_bytes);
  return out.Take();
}

Result<QuarantineItem> ParseItem(Bytes bytes) {
  ByteReader reader(bytes);
  QuarantineItem item;
  const std::uint64_t at = TRY(reader.U64());
  item.put_aside = Instant::FromUnixNs(static_cast<std::int64_t>(at));
  item.format = TRY(TextOf(&reader));
  item.source = TRY(TextOf(&reader));
  item.exporter = TRY(TextOf(&reader));
  item.reason = TRY(TextOf(&reader));
  const Bytes content = TRY(FieldWithin(&reader, kQuarantineItemBytesMax));
  const Bytes header = TRY(FieldWithin(&reader, kQuarantineItemBytesMax));
  item.content = ToBuffer(content);
  item.header = ToBuffer(header);
  item.whole_bytes = TRY(reader.U64());
  TRY(reader.End());
  return item;
}

Buffer HeadBytes(const QuarantineHead& head) {
  ByteWriter out;
  for (const char c : kMagic) out.U8(static_cast<std::uint8_t>(c));
  out.U16(kVersion);
  out.Field(AsBytes(IdOf(head.erasure_key).text()));
  out.Field(head.sealed_key);
  return out.Take();
}

Result<QuarantineFile> ParseQuarantineFile(Bytes bytes) {
  ByteReader reader(bytes);
  const Result<Bytes> magic = reader.Raw(kMagic.size());
  if (!magic.ok() || AsText(magic.value()) != kMagic) return Invalid("not a quarantine file");
  const std::uint16_t version = TRY(reader.U16());
  if (version != kVersion) {
    return Invalid(
        fmt::format("quarantine: of version {}; this program reads version {}", version, kVersion));
  }
  QuarantineFile file;
  const Bytes name = TRY(reader.Field());
  file.head.erasure_key = TRY(ParseErasureKeyName(AsText(name)));
  if (file.head.erasure_key.kind != ErasureKind::kQuarantine)
    return Invalid("quarantine: under an erasure key of another kind");
  const Bytes sealed_key = TRY(reader.Field());
  file.head.sealed_key = ToBuffer(sealed_key);
  file.whole_bytes = reader.offset();
  while (file.whole_bytes < bytes.size()) {
    const std::optional<QuarantineFrame> frame = TRY(ReadFrame(bytes, file.whole_bytes));
    if (!frame.has_value()) break;
    file.whole_bytes += kFrameHeaderBytes + frame->sealed.size();
    file.frames.push_back(*frame);
  }
  return file;
}

Buffer FrameBytes(Bytes sealed) {
  Buffer frame = EmptyFrame(kKept, sealed.size());
  std::copy(sealed.begin(), sealed.end(), frame.begin() + kFrameHeaderBytes);
  return frame;
}

Buffer DroppedFrame(std::size_t sealed_bytes) {
  return EmptyFrame(kDropped, sealed_bytes);
}

Buffer SealFileKey(const Key& day_key, const std::string& file, const Key& file_key, Random& random) {
  return crypto::SealTo(crypto::BoxPublicOf(day_key), file_key.reveal(), KeyContext(file), random);
}

Result<Key> OpenFileKey(const Key& day_key, const std::string& file, Bytes sealed) {
  const Secret opened = TRY(crypto::OpenWith(day_key, sealed, KeyContext(file)));
  if (opened.reveal().size() != Key::kSize) return CryptoError("quarantine: no key of its size");
  return Key(opened.reveal());
}

Buffer SealItemOf(const Key& file_key, const std::string& file, std::uint32_t number,
                  const QuarantineItem& item, Random& random) {
  Buffer plain = ItemBytes(item);
  Buffer sealed = crypto::Seal(file_key, plain, ItemContext(file, number), random);
  Wipe(plain);
  return sealed;
}

Result<QuarantineItem> OpenItemOf(const Key& file_key, const std::string& file, std::uint32_t number,
                                  Bytes sealed) {
  const Secret plain = TRY(crypto::Open(file_key, sealed, ItemContext(file, number)));
  return ParseItem(plain.reveal());
}

std::string MaskedShape(Bytes content) {
  const auto is_mark = [](std::uint8_t c) { return c < 0x20 && c != '\n' && c != '\r' && c != '\t'; };
  if (std::any_of(content.begin(), content.end(), is_mark))
    return fmt::format("({} octets that are no text)", content.size());
  std::string shape;
  for (const std::uint8_t c : content) {
    if (c >= 'a' && c <= 'z') {
      shape += 'a';
    } else if (c >= 'A' && c <= 'Z') {
      shape += 'A';
    } else if (c >= '0' && c <= '9') {
      shape += '9';
    } else {
      shape += c >= 0x7F ? '?' : static_cast<char>(c);
    }
  }
  return shape;
}

}  // namespace probatio::keep
