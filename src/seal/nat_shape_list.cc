#include "seal/nat_shape_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "record/canonical.h"
#include "seal/bit_stream.h"
#include "seal/varint.h"

namespace probatio::seal {
namespace {

// Flags of a shape.
constexpr std::uint16_t kSession = 1U << 0;
constexpr std::uint16_t kInsidePort = 1U << 1;
constexpr std::uint16_t kSeq = 1U << 2;
constexpr std::uint16_t kEndSeq = 1U << 3;
constexpr std::uint16_t kPort = 1U << 4;
constexpr std::uint16_t kBlock = 1U << 5;
constexpr std::uint16_t kSpan = 1U << 6;
constexpr std::uint16_t kStep = 1U << 7;
constexpr std::uint16_t kProto = 1U << 8;
constexpr std::uint16_t kDomain = 1U << 9;
constexpr std::uint16_t kRealm = 1U << 10;
constexpr std::uint16_t kSameSource = 1U << 11;  // clock, exporter, domain, realm of the shape before
constexpr std::uint16_t kOtherPort = 1U << 12;
constexpr std::uint16_t kOffset = 1U << 13;
constexpr std::uint16_t kFlagsEnd = 1U << 14;

void WriteText(std::string_view text, ByteWriter* out) {
  CHECK(text.size() <= record::kTextBytesMax);
  WriteVarint(text.size(), out);
  out->Raw(AsBytes(text));
}

Result<std::string> ReadText(ByteReader* in) {
  const std::uint64_t size = TRY(ReadVarint(in));
  if (size > record::kTextBytesMax) return Invalid(fmt::format("text of {} octets", size));
  const Bytes octets = TRY(in->Raw(size));
  TRY(CheckText(AsText(octets)));
  return std::string(AsText(octets));
}

bool SameSource(const NatShape& one, const NatShape& other) {
  return one.clock == other.clock && one.exporter == other.exporter && one.domain == other.domain &&
         one.inside_realm == other.inside_realm;
}

std::uint16_t FlagsOf(const NatShape& shape, bool same_source) {
  const auto flag = [](bool set, std::uint16_t bit) { return set ? bit : std::uint16_t{0}; };
  int flags = flag(shape.session, kSession) | flag(shape.has_inside_port, kInsidePort) |
              flag(shape.has_seq, kSeq) | flag(shape.has_end_seq, kEndSeq) | flag(shape.has_port, kPort) |
              flag(shape.block, kBlock) | flag(shape.port_span.has_value(), kSpan) |
              flag(shape.port_step.has_value(), kStep) | flag(shape.proto.has_value(), kProto) |
              flag(shape.other_port.has_value(), kOtherPort);
  flags |= same_source
               ? kSameSource
               : flag(shape.domain.has_value(), kDomain) | flag(shape.inside_realm.has_value(), kRealm) |
                     flag(shape.clock.offset.ns != 0, kOffset);
  return static_cast<std::uint16_t>(flags);
}

void WriteSource(const NatShape& shape, ByteWriter* out) {
  CHECK(shape.clock.at == Instant());
  WriteVarint(static_cast<std::uint64_t>(shape.clock.resolution_ns), out);
  WriteVarint(static_cast<std::uint64_t>(shape.clock.error_ns), out);
  out->U8(static_cast<std::uint8_t>(shape.clock.source));
  if (shape.clock.offset.ns != 0) out->U64(static_cast<std::uint64_t>(shape.clock.offset.ns));
  WriteText(shape.exporter, out);
  if (shape.domain.has_value()) out->U32(*shape.domain);
  if (shape.inside_realm.has_value()) WriteText(*shape.inside_realm, out);
}

void WriteShape(const NatShape& shape, const NatShape* before, ByteWriter* out) {
  const bool same_source = before != nullptr && SameSource(shape, *before);
  out->U16(FlagsOf(shape, same_source));
  out->U8(static_cast<std::uint8_t>(shape.event));
  if (shape.port_span.has_value()) out->U16(*shape.port_span);
  if (shape.port_step.has_value()) out->U16(*shape.port_step);
  if (shape.proto.has_value()) out->U8(*shape.proto);
  if (shape.other_port.has_value()) out->U16(*shape.other_port);
  if (!same_source) WriteSource(shape, out);
}

Result<std::int64_t> ReadSpanOfTime(ByteReader* in) {
  const std::uint64_t ns = TRY(ReadVarint(in));
  if (ns > static_cast<std::uint64_t>(INT64_MAX)) return Invalid("resolution or error over 2^63 - 1");
  return static_cast<std::int64_t>(ns);
}

Status ReadOffset(ByteReader* in, ClockOffset* offset) {
  const std::uint64_t ns = TRY(in->U64());
  if (ns == 0) return Invalid("an offset of nothing");
  offset->ns = static_cast<std::int64_t>(ns);
  return Done{};
}

Status ReadSource(ByteReader* in, std::uint16_t flags, NatShape* shape) {
  shape->clock.resolution_ns = TRY(ReadSpanOfTime(in));
  shape->clock.error_ns = TRY(ReadSpanOfTime(in));
  const std::uint8_t source = TRY(in->U8());
  shape->clock.source = static_cast<ClockSource>(source);
  if (ToText(shape->clock.source) == "unknown") return Invalid("no such clock");
  if ((flags & kOffset) != 0) TRY(ReadOffset(in, &shape->clock.offset));
  shape->exporter = TRY(ReadText(in));
  if ((flags & kDomain) != 0) shape->domain = TRY(in->U32());
  if ((flags & kRealm) != 0) shape->inside_realm = TRY(ReadText(in));
  return Done{};
}

Result<NatShape> ReadShape(ByteReader* in, const NatShape* before) {
  const std::uint16_t flags = TRY(in->U16());
  if (flags >= kFlagsEnd) return Invalid(fmt::format("flags {:#06x} of a shape", flags));
  NatShape shape;
  const std::uint8_t event = TRY(in->U8());
  shape.event = static_cast<record::NatEventKind>(event);
  if (ToText(shape.event) == "unknown") return Invalid("no such event");
  shape.session = (flags & kSession) != 0;
  shape.has_inside_port = (flags & kInsidePort) != 0;
  shape.has_seq = (flags & kSeq) != 0;
  shape.has_end_seq = (flags & kEndSeq) != 0;
  shape.has_port = (flags & kPort) != 0;
  shape.block = (flags & kBlock) != 0;
  if ((flags & kSpan) != 0) shape.port_span = TRY(in->U16());
  if ((flags & kStep) != 0) shape.port_step = TRY(in->U16());
  if ((flags & kProto) != 0) shape.proto = TRY(in->U8());
  if ((flags & kOtherPort) != 0) shape.other_port = TRY(in->U16());
  if ((flags & kSameSource) == 0) {
    TRY(ReadSource(in, flags, &shape));
    return shape;
  }
  if (before == nullptr || (flags & (kDomain | kRealm | kOffset)) != 0)
    return Invalid("a shape without its source");
  shape.clock = before->clock;
  shape.exporter = before->exporter;
  shape.domain = before->domain;
  shape.inside_realm = before->inside_realm;
  return shape;
}

// First and last class, then one bit for each between them.
void WriteClasses(const ClassSet& classes, ByteWriter* out) {
  const auto first = std::find(classes.begin(), classes.end(), true) - classes.begin();
  const auto last = classes.rend() - std::find(classes.rbegin(), classes.rend(), true) - 1;
  CHECK(first < std::ssize(classes));
  out->U8(static_cast<std::uint8_t>(first));
  out->U8(static_cast<std::uint8_t>(last));
  Buffer between;
  BitWriter bits(&between, kDurationClasses);
  for (auto i = first + 1; i < last; ++i) bits.Put(classes[static_cast<std::size_t>(i)] ? 1 : 0, 1);
  bits.Finish();
  out->Raw(between);
}

Status ReadClasses(ByteReader* in, std::size_t shape, bool session, std::vector<ShapeClass>* symbols) {
  const unsigned first = TRY(in->U8());
  const unsigned last = TRY(in->U8());
  if (first > last || last >= kDurationClasses) return Invalid(fmt::format("classes {} to {}", first, last));
  if (!session && last != 0) return Invalid("a duration without a session");
  const unsigned between = last > first ? last - first - 1 : 0;
  const Bytes packed = TRY(in->Raw((between + 7) / 8));
  BitReader bits(packed);
  for (unsigned i = first; i <= last; ++i) {
    const bool present = i == first || i == last || bits.Take(1) != 0;
    if (present) symbols->push_back({static_cast<std::uint16_t>(shape), static_cast<std::uint8_t>(i)});
  }
  return bits.End();
}

}  // namespace

void WriteShapes(std::span<const UsedShape> shapes, ByteWriter* out) {
  WriteVarint(shapes.size(), out);
  const NatShape* before = nullptr;
  for (const UsedShape& used : shapes) {
    WriteShape(*used.shape, before, out);
    WriteClasses(used.classes, out);
    before = used.shape;
  }
}

Result<ShapeList> ReadShapes(ByteReader* in, std::size_t symbols_max) {
  const std::uint64_t count = TRY(ReadVarint(in));
  if (count < 1 || count > symbols_max)
    return Invalid(fmt::format("{} shapes, not 1 to {}", count, symbols_max));
  ShapeList read;
  for (std::size_t i = 0; i < count; ++i) {
    NatShape shape = TRY(ReadShape(in, i == 0 ? nullptr : &read.shapes.back()));
    if (i > 0 && !(read.shapes.back() < shape)) return Invalid("shapes do not ascend");
    TRY(ReadClasses(in, i, shape.session, &read.symbols));
    if (read.symbols.size() > symbols_max) return Invalid("more durations than rows");
    read.shapes.push_back(std::move(shape));
  }
  return read;
}

}  // namespace probatio::seal
