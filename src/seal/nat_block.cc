#include "seal/nat_block.h"

#include <fmt/format.h>

#include "seal/varint.h"

namespace probatio::seal {
namespace {

Status ReadPorts(ByteReader* in, NatHead* head) {
  head->port_first = TRY(in->U16());
  const unsigned octet = TRY(in->U8());
  head->port_shift = octet >> 4;
  head->port_code = RiceCode{octet & 0xFU, kPortBits};
  return Done{};
}

Status ReadTimes(ByteReader* in, NatHead* head) {
  head->unit = TRY(in->U8());
  if (head->unit >= kNatUnits.size()) return Invalid(fmt::format("unit {} is unknown", head->unit));
  const std::uint64_t first = TRY(ReadVarint(in));
  head->end_first = static_cast<std::int64_t>(UnfoldSign(first));
  head->end_range = TRY(ReadVarint(in));
  const auto last = static_cast<std::int64_t>(static_cast<std::uint64_t>(head->end_first) + head->end_range);
  std::int64_t ns = 0;
  if (last < head->end_first || __builtin_mul_overflow(last, kNatUnits[head->unit], &ns) ||
      __builtin_mul_overflow(head->end_first, kNatUnits[head->unit], &ns)) {
    return Invalid("ends beyond the range of instants");
  }
  return Done{};
}

Status ReadLines(ByteReader* in, NatHead* head) {
  if (head->AnyHas(&NatShape::has_inside_port)) head->inside_port = TRY(ReadLine(in));
  if (head->inside_port.slope != 0) return Invalid("inside ports over time");
  if (head->AnyHas(&NatShape::has_seq)) head->seq = TRY(ReadLine(in));
  if (head->AnyHas(&NatShape::has_end_seq)) head->end_seq = TRY(ReadLine(in));
  return Done{};
}

// The sizes of all columns but the last, then the columns.
Result<std::array<Bytes, kNatColumns>> ReadColumns(ByteReader* in) {
  std::array<std::uint64_t, kNatColumns> sizes{};
  for (std::size_t i = 0; i < kMantissas; ++i) sizes[i] = TRY(ReadVarint(in));
  std::array<Bytes, kNatColumns> columns;
  for (std::size_t i = 0; i < kMantissas; ++i) columns[i] = TRY(in->Raw(sizes[i]));
  columns[kMantissas] = TRY(in->Raw(in->remaining()));
  return columns;
}

}  // namespace

Result<NatBlock> ReadNatBlock(Bytes bytes) {
  ByteReader in(bytes);
  const std::uint8_t layout = TRY(in.U8());
  if (layout != kNatLayout) return Invalid(fmt::format("layout {} is not {}", layout, kNatLayout));
  NatHead head;
  head.rows = TRY(in.U16());
  if (head.rows == 0 || head.rows > kRowsPerBlockMax) {
    return Invalid(fmt::format("{} rows, not 1 to {}", head.rows, kRowsPerBlockMax));
  }
  const std::uint8_t address_size = TRY(in.U8());
  const Bytes address = TRY(in.Raw(address_size));
  head.address = TRY(IpAddress::FromOctets(address));
  ShapeList shapes = TRY(ReadShapes(&in, head.rows));
  head.shapes = std::move(shapes.shapes);
  head.symbols = std::move(shapes.symbols);
  std::vector<std::uint8_t> symbol_lengths = TRY(ReadPrefixLengths(&in, bytes, head.symbols.size()));
  head.insides = TRY(ReadInsides(&in, bytes, head.rows));
  std::vector<std::uint8_t> inside_lengths = TRY(ReadPrefixLengths(&in, bytes, head.insides.size()));
  TRY(ReadPorts(&in, &head));
  TRY(ReadTimes(&in, &head));
  TRY(ReadLines(&in, &head));
  const std::array<Bytes, kNatColumns> columns = TRY(ReadColumns(&in));
  return NatBlock{std::move(head), std::move(symbol_lengths), std::move(inside_lengths), columns};
}

}  // namespace probatio::seal
