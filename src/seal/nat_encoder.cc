// Packs a block in a few passes over its rows: what they share gets a number, instants a unit, each column
// its code; then the columns are written, and the head in front of them. Nothing is allocated per row.
#include <algorithm>

#include "seal/nat_codec.h"
#include "seal/nat_layout.h"
#include "seal/varint.h"

namespace probatio::seal {
namespace {

// Numbers the distinct indices into a table in the order in which a block's rows name them. The tables of a
// window have very many entries and a block names few: a stamp says which places are of this block.
class BlockIndex {
 public:
  void Begin(std::size_t table_size) {
    if (places_.size() < table_size) places_.resize(table_size);
    if (++block_ == 0) {  // stamps begin anew
      std::fill(places_.begin(), places_.end(), Place{});
      block_ = 1;
    }
    named_.clear();
  }
  std::uint16_t NumberOf(std::uint32_t index) {
    Place& place = places_[index];
    if (place.block != block_) {
      place = {block_, static_cast<std::uint16_t>(named_.size())};
      named_.push_back(index);
    }
    return place.number;
  }
  const std::vector<std::uint32_t>& named() const { return named_; }

 private:
  struct Place {
    std::uint32_t block = 0;
    std::uint16_t number = 0;
  };
  std::uint32_t block_ = 0;
  std::vector<Place> places_;
  std::vector<std::uint32_t> named_;
};

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

// One value of a LineColumn, with its time in units from the block's first end.
struct TimedNumber {
  std::uint64_t time = 0;
  std::uint64_t number = 0;
};

// The narrowest column over the line of this slope.
LineColumn Fit(std::span<const TimedNumber> numbers, std::uint64_t slope) {
  LineColumn line{.base = 0, .slope = slope, .width = 0};
  const std::uint64_t first = numbers.front().number - line.At(numbers.front().time);
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  for (const TimedNumber& value : numbers) {
    const auto off = static_cast<std::int64_t>(value.number - line.At(value.time) - first);
    lowest = std::min(lowest, off);
    highest = std::max(highest, off);
  }
  line.base = first + static_cast<std::uint64_t>(lowest);
  line.width = static_cast<unsigned>(
      std::bit_width(static_cast<std::uint64_t>(highest) - static_cast<std::uint64_t>(lowest)));
  return line;
}

// The slope from the earliest number to the latest; 0 where they do not rise.
std::uint64_t SlopeOf(std::span<const TimedNumber> numbers) {
  const auto earlier = [](const TimedNumber& one, const TimedNumber& other) {
    return static_cast<std::int64_t>(one.time) < static_cast<std::int64_t>(other.time);
  };
  const TimedNumber first = *std::min_element(numbers.begin(), numbers.end(), earlier);
  const TimedNumber last = *std::max_element(numbers.begin(), numbers.end(), earlier);
  if (first.time == last.time || first.number >= last.number) return 0;
  __extension__ using Wide = unsigned __int128;
  const Wide slope = (static_cast<Wide>(last.number - first.number) << 32) / (last.time - first.time);
  return slope > UINT64_MAX ? 0 : static_cast<std::uint64_t>(slope);
}

LineColumn FitLine(std::span<const TimedNumber> numbers) {
  const LineColumn level = Fit(numbers, 0);
  const std::uint64_t slope = SlopeOf(numbers);
  if (slope == 0) return level;
  const LineColumn line = Fit(numbers, slope);
  return line.width < level.width ? line : level;
}

}  // namespace

struct NatEncoder::Scratch {
  Buffer Encode(std::span<const NatRow> rows, const NatTables& tables);

 private:
  void TakeIn(std::span<const NatRow> rows, const NatTables& tables);
  void CheckRow(const NatRow& row, const NatShape& shape) const;
  void ChooseUnit(std::span<const NatRow> rows);
  void OrderShapes();
  void OrderInsides(const NatTables& tables);
  void CountSymbols();
  void WritePorts();
  void WriteCodes();
  void WriteEnds(std::span<const NatRow> rows);
  template <class ValueOf>
  void WriteLine(NatColumn column, bool NatShape::*has, ValueOf value, LineColumn* line);
  void WriteLines(std::span<const NatRow> rows);
  void WriteMantissas();
  // In units from the block's first end.
  std::uint64_t EndOf(std::size_t row) const {
    return static_cast<std::uint64_t>(ends_[row]) - static_cast<std::uint64_t>(head_.end_first);
  }
  Buffer Join() const;

