// A platform's log of unknown make as rows of columns: JSON Lines, CSV with a header, or plain lines whose
// parts are told apart by blanks, quotes and brackets (Apache's and nginx's default logs, HAProxy's). For
// lint-logs, which looks and takes nothing. Pure; thread-safe.
#pragma once

#include "decode/mapping/mapped_row.h"

namespace probatio::decode {

enum class LogShape : std::uint8_t { kJsonLines, kCsv, kPlainLines };
std::string_view ToText(LogShape shape);  // "JSON Lines", "CSV", "plain lines"

struct LogColumns {
  LogShape shape = LogShape::kPlainLines;
  std::vector<std::vector<Cell>> rows;  // the first kLintRowsMax
  std::uint64_t unread = 0;             // lines that are of another shape
};
inline constexpr std::size_t kLintRowsMax = 10'000;

// kInvalid for a file without a line. Columns of plain lines are named by their place: "part 1".
Result<LogColumns> ReadLogColumns(Bytes file);

}  // namespace probatio::decode
