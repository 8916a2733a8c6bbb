// Reads a block from its head on, row after row. A look-up stops at its last row and passes over those before
// it without putting them together.
#include <fmt/format.h>

#include <algorithm>

#include "record/canonical.h"
#include "seal/nat_block.h"
#include "seal/nat_codec.h"

namespace probatio::seal {
namespace {

static_assert(kNatTextBytesMax == kRowsPerBlockMax * 3 * record::kTextBytesMax);
static_assert(kPrefixSymbolsMax == kRowsPerBlockMax);

// The ports of the rows, as far as the first that lies above `last`, which is not among them.
Result<std::vector<std::uint16_t>> PortsUpTo(const NatBlock& block, std::uint16_t last) {
  const NatHead& head = block.head;
  std::vector<std::uint16_t> ports;
  ports.reserve(head.rows);
  BitReader in(block.columns[kPorts]);
  std::uint64_t port = head.port_first;
  for (std::size_t row = 0; row < head.rows; ++row) {
    if (row > 0) port += std::uint64_t{head.port_code.Take(&in)} << head.port_shift;
    if (port > UINT16_MAX) return Invalid(fmt::format("row {}: port over 65535", row));
    if (port > last) return ports;
    ports.push_back(static_cast<std::uint16_t>(port));
  }
  TRY_IN("ports", in.End());
  return ports;
}

// Goes through the rows once, in order: Advance, then Row where the row is wanted.
class RowCursor {
 public:
  RowCursor(const NatBlock& block, std::span<const std::uint16_t> ports)
      : head_(block.head),
        symbol_code_(block.symbol_lengths),
        inside_code_(block.inside_lengths),
        ports_(ports) {
    for (std::size_t i = 0; i < kNatColumns; ++i) in_[i] = BitReader(block.columns[i]);
  }

  // Passes over the first rows, up to one that begins a port. Every code has to be followed from the begin of
  // its column; the three chains run side by side, on copies that stay in registers.
  void SkipFirst(std::size_t rows) {
    BitReader symbols = in_[kSymbols];
    BitReader insides = in_[kInsides];
    BitReader ends = in_[kEnds];
    std::uint64_t end = 0;
    std::size_t mantissas = 0;
    const bool any_line = head_.inside_port.width + head_.seq.width + head_.end_seq.width > 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const ShapeClass symbol = head_.symbols[symbol_code_.Take(&symbols)];
      mantissas += symbol.duration_class - (symbol.duration_class > 0 ? 1U : 0U);
      inside_code_.Take(&insides);
      if (row > 0 && ports_[row] != ports_[row - 1]) end = 0;
      end += ends.TakeUpTo(head_.end_range - end);
      if (any_line) SkipLines(head_.shapes[symbol.shape]);
    }
    in_[kSymbols] = symbols;
    in_[kInsides] = insides;
    in_[kEnds] = ends;
    in_[kMantissas].Skip(mantissas);
    next_ = rows;
  }

  // Reads the numbers of the next row; what they may be is for Row to say.
  void Advance() {
    symbol_ = head_.symbols[symbol_code_.Take(&in_[kSymbols])];
    shape_ = &head_.shapes[symbol_.shape];
    inside_ = inside_code_.Take(&in_[kInsides]);
    port_ = ports_[next_];
    if (next_ == 0 || port_ != ports_[next_ - 1]) end_ = 0;
    const std::uint64_t room = head_.end_range - end_;
    const std::uint64_t later = in_[kEnds].TakeUpTo(room);
    ends_after_last_ |= later > room;
    end_ += later;
    duration_ = symbol_.duration_class;
    if (symbol_.duration_class > 1) {
      const unsigned width = symbol_.duration_class - 1U;
      duration_ = in_[kMantissas].TakeWide(width) | std::uint64_t{1} << width;
    }
    inside_port_ = shape_->has_inside_port ? NumberOf(kInsidePorts, head_.inside_port, 0) : 0;
    seq_ = shape_->has_seq ? NumberOf(kSeqs, head_.seq, end_ - duration_) : 0;
    end_seq_ = shape_->has_end_seq ? NumberOf(kEndSeqs, head_.end_seq, end_) : 0;
    ++next_;
  }

  // The row that Advance has read; its indices are the block's own.
  Result<NatRow> Row() const {
    if (ends_after_last_) return Invalid(fmt::format("row {}: ends after the last", next_ - 1));
    if (inside_port_ > UINT16_MAX) return Invalid(fmt::format("row {}: inside port over 65535", next_ - 1));
    NatRow row;
    const std::int64_t unit = kNatUnits[head_.unit];
    const auto end = static_cast<std::int64_t>(static_cast<std::uint64_t>(head_.end_first) + end_);
    const auto at = static_cast<std::int64_t>(static_cast<std::uint64_t>(end) - duration_);
    row.end_ns = end * unit;  // in range, as ReadTimes saw
    if (at > end || __builtin_mul_overflow(at, unit, &row.at_ns)) {
      return Invalid(fmt::format("row {}: begins before the range of instants", next_ - 1));
    }
    row.seq = seq_;
    row.end_seq = end_seq_;
    row.shape = symbol_.shape;
    row.inside = inside_;
    row.port = port_;
    row.inside_port = static_cast<std::uint16_t>(inside_port_);
    return row;
  }

