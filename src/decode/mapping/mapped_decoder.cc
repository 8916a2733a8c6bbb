#include "decode/mapping/mapped_decoder.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kNameBytesMax = 64;

// A column's name as it is counted: cut and printable, since it comes from outside.
std::string Printable(const std::string& name) {
  std::string text = name.substr(0, kNameBytesMax);
  for (char& c : text) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return text;
}

}  // namespace

void MappedDecoder::Count(const std::string& name) {
  const bool room = counts_.size() < kCountedNamesMax || counts_.contains(name);
  ++counts_[room ? name : "other columns"];
}

Status MappedDecoder::Read(const Piece& piece, RowReading* reading) {
  const Result<std::optional<std::vector<Cell>>> cells = CellsOf(piece);
  Status read = cells.ok() ? Status(Done{}) : Status(cells.error());
  if (cells.ok() && !cells.value().has_value()) return Done{};
  Count("rows");
  if (read.ok()) read = ReadMappedRow(mapping_, clock_, *cells.value(), reading);
  for (const ColumnReading& column : reading->columns) {
    if (column.fate == Fate::kDropped || column.fate == Fate::kOther)
      Count("dropped column: " + Printable(column.name));
    if (column.fate == Fate::kContent)
      Count("dropped column that speaks of content or recipients: " + Printable(column.name));
  }
  if (!read.ok()) {
    Count("broken rows");
    return read.error().Within(place());
  }
  Count(reading->record ? "records" : "skipped rows: " + reading->skipped);
  return Done{};
}

Status MappedDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  RowReading reading;
  TRY(Read(piece, &reading));
  if (reading.record) out->push_back(std::move(*reading.record));
  return Done{};
}

}  // namespace probatio::decode
