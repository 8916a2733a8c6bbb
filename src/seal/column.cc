// Two forms of column: numbers (differences between neighbours) where most values differ, a dictionary
// elsewhere. The writer chooses; the reader takes either for any field, because the form says nothing about
// the value.
#include "seal/column.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_map>

#include "record/canonical.h"
#include "seal/varint.h"

namespace probatio::seal {
namespace {

constexpr std::uint8_t kNumbers = 1;
constexpr std::uint8_t kDictionary = 2;
constexpr std::uint8_t kEveryRow = 0x80;     // flag of the form octet: no presence bits follow
constexpr std::size_t kRepeatsPerEntry = 4;  // a dictionary pays where a value returns this often

struct Dictionary {
  std::vector<Bytes> entries;           // in order of first appearance
  std::vector<std::uint64_t> of_value;  // entry of each value
};

Dictionary MakeDictionary(const std::vector<Bytes>& values) {
  Dictionary dictionary;
  std::unordered_map<std::string_view, std::uint64_t> known;
  for (const Bytes value : values) {
    const auto [place, added] = known.try_emplace(AsText(value), dictionary.entries.size());
    if (added) dictionary.entries.push_back(value);
    dictionary.of_value.push_back(place->second);
  }
  return dictionary;
}

bool IsNumberWidth(std::size_t width) {
  return width == 1 || width == 2 || width == 4 || width == 8;
}

// The width that all values share, when a number has it; else zero.
std::size_t SharedWidth(const std::vector<Bytes>& values) {
  const std::size_t width = values.front().size();
  for (const Bytes value : values) {
    if (value.size() != width) return 0;
  }
  return IsNumberWidth(width) ? width : 0;
}

std::uint64_t ToNumber(Bytes value) {
  std::uint64_t number = 0;
  for (const std::uint8_t octet : value) number = number << 8 | octet;
  return number;
}

void WritePresence(const std::vector<std::uint16_t>& rows, std::size_t row_count, ByteWriter* out) {
  Buffer bits((row_count + 7) / 8);
  for (const std::uint16_t row : rows)
    bits[row / 8U] = static_cast<std::uint8_t>(bits[row / 8U] | 1U << row % 8U);
  out->Raw(bits);
}

void WriteNumbers(const std::vector<Bytes>& values, std::size_t width, ByteWriter* out) {
  out->U8(static_cast<std::uint8_t>(width));
  std::uint64_t before = 0;
  for (const Bytes value : values) {
    const std::uint64_t number = ToNumber(value);
    WriteVarint(FoldSign(number - before), out);
    before = number;
  }
}

void WriteDictionary(const Dictionary& dictionary, ByteWriter* out) {
  WriteVarint(dictionary.entries.size(), out);
  for (const Bytes entry : dictionary.entries) {
    out->U16(static_cast<std::uint16_t>(entry.size()));  // a field of canonical bytes fits 16 bits
    out->Raw(entry);
  }
  if (dictionary.entries.size() == 1) return;
  for (const std::uint64_t entry : dictionary.of_value) WriteVarint(entry, out);
}

std::vector<std::size_t> EveryRow(std::size_t row_count) {
  std::vector<std::size_t> rows(row_count);
  for (std::size_t row = 0; row < row_count; ++row) rows[row] = row;
  return rows;
}

Result<std::vector<std::size_t>> ReadPresence(ByteReader* in, std::size_t row_count) {
  const Bytes bits = TRY(in->Raw((row_count + 7) / 8));
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < bits.size() * 8; ++row) {
    if ((bits[row / 8] >> row % 8 & 1) == 0) continue;
    if (row >= row_count)
      return Invalid(fmt::format("presence of row {}, where there are {}", row, row_count));
    rows.push_back(row);
  }
  if (rows.empty()) return Invalid("no row has it");
  return rows;
}

Status ReadNumbers(ByteReader* in, std::uint8_t field, const std::vector<std::size_t>& present,
                   RowAssembler* rows) {
  const std::uint8_t width = TRY(in->U8());
  if (!IsNumberWidth(width)) return Invalid(fmt::format("numbers of {} octets", width));
  std::uint64_t number = 0;
  for (const std::size_t row : present) {
    const std::uint64_t folded = TRY(ReadVarint(in));
    number += UnfoldSign(folded);
    if (width < 8 && number >> 8 * width != 0) {
      return Invalid(fmt::format("number over {} octets before offset {}", width, in->offset()));
    }
    ByteWriter value;
    value.U64(number);
    TRY(rows->Append(row, field, Bytes(value.bytes()).last(width)));
  }
  return Done{};
}

Result<std::vector<Bytes>> ReadEntries(ByteReader* in, std::size_t entries_max) {
  const std::uint64_t count = TRY(ReadVarint(in));
  if (count == 0 || count > entries_max) {
    return Invalid(fmt::format("dictionary of {} entries before offset {}", count, in->offset()));
  }
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint16_t size = TRY(in->U16());
    const Bytes entry = TRY(in->Raw(size));
    entries.push_back(entry);
  }
  return entries;
}

