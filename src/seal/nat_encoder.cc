// Packs a block in a few passes over its rows: what they share gets a number, instants a unit, each column
// its code; then the columns are written, and the head in front of them. Nothing is allocated per row.
#include <algorithm>

#include "seal/nat_block.h"
#include "seal/nat_codec.h"
#include "seal/nat_symbols.h"
#include "seal/varint.h"

namespace probatio::seal {
namespace {

// Ends and durations in units of kUnit; false when one instant is no multiple of it.
template <std::int64_t kUnit>
bool Scale(std::span<const NatRow> rows, std::vector<std::int64_t>* ends,
           std::vector<std::uint64_t>* durations) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t end = rows[i].end_ns / kUnit;
    const std::int64_t at = rows[i].at_ns / kUnit;
    if (end * kUnit != rows[i].end_ns || at * kUnit != rows[i].at_ns) return false;
    (*ends)[i] = end;
    (*durations)[i] = static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(at);
  }
  return true;
}

unsigned ClassOf(std::uint64_t duration) {
  return static_cast<unsigned>(std::bit_width(duration));
}

// A field that the shape does not have would be lost.
void CheckRow(const NatRow& row, const NatShape& shape) {
  CHECK(shape.session ? row.at_ns <= row.end_ns : row.at_ns == row.end_ns);
  CHECK(shape.has_port || row.port == 0);
  CHECK(shape.has_inside_port || row.inside_port == 0);
  CHECK(shape.has_seq || row.seq == 0);
  CHECK(shape.has_end_seq || row.end_seq == 0);
}

}  // namespace

struct NatEncoder::Scratch {
  Buffer Encode(std::span<const NatRow> rows, const NatTables& tables);

 private:
  void TakeIn(std::span<const NatRow> rows, const NatTables& tables);
  void ChooseUnit(std::span<const NatRow> rows);
  void MakeCodes();
  void WritePorts();
  void WriteCodes();
  void WriteEnds(std::span<const NatRow> rows);
  template <class NumberOf>
  LineColumn WriteNumbers(NatColumn column, bool NatShape::*has, NumberOf number_of);
  void WriteLines(std::span<const NatRow> rows);
  void WriteMantissas();
  Buffer Join() const;
  // In units from the block's first end.
  std::uint64_t EndOf(std::size_t row) const {
    return static_cast<std::uint64_t>(ends_[row]) - static_cast<std::uint64_t>(head_.end_first);
  }

  std::size_t rows_ = 0;
  NatHead head_;
  std::array<std::size_t, kNatColumns> sizes_{};
  ShapeSymbols shape_symbols_;
  InsideSymbols inside_symbols_;
  // By row.
  std::vector<std::uint32_t> gaps_;     // of the ports, from the second row on
  std::vector<std::uint16_t> shapes_;   // number in shape_symbols_
  std::vector<std::uint16_t> insides_;  // number in inside_symbols_
  std::vector<std::int64_t> ends_;
  std::vector<std::uint64_t> durations_;
  std::vector<TimedNumber> numbers_;
  Buffer columns_;
};

// The order of the steps is the order of their needs.
Buffer NatEncoder::Scratch::Encode(std::span<const NatRow> rows, const NatTables& tables) {
  CHECK(!rows.empty() && rows.size() <= kRowsPerBlockMax);
  TakeIn(rows, tables);
  ChooseUnit(rows);
  MakeCodes();
  columns_.clear();
  WritePorts();
  WriteCodes();
  WriteEnds(rows);
  WriteLines(rows);
  WriteMantissas();
  return Join();
}

void NatEncoder::Scratch::TakeIn(std::span<const NatRow> rows, const NatTables& tables) {
  rows_ = rows.size();
  shape_symbols_.Begin(tables);
  inside_symbols_.Begin(tables);
  shapes_.resize(rows_);
  insides_.resize(rows_);
  gaps_.resize(rows_ - 1);
  const NatRow* before = &rows.front();
  for (std::size_t i = 0; i < rows_; ++i) {
    const NatRow& row = rows[i];
    CHECK(row.shape < tables.shapes().size() && row.inside < tables.insides().size());
    CHECK(row.address == before->address);
    CHECK(row.port > before->port || (row.port == before->port && row.end_ns >= before->end_ns));
    CheckRow(row, tables.shapes()[row.shape]);
    shapes_[i] = shape_symbols_.NumberOf(row.shape);
    insides_[i] = inside_symbols_.NumberOf(row.inside);
    if (i > 0) gaps_[i - 1] = static_cast<std::uint32_t>(row.port - before->port);
    before = &row;
  }
  CHECK(before->address < tables.addresses().size());
  head_.address = tables.addresses()[before->address];
  head_.port_first = rows.front().port;
  shape_symbols_.EndNumbering();
}

void NatEncoder::Scratch::ChooseUnit(std::span<const NatRow> rows) {
  ends_.resize(rows_);
  durations_.resize(rows_);
  head_.unit = Scale<kNatUnits[0]>(rows, &ends_, &durations_)   ? 0
               : Scale<kNatUnits[1]>(rows, &ends_, &durations_) ? 1
               : Scale<kNatUnits[2]>(rows, &ends_, &durations_) ? 2
                                                                : 3;
  if (head_.unit == 3) CHECK(Scale<kNatUnits[3]>(rows, &ends_, &durations_));
  const auto [first, last] = std::minmax_element(ends_.begin(), ends_.end());
  head_.end_first = *first;
  head_.end_range = static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first);
}

void NatEncoder::Scratch::MakeCodes() {
  for (std::size_t i = 0; i < rows_; ++i) shape_symbols_.Count(shapes_[i], ClassOf(durations_[i]));
  shape_symbols_.MakeCode();
  inside_symbols_.MakeCode();
}

