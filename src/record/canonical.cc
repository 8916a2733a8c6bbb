#include "record/canonical.h"

#include <fmt/format.h>

#include <bit>

#include "record/value.h"

namespace probatio::record {
namespace {

constexpr std::uint8_t kWholeRecord = 0;  // where a face's number stands
constexpr std::size_t kHeaderSize = 2;    // kind, face

std::size_t SizeOf(const std::string& text) {
  return text.size();
}
std::size_t SizeOf(const IpAddress& address) {
  return address.octets().size();
}
std::size_t SizeOf(const IpPrefix& prefix) {
  return 1 + prefix.address().octets().size();
}
std::size_t SizeOf(const Instant&) {
  return 8;
}
std::size_t SizeOf(const ClockOffset&) {
  return 8;
}
std::size_t SizeOf(const std::vector<std::string>& list) {
  std::size_t size = 0;
  for (const std::string& text : list) size += 2 + text.size();
  return size;
}
// A resolution or an error bound: as few octets as it needs, none for zero.
std::size_t SizeOf(std::int64_t ns) {
  return (static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(ns))) + 7) / 8;
}
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T> std::size_t SizeOf(const T&) {
  return sizeof(T);
}

void Put(ByteWriter* out, const std::string& text) {
  out->Raw(AsBytes(text));
}
void Put(ByteWriter* out, const IpAddress& address) {
  out->Raw(address.octets());
}
void Put(ByteWriter* out, const IpPrefix& prefix) {
  out->U8(static_cast<std::uint8_t>(prefix.length()));
  out->Raw(prefix.address().octets());
}
void Put(ByteWriter* out, const Instant& at) {
  out->U64(static_cast<std::uint64_t>(at.unix_ns()));
}
void Put(ByteWriter* out, const ClockOffset& offset) {
  out->U64(static_cast<std::uint64_t>(offset.ns));
}
void Put(ByteWriter* out, const std::vector<std::string>& list) {
  for (const std::string& text : list) {
    out->U16(static_cast<std::uint16_t>(text.size()));  // the whole list fits 16 bits: CHECKed by the caller
    out->Raw(AsBytes(text));
  }
}
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T>
void Put(ByteWriter* out, const T& number) {
  const auto value = static_cast<std::uint64_t>(number);
  for (std::size_t left = SizeOf(number); left-- > 0;)
    out->U8(static_cast<std::uint8_t>(value >> (8 * left)));
}

Status Get(Bytes bytes, std::string* text) {
  *text = std::string(AsText(bytes));
  return Done{};
}
Status Get(Bytes bytes, IpAddress* address) {
  *address = TRY(IpAddress::FromOctets(bytes));
  return Done{};
}
Status Get(Bytes bytes, IpPrefix* prefix) {
  if (bytes.empty()) return Invalid("no length");
  const IpAddress address = TRY(IpAddress::FromOctets(bytes.subspan(1)));
  *prefix = TRY(IpPrefix::Make(address, bytes[0]));
  return Done{};
}
Status Get(Bytes bytes, Instant* at) {
  if (bytes.size() != 8) return Invalid("not 8 octets long");
  *at = Instant::FromUnixNs(static_cast<std::int64_t>(Be64(bytes)));
  return Done{};
}
Status Get(Bytes bytes, ClockOffset* offset) {
  if (bytes.size() != 8) return Invalid("not 8 octets long");
  offset->ns = static_cast<std::int64_t>(Be64(bytes));
  return Done{};
}
Status Get(Bytes bytes, std::vector<std::string>* list) {
  ByteReader reader(bytes);
  while (reader.remaining() > 0) {
    const std::uint16_t size = TRY(reader.U16());
    const Bytes text = TRY(reader.Raw(size));
    if (list->size() == kTextListMax) return Invalid(fmt::format("more than {} entries", kTextListMax));
    list->emplace_back(AsText(text));
  }
  return Done{};
}
Status Get(Bytes bytes, std::int64_t* ns) {
  if (bytes.size() > 8) return Invalid("more than 8 octets long");
  if (!bytes.empty() && bytes[0] == 0) return Invalid("begins with an octet of zeros");
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  *ns = static_cast<std::int64_t>(value);
  return Done{};
}
template <class T>
requires std::is_integral_v<T> || std::is_enum_v<T> Status Get(Bytes bytes, T* number) {
  if (bytes.size() != sizeof(T)) return Invalid(fmt::format("not {} octets long", sizeof(T)));
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  *number = static_cast<T>(value);
  return Done{};
}

// Writes the present fields of one face, or of all.
class FaceWriter {
 public:
  FaceWriter(ByteWriter* out, std::optional<Face> only) : out_(out), only_(only) {}

  template <class T>
  void operator()(FieldId field, Face face, const T& value) {
    if ((only_.has_value() && *only_ != face) || !IsPresent(value)) return;
    const std::size_t size = SizeOf(Unwrap(value));
    CHECK(size <= UINT16_MAX);  // CheckRecord stands at the door
    WriteFieldHead(static_cast<std::uint8_t>(field), size, out_);
    Put(out_, Unwrap(value));
  }

 private:
  ByteWriter* out_;
  std::optional<Face> only_;
};

class FieldSizer {
 public:
  template <class T>
  void operator()(FieldId /*field*/, Face /*face*/, const T& value) {
    if (!IsPresent(value)) return;
    const std::size_t size = SizeOf(Unwrap(value));
    size_ += FieldHeadSize(size) + size;
  }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = kHeaderSize;
};