Status ReadDictionary(ByteReader* in, std::uint8_t field, const std::vector<std::size_t>& present,
                      RowAssembler* rows) {
  const std::vector<Bytes> entries = TRY(ReadEntries(in, present.size()));
  for (const std::size_t row : present) {
    std::uint64_t entry = 0;
    if (entries.size() > 1) entry = TRY(ReadVarint(in));
    if (entry >= entries.size()) {
      return Invalid(fmt::format("no dictionary entry {} before offset {}", entry, in->offset()));
    }
    TRY(rows->Append(row, field, entries[entry]));
  }
  return Done{};
}

Status ReadBody(ByteReader* in, std::uint8_t field, RowAssembler* rows) {
  const std::uint8_t form = TRY(in->U8());
  std::vector<std::size_t> present;
  if ((form & kEveryRow) != 0) {
    present = EveryRow(rows->row_count());
  } else {
    present = TRY(ReadPresence(in, rows->row_count()));
  }
  switch (form & ~kEveryRow) {
    case kNumbers:
      return ReadNumbers(in, field, present, rows);
    case kDictionary:
      return ReadDictionary(in, field, present, rows);
    default:
      return Invalid(fmt::format("form {} is unknown", form));
  }
}

}  // namespace

void WriteColumn(const Column& column, std::size_t row_count, ByteWriter* out) {
  CHECK(!column.values.empty() && column.rows.size() == column.values.size());
  const Dictionary dictionary = MakeDictionary(column.values);
  const std::size_t width = SharedWidth(column.values);
  const bool numbers = width != 0 && dictionary.entries.size() * kRepeatsPerEntry > column.values.size();
  const bool everywhere = column.rows.size() == row_count;
  out->U8(column.field);
  out->U8(static_cast<std::uint8_t>((numbers ? kNumbers : kDictionary) | (everywhere ? kEveryRow : 0)));
  if (!everywhere) WritePresence(column.rows, row_count, out);
  if (numbers) {
    WriteNumbers(column.values, width, out);
  } else {
    WriteDictionary(dictionary, out);
  }
}

RowAssembler::RowAssembler(std::uint8_t kind, std::size_t row_count, std::size_t bytes_max)
    : rows_(row_count, Buffer{kind, 0}), bytes_left_(bytes_max) {
  CHECK(bytes_max >= 2 * row_count);
  bytes_left_ -= 2 * row_count;
}

Status RowAssembler::Append(std::size_t row, std::uint8_t field, Bytes value) {
  CHECK(row < rows_.size() && value.size() <= UINT16_MAX);
  const std::size_t size = record::FieldHeadSize(value.size()) + value.size();
  if (size > bytes_left_) return Invalid("rows over the block's limit");
  bytes_left_ -= size;
  ByteWriter head;
  record::WriteFieldHead(field, value.size(), &head);
  Buffer& bytes = rows_[row];
  bytes.insert(bytes.end(), head.bytes().begin(), head.bytes().end());
  bytes.insert(bytes.end(), value.begin(), value.end());
  return Done{};
}

Result<std::uint8_t> ReadColumn(ByteReader* in, RowAssembler* rows) {
  const std::size_t offset = in->offset();
  const std::uint8_t field = TRY(in->U8());
  const std::string_view name = record::NameOf(static_cast<record::FieldId>(field));
  TRY_IN(fmt::format("column {} ({}) at offset {}", field, name, offset), ReadBody(in, field, rows));
  return field;
}

}  // namespace probatio::seal