 private:
  void SkipLines(const NatShape& shape) {
    if (shape.has_inside_port) in_[kInsidePorts].Skip(head_.inside_port.width);
    if (shape.has_seq) in_[kSeqs].Skip(head_.seq.width);
    if (shape.has_end_seq) in_[kEndSeqs].Skip(head_.end_seq.width);
  }
  std::uint64_t NumberOf(NatColumn column, const LineColumn& line, std::uint64_t time) {
    return line.At(time) + in_[column].TakeWide(line.width);
  }

  const NatHead& head_;
  PrefixDecoder symbol_code_;
  PrefixDecoder inside_code_;
  std::span<const std::uint16_t> ports_;
  std::array<BitReader, kNatColumns> in_;
  std::size_t next_ = 0;
  ShapeClass symbol_;
  const NatShape* shape_ = nullptr;
  std::uint16_t inside_ = 0;
  std::uint16_t port_ = 0;
  bool ends_after_last_ = false;  // this row or one before it
  std::uint64_t end_ = 0;
  std::uint64_t duration_ = 0;
  std::uint64_t inside_port_ = 0;
  std::uint64_t seq_ = 0;
  std::uint64_t end_seq_ = 0;
};

Result<NatRows> Decode(Bytes bytes) {
  const NatBlock block = TRY(ReadNatBlock(bytes));
  const std::vector<std::uint16_t> ports = TRY(PortsUpTo(block, UINT16_MAX));
  NatRows read;
  for (const NatShape& shape : block.head.shapes) read.tables.ShapeOf(shape);
  for (const NatInside& inside : block.head.insides) read.tables.InsideOf(inside);
  read.tables.AddressOf(block.head.address);
  read.rows.reserve(ports.size());
  RowCursor cursor(block, ports);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    cursor.Advance();
    const NatRow row = TRY(cursor.Row());
    if (row.port != 0 && !block.head.shapes[row.shape].has_port) {
      return Invalid(fmt::format("row {}: a port that its shape does not have", i));
    }
    read.rows.push_back(row);
  }
  return read;
}

// The rows that Decode gives have one encoding: so every bit that nothing reads, every choice of a code and
// every entry that no row names is checked at once.
Status CheckCanonical(const NatRows& read, Bytes bytes) {
  const Buffer again = EncodeNatRows(read.rows, read.tables);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) {
    return Invalid("not as these rows are written");
  }
  return Done{};
}

// From a block's own numbers to those of other tables, asked once for each.
class Renumbering {
 public:
  explicit Renumbering(std::size_t count) : numbers_(count, kUnknown) {}
  template <class Ask>
  std::uint32_t Of(std::uint32_t number, Ask ask) {
    if (numbers_[number] == kUnknown) numbers_[number] = ask();
    return numbers_[number];
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  std::vector<std::uint32_t> numbers_;
};

Result<PlacedNatRows> Find(Bytes bytes, std::uint16_t port) {
  const NatBlock block = TRY(ReadNatBlock(bytes));
  const NatHead& head = block.head;
  const bool every = head.AnyHas(&NatShape::block);
  const std::vector<std::uint16_t> ports = TRY(PortsUpTo(block, every ? UINT16_MAX : port));
  PlacedNatRows found;
  const auto first = every ? ports.begin() : std::lower_bound(ports.begin(), ports.end(), port);
  if (first == ports.end()) return found;
  const auto begin = static_cast<std::size_t>(first - ports.begin());
  RowCursor cursor(block, ports);
  cursor.SkipFirst(begin);
  Renumbering shape_numbers(head.shapes.size());
  Renumbering inside_numbers(head.insides.size());
  for (std::size_t i = begin; i < ports.size(); ++i) {
    cursor.Advance();
    NatRow row = TRY(cursor.Row());
    const NatShape& shape = head.shapes[row.shape];
    if (!shape.block && !(shape.has_port && row.port == port)) continue;
    row.shape = shape_numbers.Of(row.shape, [&] { return found.tables.ShapeOf(shape); });
    row.inside =
        inside_numbers.Of(row.inside, [&] { return found.tables.InsideOf(head.insides[row.inside]); });
    found.rows.push_back(row);
    found.places.push_back(static_cast<std::uint16_t>(i));
  }
  if (!found.rows.empty()) found.tables.AddressOf(head.address);
  return found;
}

}  // namespace

Result<NatRows> DecodeNatRows(Bytes bytes) {
  NatRows read = TRY_IN("nat rows", Decode(bytes));
  TRY_IN("nat rows", CheckCanonical(read, bytes));
  return read;
}

Result<PlacedNatRows> FindNatRows(Bytes bytes, std::uint16_t port) {
  return TRY_IN("nat rows", Find(bytes, port));
}

}  // namespace probatio::seal