// Reads fields in the one order the writer knows: a field out of place, twice or of another face is never
// reached, stays unread, and is refused at the end.
class FaceReader {
 public:
  FaceReader(ByteReader* in, std::optional<Face> only) : in_(in), only_(only) { Peek(); }

  template <class T>
  void operator()(FieldId field, Face face, T& value) {
    if (!status_.ok() || (only_.has_value() && *only_ != face)) return;
    if (next_ != static_cast<std::uint8_t>(field)) {
      if (IsRequired(field)) {
        status_ = Invalid(fmt::format("{}: missing before offset {}", NameOf(field), in_->offset()));
      }
      return;
    }
    const std::size_t offset = in_->offset() - 1;
    const Status read = ReadValue(&value);
    if (!read.ok()) {
      status_ = read.error().Within(fmt::format("{} at offset {}", NameOf(field), offset));
      return;
    }
    Peek();
  }

  Status End() const {
    TRY(Status(status_));
    if (next_.has_value()) {
      return Invalid(fmt::format("field {} does not belong at offset {}", *next_, in_->offset() - 1));
    }
    return Done{};
  }

 private:
  void Peek() {
    next_.reset();
    if (in_->remaining() > 0) next_ = in_->U8().value();
  }

  template <class T>
  Status ReadValue(T* field) {
    using Value = typename ValueOf<T>::Type;
    const std::uint16_t size = TRY(ReadFieldLength(in_));
    const Bytes bytes = TRY(in_->Raw(size));
    Value value{};
    TRY(Get(bytes, &value));
    TRY(CheckValue(value));
    *field = std::move(value);
    if (!IsPresent(*field)) return Invalid("empty, where absent is written by leaving the field out");
    return Done{};
  }

  ByteReader* in_;
  std::optional<Face> only_;
  std::optional<std::uint8_t> next_;  // the id of the field that begins here, already taken from in_
  Status status_ = Done{};
};

Buffer Encode(const Record& record, std::optional<Face> only) {
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(KindOf(record)));
  out.U8(only.has_value() ? static_cast<std::uint8_t>(*only) : kWholeRecord);
  std::visit([&](const auto& kind) { VisitFields(kind, FaceWriter(&out, only)); }, record);
  return out.Take();
}

Result<Record> EmptyRecord(std::uint8_t kind) {
  switch (static_cast<RecordKind>(kind)) {
    case RecordKind::kNatEvent:
      return Record(NatEvent{});
    case RecordKind::kAccessSession:
      return Record(AccessSession{});
    case RecordKind::kActivity:
      return Record(Activity{});
    case RecordKind::kAccount:
      return Record(Account{});
    case RecordKind::kIdentity:
      return Record(Identity{});
    case RecordKind::kSharingRule:
      return Record(SharingRule{});
  }
  return Invalid(fmt::format("kind {} at offset 0: unknown", kind));
}

// The face that the bytes say they are; nothing for a whole record.
Result<std::optional<Face>> ReadFaceNumber(ByteReader* in, RecordKind kind) {
  const std::uint8_t number = TRY(in->U8());
  if (number == kWholeRecord) return std::optional<Face>();
  for (const Face face : FacesOf(kind)) {
    if (static_cast<std::uint8_t>(face) == number) return std::optional<Face>(face);
  }
  return Invalid(fmt::format("face {} at offset 1: not one of this kind", number));
}

Result<Record> Decode(Bytes bytes, bool whole) {
  if (bytes.size() > kFaceBytesMax)
    return Invalid(fmt::format("{} bytes, more than {}", bytes.size(), kFaceBytesMax));
  ByteReader in(bytes);
  const std::uint8_t kind = TRY(in.U8());
  Record record = TRY(EmptyRecord(kind));
  const std::optional<Face> face = TRY(ReadFaceNumber(&in, KindOf(record)));
  if (whole == face.has_value()) {
    return Invalid(whole ? "face at offset 1: not a whole record" : "face at offset 1: a whole record");
  }
  FaceReader reader(&in, face);
  std::visit([&](auto& fields) { VisitFields(fields, reader); }, record);
  TRY(reader.End());
  return record;
}

}  // namespace

void WriteFieldHead(std::uint8_t id, std::size_t size, ByteWriter* out) {
  out->U8(id);
  if (size < kLongFieldLength) return out->U8(static_cast<std::uint8_t>(size));
  out->U8(kLongFieldLength);
  out->U16(static_cast<std::uint16_t>(size));
}

std::size_t FieldHeadSize(std::size_t size) {
  return size < kLongFieldLength ? 2 : 4;
}

Result<std::uint16_t> ReadFieldLength(ByteReader* in) {
  const std::uint8_t size = TRY(in->U8());
  if (size < kLongFieldLength) return std::uint16_t{size};
  const std::uint16_t long_size = TRY(in->U16());
  if (long_size < kLongFieldLength) return Invalid("a short length written long");
  return long_size;
}

std::size_t EncodedSize(const Record& record) {
  FieldSizer sizer;
  std::visit([&](const auto& kind) { VisitFields(kind, sizer); }, record);
  return sizer.size();
}

Buffer FaceBytes(const Record& record, Face face) {
  return Encode(record, face);
}
Buffer RecordBytes(const Record& record) {
  return Encode(record, std::nullopt);
}

Result<Record> ParseFaceBytes(Bytes bytes) {
  return TRY_IN("face", Decode(bytes, false));
}
Result<Record> ParseRecordBytes(Bytes bytes) {
  return TRY_IN("record", Decode(bytes, true));
}

}  // namespace probatio::record
