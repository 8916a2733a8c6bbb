// Rows of comma-separated values (RFC 4180): quoted cells may hold delimiters, line breaks and doubled
// quotes. A text is cut into rows first, so that one broken row does not touch the next; then each row into
// cells. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/cut/text_cutters.h"

namespace probatio::decode {

inline constexpr std::size_t kCsvRowBytesMax = 1U << 20;
inline constexpr std::size_t kCsvCellsMax = 1'024;  // of one row

// One row with its line end; `line` counts from 1 and is that of its first octet.
struct CsvRow {
  std::string_view text;
  std::uint64_t line = 1;
};

// Octets of the row that begins `text`; 0 when its end has not come and more may (not `last`).
std::size_t CsvRowBytes(std::string_view text, char delimiter, bool last);

class CsvRows {
 public:
  CsvRows(std::string_view text, char delimiter) : rest_(text), delimiter_(delimiter) {}
  // A quote that is never closed ends with the line on which it opened: that row is broken, and the lines
  // after it are rows again. The same when a row would be longer than kCsvRowBytesMax.
  std::optional<CsvRow> Next();

 private:
  std::string_view rest_;
  char delimiter_;
  std::uint64_t line_ = 1;
};

// The same row by row, of a file that is not in memory.
class CsvCutter : public TextCutter {
 public:
  explicit CsvCutter(char delimiter) : delimiter_(delimiter) {}

 protected:
  std::size_t SizeOf(std::string_view text, bool last) override {
    return CsvRowBytes(text, delimiter_, last);
  }
  std::size_t bytes_max() const override { return kCsvRowBytesMax; }

 private:
  char delimiter_;
};

struct CsvCell {
  std::string text;
  std::uint64_t line_in_row = 0;  // how many line breaks of the row come before it
};

// kInvalid "column 3: ..." at the first cell that is none: a quote inside an unquoted cell, text after the
// closing quote, a quote that is not closed, NUL or a carriage return alone. Empty for a blank row.
Result<std::vector<CsvCell>> ParseCsvRow(std::string_view row, char delimiter);

// kInvalid for a delimiter that a text could not be told from.
Status CheckCsvDelimiter(std::string_view delimiter);

}  // namespace probatio::decode
