#include "decode/csv/csv_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace probatio::decode {
namespace {

std::string Joined(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
  return joined;
}

}  // namespace

CsvDecoder::CsvDecoder(Mapping mapping, SourceClock clock)
    : MappedDecoder(std::move(mapping), std::move(clock)) {
  if (this->mapping().header) return;
  names_ = this->mapping().header_names;
  header_ = CheckNames();
}

std::string CsvDecoder::place() const {
  return fmt::format("line {}", row_line_);
}

Status CsvDecoder::CheckNames() const {
  std::set<std::string> known;
  for (const std::string& name : names_) {
    if (!known.insert(name).second) return Invalid("header: column " + name + " stands twice");
  }
  std::vector<std::string> missing;
  for (const Column& column : mapping().columns) {
    if (!column.optional && !known.contains(column.name)) missing.push_back(column.name);
  }
  if (!missing.empty())
    return Invalid("header: columns of the mapping that the file does not have: " + Joined(missing));
  std::vector<std::string> others;
  for (const std::string& name : names_) {
    if (FateOf(mapping(), name) == Fate::kOther) others.push_back(name);
  }
  if (others.empty() || mapping().drop_others) return Done{};
  return Invalid(
      "header: columns that the mapping does not know; give them a field, or name them under drop: " +
      Joined(others));
}

Status CsvDecoder::TakeHeader(const std::vector<CsvCell>& cells) {
  for (const CsvCell& cell : cells) {
    std::string_view name = cell.text;
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    names_.emplace_back(name);
  }
  return CheckNames();
}

Result<std::optional<std::vector<Cell>>> CsvDecoder::CellsOf(const Piece& piece) {
  std::string_view text = AsText(piece.bytes);
  row_line_ = line_;
  line_ += std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
  if (row_line_ == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  TRY(Status(header_));
  const std::vector<CsvCell> cells = TRY(ParseCsvRow(text, mapping().delimiter.front()));
  if (cells.empty()) return std::optional<std::vector<Cell>>();
  if (names_.empty()) {
    header_ = TakeHeader(cells);
    TRY(Status(header_));
    return std::optional<std::vector<Cell>>();
  }
  if (cells.size() != names_.size())
    return Invalid(fmt::format("{} columns, where the header has {}", cells.size(), names_.size()));
  std::vector<Cell> named;
  for (std::size_t i = 0; i < cells.size(); ++i) named.push_back({names_[i], {cells[i].text}});
  return std::optional<std::vector<Cell>>(std::move(named));
}

}  // namespace probatio::decode
