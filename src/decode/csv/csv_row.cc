#include "decode/csv/csv_row.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

// Where the row that begins `text` ends, after its line end. Nothing when it does not, or not in time.
std::optional<std::size_t> EndOfRow(std::string_view text, char delimiter, bool last) {
  enum class In { kBegin, kBare, kQuoted, kAfterQuote } in = In::kBegin;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at >= kCsvRowBytesMax) return std::nullopt;
    const char c = text[at];
    if (in == In::kQuoted) {
      if (c == '"') in = In::kAfterQuote;
    } else if (c == '\n') {
      return at + 1;
    } else if (c == '"' && in != In::kBare) {
      in = In::kQuoted;  // of a doubled quote: nothing lay between leaving and entering
    } else {
      in = c == delimiter ? In::kBegin : In::kBare;
    }
  }
  if (in == In::kQuoted || !last) return std::nullopt;
  return text.size();
}

std::uint64_t BreaksIn(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

class CellReader {
 public:
  CellReader(std::string_view row, char delimiter) : row_(row), delimiter_(delimiter) {}

  Result<std::vector<CsvCell>> All() {
    std::vector<CsvCell> cells;
    for (bool more = true; more;) {
      if (cells.size() == kCsvCellsMax) return Invalid(fmt::format("more than {} columns", kCsvCellsMax));
      CsvCell& cell = cells.emplace_back();
      cell.line_in_row = BreaksIn(row_.substr(0, at_));
      Result<bool> next = Sees('"') ? Quoted(&cell.text) : Bare(&cell.text);
      if (!next.ok()) return next.error().Within(fmt::format("column {}", cells.size()));
      more = next.value();
    }
    return cells;
  }

 private:
  bool Sees(char c) const { return at_ < row_.size() && row_[at_] == c; }

  // True when a delimiter follows, so that there is one more cell.
  Result<bool> Quoted(std::string* text) {
    for (++at_; at_ < row_.size(); ++at_) {
      if (row_[at_] == '\0') return Invalid("an octet of zeros");
      if (row_[at_] != '"') {
        text->push_back(row_[at_]);
        continue;
      }
      if (at_ + 1 < row_.size() && row_[at_ + 1] == '"') {
        text->push_back('"');
        ++at_;
        continue;
      }
      ++at_;
      if (at_ == row_.size()) return false;
      if (row_[at_] != delimiter_) return Invalid("text after the closing quote");
      ++at_;
      return true;
    }
    return Invalid("the quote is not closed");
  }

  Result<bool> Bare(std::string* text) {
    const std::size_t end = std::min(row_.find(delimiter_, at_), row_.size());
    const std::string_view cell = row_.substr(at_, end - at_);
    if (cell.find('"') != std::string_view::npos)
      return Invalid("a quote inside a cell that begins without one");
    if (cell.find('\0') != std::string_view::npos) return Invalid("an octet of zeros");
    if (cell.find('\r') != std::string_view::npos) return Invalid("a carriage return that ends no line");
    *text = std::string(cell);
    at_ = end;
    if (at_ == row_.size()) return false;
    ++at_;
    return true;
  }

  std::string_view row_;
  char delimiter_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t CsvRowBytes(std::string_view text, char delimiter, bool last) {
  const std::optional<std::size_t> end = EndOfRow(text, delimiter, last);
  if (end.has_value()) return *end;
  if (!last && text.size() <= kCsvRowBytesMax) return 0;
  const std::size_t first_line = text.find('\n');
  if (first_line != std::string_view::npos) return first_line + 1;
  return last ? text.size() : 0;
}

std::optional<CsvRow> CsvRows::Next() {
  if (rest_.empty()) return std::nullopt;
  const std::size_t end = CsvRowBytes(rest_, delimiter_, true);
  const CsvRow row{rest_.substr(0, end), line_};
  rest_.remove_prefix(end);
  line_ += BreaksIn(row.text);
  return row;
}

Result<std::vector<CsvCell>> ParseCsvRow(std::string_view row, char delimiter) {
  if (row.size() > kCsvRowBytesMax) return Invalid(fmt::format("longer than {} bytes", kCsvRowBytesMax));
  if (row.ends_with('\n')) row.remove_suffix(1);
  if (row.ends_with('\r')) row.remove_suffix(1);
  if (row.empty()) return std::vector<CsvCell>();
  return CellReader(row, delimiter).All();
}

Status CheckCsvDelimiter(std::string_view delimiter) {
  const bool one = delimiter.size() == 1;
  const bool visible = one && delimiter[0] > ' ' && delimiter[0] <= '~';
  const bool fits = one && (visible || delimiter[0] == '\t' || delimiter[0] == ' ');
  if (!fits) return Invalid("not one character, printable or a tab");
  const char c = delimiter[0];
  const bool of_text = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c == '"' || of_text) return Invalid("a quote, letter or digit delimits nothing");
  return Done{};
}

}  // namespace probatio::decode