void NatEncoder::Scratch::WritePorts() {
  std::uint32_t any = 0;
  for (const std::uint32_t gap : gaps_) any |= gap;
  head_.port_shift = any == 0 ? 0 : static_cast<unsigned>(std::countr_zero(any));
  for (std::uint32_t& gap : gaps_) gap >>= head_.port_shift;
  head_.port_code = ChooseRice(gaps_, kPortBits);
  BitWriter out(&columns_, gaps_.size() * head_.port_code.BitsMax());
  for (const std::uint32_t gap : gaps_) head_.port_code.Put(gap, &out);
  sizes_[kPorts] = out.Finish();
}

void NatEncoder::Scratch::WriteCodes() {
  BitWriter shapes(&columns_, rows_ * kPrefixBitsMax);
  for (std::size_t i = 0; i < rows_; ++i) shape_symbols_.Put(shapes_[i], ClassOf(durations_[i]), &shapes);
  sizes_[kSymbols] = shapes.Finish();
  BitWriter insides(&columns_, rows_ * kPrefixBitsMax);
  for (std::size_t i = 0; i < rows_; ++i) inside_symbols_.Put(insides_[i], &insides);
  sizes_[kInsides] = insides.Finish();
}

// Rows of one port ascend by end: each says how long after the one before.
void NatEncoder::Scratch::WriteEnds(std::span<const NatRow> rows) {
  BitWriter out(&columns_, rows_ * 64);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < rows_; ++i) {
    const std::uint64_t end = EndOf(i);
    if (i == 0 || rows[i].port != rows[i - 1].port) before = 0;
    out.PutUpTo(end - before, head_.end_range - before);
    before = end;
  }
  sizes_[kEnds] = out.Finish();
}

// `number_of` gives a row's number with its time; rows whose shape has none are passed over.
template <class NumberOf>
LineColumn NatEncoder::Scratch::WriteNumbers(NatColumn column, bool NatShape::*has, NumberOf number_of) {
  sizes_[column] = 0;
  if (!shape_symbols_.AnyHas(has)) return {};
  numbers_.clear();
  for (std::size_t i = 0; i < rows_; ++i) {
    if (shape_symbols_.Of(shapes_[i]).*has) numbers_.push_back(number_of(i));
  }
  const LineColumn line = FitLine(numbers_);
  BitWriter out(&columns_, numbers_.size() * 64);
  for (const TimedNumber& timed : numbers_) out.PutWide(timed.number - line.At(timed.time), line.width);
  sizes_[column] = out.Finish();
  return line;
}

void NatEncoder::Scratch::WriteLines(std::span<const NatRow> rows) {
  head_.inside_port = WriteNumbers(kInsidePorts, &NatShape::has_inside_port, [&](std::size_t i) {
    return TimedNumber{0, rows[i].inside_port};
  });
  head_.seq = WriteNumbers(kSeqs, &NatShape::has_seq, [&](std::size_t i) {
    return TimedNumber{EndOf(i) - durations_[i], rows[i].seq};
  });
  head_.end_seq = WriteNumbers(kEndSeqs, &NatShape::has_end_seq, [&](std::size_t i) {
    return TimedNumber{EndOf(i), rows[i].end_seq};
  });
}

// The class says where a duration's highest bit is; these are the bits below it.
void NatEncoder::Scratch::WriteMantissas() {
  BitWriter out(&columns_, rows_ * 64);
  for (const std::uint64_t duration : durations_) {
    if (duration <= 1) continue;
    const unsigned width = ClassOf(duration) - 1;
    out.PutWide(duration & LowBits(width), width);
  }
  out.Finish();
}

Buffer NatEncoder::Scratch::Join() const {
  ByteWriter out;
  out.U8(kNatLayout);
  out.U16(static_cast<std::uint16_t>(rows_));
  out.U8(static_cast<std::uint8_t>(head_.address.octets().size()));
  out.Raw(head_.address.octets());
  shape_symbols_.Write(&out);
  inside_symbols_.Write(&out);
  out.U16(head_.port_first);
  out.U8(static_cast<std::uint8_t>(head_.port_shift << 4 | head_.port_code.parameter));
  out.U8(static_cast<std::uint8_t>(head_.unit));
  WriteVarint(FoldSign(static_cast<std::uint64_t>(head_.end_first)), &out);
  WriteVarint(head_.end_range, &out);
  if (shape_symbols_.AnyHas(&NatShape::has_inside_port)) WriteLine(head_.inside_port, &out);
  if (shape_symbols_.AnyHas(&NatShape::has_seq)) WriteLine(head_.seq, &out);
  if (shape_symbols_.AnyHas(&NatShape::has_end_seq)) WriteLine(head_.end_seq, &out);
  for (std::size_t i = 0; i < kMantissas; ++i) WriteVarint(sizes_[i], &out);
  out.Raw(columns_);
  return out.Take();
}

NatEncoder::NatEncoder() : scratch_(std::make_unique<Scratch>()) {}
NatEncoder::~NatEncoder() = default;
NatEncoder::NatEncoder(NatEncoder&&) noexcept = default;
NatEncoder& NatEncoder::operator=(NatEncoder&&) noexcept = default;

Buffer NatEncoder::Encode(std::span<const NatRow> rows, const NatTables& tables) {
  return scratch_->Encode(rows, tables);
}

Buffer EncodeNatRows(std::span<const NatRow> rows, const NatTables& tables) {
  return NatEncoder().Encode(rows, tables);
}

}  // namespace probatio::seal