  std::size_t rows_ = 0;
  NatHead head_;
  std::array<std::size_t, kNatColumns> sizes_{};
  BlockIndex shape_index_;
  BlockIndex inside_index_;
  // By row.
  std::vector<std::uint32_t> gaps_;     // of the ports, from the second row on
  std::vector<std::uint16_t> shapes_;   // number in shape_index_
  std::vector<std::uint16_t> insides_;  // number in inside_index_
  std::vector<std::int64_t> ends_;
  std::vector<std::uint64_t> durations_;
  // By number in shape_index_ or inside_index_.
  std::vector<const NatShape*> shape_of_;
  std::vector<std::uint32_t> class_counts_;   // shape * kDurationClasses + class
  std::vector<std::uint16_t> class_symbols_;  // the same place
  std::vector<std::uint32_t> inside_counts_;
  std::vector<std::uint16_t> inside_symbols_;
  // In the order of the block.
  std::vector<UsedShape> used_shapes_;
  std::vector<const NatInside*> used_insides_;
  std::vector<std::uint32_t> counts_;
  PrefixEncoder symbol_code_;
  PrefixEncoder inside_code_;
  struct Keyed {
    std::uint64_t key;
    const NatInside* inside;
    std::uint16_t number;
  };
  std::vector<Keyed> keyed_;
  std::vector<TimedNumber> numbers_;
  Buffer columns_;
};

// The order of the steps is the order of their needs.
Buffer NatEncoder::Scratch::Encode(std::span<const NatRow> rows, const NatTables& tables) {
  CHECK(!rows.empty() && rows.size() <= kRowsPerBlockMax);
  TakeIn(rows, tables);
  ChooseUnit(rows);
  CountSymbols();
  OrderShapes();
  OrderInsides(tables);
  columns_.clear();
  WritePorts();
  WriteCodes();
  WriteEnds(rows);
  WriteLines(rows);
  WriteMantissas();
  return Join();
}

void NatEncoder::Scratch::CheckRow(const NatRow& row, const NatShape& shape) const {
  CHECK(shape.session ? row.at_ns <= row.end_ns : row.at_ns == row.end_ns);
  CHECK(shape.has_port || row.port == 0);
  CHECK(shape.has_inside_port || row.inside_port == 0);
  CHECK(shape.has_seq || row.seq == 0);
  CHECK(shape.has_end_seq || row.end_seq == 0);
}

void NatEncoder::Scratch::TakeIn(std::span<const NatRow> rows, const NatTables& tables) {
  rows_ = rows.size();
  shape_index_.Begin(tables.shapes().size());
  inside_index_.Begin(tables.insides().size());
  shape_of_.clear();
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
    shapes_[i] = shape_index_.NumberOf(row.shape);
    insides_[i] = inside_index_.NumberOf(row.inside);
    if (i > 0) gaps_[i - 1] = static_cast<std::uint32_t>(row.port - before->port);
    before = &row;
  }
  CHECK(before->address < tables.addresses().size());
  head_.address = tables.addresses()[before->address];
  head_.port_first = rows.front().port;
  for (const std::uint32_t index : shape_index_.named()) shape_of_.push_back(&tables.shapes()[index]);
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

void NatEncoder::Scratch::CountSymbols() {
  class_counts_.assign(shape_of_.size() * kDurationClasses, 0);
  inside_counts_.assign(inside_index_.named().size(), 0);
  for (std::size_t i = 0; i < rows_; ++i) {
    ++class_counts_[shapes_[i] * kDurationClasses + ClassOf(durations_[i])];
    ++inside_counts_[insides_[i]];
  }
}

void NatEncoder::Scratch::OrderShapes() {
  std::vector<std::uint16_t> order(shape_of_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint16_t>(i);
  std::sort(order.begin(), order.end(),
            [this](std::uint16_t one, std::uint16_t other) { return *shape_of_[one] < *shape_of_[other]; });
  class_symbols_.resize(class_counts_.size());
  used_shapes_.clear();
  counts_.clear();
  for (const std::uint16_t number : order) {
    UsedShape& used = used_shapes_.emplace_back();
    used.shape = shape_of_[number];
    for (unsigned i = 0; i < kDurationClasses; ++i) {
      const std::size_t place = number * kDurationClasses + i;
      if (class_counts_[place] == 0) continue;
      used.classes[i] = true;
      class_symbols_[place] = static_cast<std::uint16_t>(counts_.size());
      counts_.push_back(class_counts_[place]);
    }
  }
  symbol_code_.Build(counts_);
}

void NatEncoder::Scratch::OrderInsides(const NatTables& tables) {
  keyed_.clear();
  for (const std::uint32_t index : inside_index_.named()) {
    const NatInside& inside = tables.insides()[index];
    keyed_.push_back({InsideKey(inside), &inside, static_cast<std::uint16_t>(keyed_.size())});
  }
  std::sort(keyed_.begin(), keyed_.end(), [](const Keyed& one, const Keyed& other) {
    return one.key != other.key ? one.key < other.key : InsideBefore(*one.inside, *other.inside);
  });
  inside_symbols_.resize(keyed_.size());
  used_insides_.clear();
  counts_.clear();
  for (const Keyed& keyed : keyed_) {
    inside_symbols_[keyed.number] = static_cast<std::uint16_t>(used_insides_.size());
    used_insides_.push_back(keyed.inside);
    counts_.push_back(inside_counts_[keyed.number]);
  }
  inside_code_.Build(counts_);
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
  BitWriter symbols(&columns_, rows_ * kPrefixBitsMax);
  for (std::size_t i = 0; i < rows_; ++i) {
    symbol_code_.Put(class_symbols_[shapes_[i] * kDurationClasses + ClassOf(durations_[i])], &symbols);
  }
  sizes_[kSymbols] = symbols.Finish();
  BitWriter insides(&columns_, rows_ * kPrefixBitsMax);
  for (std::size_t i = 0; i < rows_; ++i) inside_code_.Put(inside_symbols_[insides_[i]], &insides);
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

// `value` gives the time and number of a row, from its place and end; rows without `has` have none.
template <class ValueOf>
void NatEncoder::Scratch::WriteLine(NatColumn column, bool NatShape::*has, ValueOf value, LineColumn* line) {
  sizes_[column] = 0;
  *line = {};
  numbers_.clear();
  for (std::size_t i = 0; i < rows_; ++i) {
    if (shape_of_[shapes_[i]]->*has) numbers_.push_back(value(i, EndOf(i)));
  }
  if (numbers_.empty()) return;
  *line = FitLine(numbers_);
  BitWriter out(&columns_, numbers_.size() * 64);
  for (const TimedNumber& timed : numbers_) out.PutWide(timed.number - line->At(timed.time), line->width);
  sizes_[column] = out.Finish();
}

void NatEncoder::Scratch::WriteLines(std::span<const NatRow> rows) {
  WriteLine(
      kInsidePorts, &NatShape::has_inside_port,
      [&](std::size_t i, std::uint64_t /*end*/) {
        return TimedNumber{0, rows[i].inside_port};
      },
      &head_.inside_port);
  WriteLine(
      kSeqs, &NatShape::has_seq,
      [&](std::size_t i, std::uint64_t end) {
        return TimedNumber{end - durations_[i], rows[i].seq};
      },
      &head_.seq);
  WriteLine(
      kEndSeqs, &NatShape::has_end_seq,
      [&](std::size_t i, std::uint64_t end) {
        return TimedNumber{end, rows[i].end_seq};
      },
      &head_.end_seq);
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
  WriteShapes(used_shapes_, &out);
  symbol_code_.WriteTable(&out);
  WriteInsides(used_insides_, &out);
  inside_code_.WriteTable(&out);
  out.U16(head_.port_first);
  out.U8(static_cast<std::uint8_t>(head_.port_shift << 4 | head_.port_code.parameter));
  out.U8(static_cast<std::uint8_t>(head_.unit));
  WriteVarint(FoldSign(static_cast<std::uint64_t>(head_.end_first)), &out);
  WriteVarint(head_.end_range, &out);
  const auto any_has = [this](bool NatShape::*has) {
    return std::any_of(shape_of_.begin(), shape_of_.end(),
                       [has](const NatShape* shape) { return shape->*has; });
  };
  const auto write_line = [&out](const LineColumn& line) {
    WriteVarint(line.base, &out);
    WriteVarint(line.slope, &out);
    out.U8(static_cast<std::uint8_t>(line.width));
  };
  if (any_has(&NatShape::has_inside_port)) write_line(head_.inside_port);
  if (any_has(&NatShape::has_seq)) write_line(head_.seq);
  if (any_has(&NatShape::has_end_seq)) write_line(head_.end_seq);
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
