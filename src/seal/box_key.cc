// Keys of the box. Numbers are big-endian, so that keys stand in the order of what they name.
#include "seal/box_key.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::seal {
namespace {

enum class Part : std::uint8_t { kBlock = 1, kLeafPage = 2, kLeafIndex = 3 };

constexpr std::size_t kPartAt = kContentsPrefixBytes;
constexpr std::size_t kBlockKeyBytes = kContentsPrefixBytes + 1 + sizeof(Token) + 4;
constexpr std::size_t kLeafPageKeyBytes = kContentsPrefixBytes + 1 + 4;
constexpr std::size_t kSubjectKeyBytes = 2 + sizeof(SubjectHandle);
constexpr std::uint8_t kOtherName = 0;  // no stream has this number

std::string Text(Bytes bytes) {
  return std::string(AsText(bytes));
}

// Stream, begin of the window, run: 13 octets. A name of another shape, which no collector of ours gives, is
// kept whole behind its length, so that every name has a key and no two share a prefix.
void AddSegment(const SegmentId& segment, ByteWriter* out) {
  const Result<SegmentName> name = ParseSegmentId(segment);
  if (!name.ok()) {
    out->U8(kOtherName);
    out->U8(static_cast<std::uint8_t>(segment.text().size()));
    return out->Raw(AsBytes(segment.text()));
  }
  out->U8(static_cast<std::uint8_t>(name.value().stream));
  // The sign bit is turned over: instants before 1970 sort before those after it.
  out->U64(static_cast<std::uint64_t>(name.value().begin.unix_ns()) ^ (std::uint64_t{1} << 63));
  out->U32(name.value().run);
}

ByteWriter KeyOf(BoxKind kind, const SegmentId& segment) {
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(kind));
  AddSegment(segment, &out);
  return out;
}

ByteWriter PartOf(Part part, const SegmentId& segment) {
  ByteWriter out = KeyOf(BoxKind::kContents, segment);
  out.U8(static_cast<std::uint8_t>(part));
  return out;
}

std::string SegmentText(Bytes key) {
  const SegmentName name{
      static_cast<Stream>(key[1]),
      Instant::FromUnixNs(static_cast<std::int64_t>(Be64(key.subspan(2)) ^ (std::uint64_t{1} << 63))),
      Be32(key.subspan(10))};
  if (name.stream < Stream::kNatSession || name.stream > Stream::kPassword) return "another";
  return MakeSegmentId(name).text();
}

std::string DescribeSubject(Bytes key) {
  const bool known = key.size() == kSubjectKeyBytes && key[1] >= 1 && key[1] <= 4;
  if (!known) return "a subject's wrapped key";
  return fmt::format("the wrapped key of subject {}/{}",
                     record::ToText(static_cast<record::RecordClass>(key[1])), ToHex(key.subspan(2)));
}

}  // namespace

std::string KindPrefix(BoxKind kind) {
  return {static_cast<char>(kind)};
}

std::string ContentsPrefix(const SegmentId& segment) {
  return Text(KeyOf(BoxKind::kContents, segment).bytes());
}

std::string BlocksPrefix(const SegmentId& segment) {
  return Text(PartOf(Part::kBlock, segment).bytes());
}

std::string BlockKey(const SegmentId& segment, const Token& token, std::uint32_t position) {
  ByteWriter out = PartOf(Part::kBlock, segment);
  out.Raw(token);
  out.U32(position);
  return Text(out.bytes());
}

std::string LeafPageKey(const SegmentId& segment, std::size_t page) {
  ByteWriter out = PartOf(Part::kLeafPage, segment);
  out.U32(static_cast<std::uint32_t>(page));
  return Text(out.bytes());
}

std::string LeafIndexKey(const SegmentId& segment) {
  return Text(PartOf(Part::kLeafIndex, segment).bytes());
}

std::string WrappedKey(const SegmentId& segment) {
  return Text(KeyOf(BoxKind::kWrapped, segment).bytes());
}

std::string SubjectsPrefix(record::RecordClass record_class) {
  return {static_cast<char>(BoxKind::kSubject), static_cast<char>(record_class)};
}

std::string SubjectKey(record::RecordClass record_class, const SubjectHandle& handle) {
  return SubjectsPrefix(record_class) + Text(handle);
}

Result<SubjectHandle> HandleInKey(std::string_view subject_key) {
  SubjectHandle handle{};
  const bool shaped = subject_key.size() == kSubjectKeyBytes &&
                      static_cast<BoxKind>(subject_key.front()) == BoxKind::kSubject;
  if (!shaped) return StorageError("box: not the key of a subject");
  std::copy(subject_key.begin() + 2, subject_key.end(), handle.begin());
  return handle;
}

std::string DescribeKey(std::string_view key) {
  const Bytes octets = AsBytes(key);
  if (octets.empty()) return "an entry";
  const auto kind = static_cast<BoxKind>(octets[0]);
  if (kind == BoxKind::kSubject) return DescribeSubject(octets);
  if (octets.size() < kContentsPrefixBytes || octets[1] == kOtherName) return "an entry";
  if (kind == BoxKind::kWrapped) return "the wrapped key of segment " + SegmentText(octets);
  if (kind != BoxKind::kContents || octets.size() == kPartAt) return "an entry";
  switch (static_cast<Part>(octets[kPartAt])) {
    case Part::kBlock:
      if (octets.size() != kBlockKeyBytes) break;
      return fmt::format("block {} of a token of segment {}", Be32(octets.last(4)), SegmentText(octets));
    case Part::kLeafPage:
      if (octets.size() != kLeafPageKeyBytes) break;
      return fmt::format("leaf page {} of segment {}", Be32(octets.last(4)), SegmentText(octets));
    case Part::kLeafIndex:
      return "the leaf index of segment " + SegmentText(octets);
  }
  return "an entry";
}

}  // namespace probatio::seal
