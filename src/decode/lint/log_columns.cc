#include "decode/lint/log_columns.h"

#include <algorithm>
#include <array>

#include "decode/csv/csv_row.h"
#include "decode/jsonl/json_columns.h"

namespace probatio::decode {
namespace {

constexpr std::string_view kDelimiters = ",;\t|";
constexpr std::size_t kPartsMax = 256;

std::optional<std::string_view> NextLine(std::string_view* rest) {
  while (!rest->empty()) {
    std::string_view line = rest->substr(0, rest->find('\n'));
    rest->remove_prefix(std::min(rest->size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos) return line;
  }
  return std::nullopt;
}

// A header has no digit first in any of its cells, and three columns at least: less is no log.
bool IsHeader(const std::vector<CsvCell>& cells) {
  const auto name = [](const CsvCell& cell) {
    const char c = cell.text.empty() ? ' ' : cell.text.front();
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '#';
  };
  return cells.size() >= 3 && std::all_of(cells.begin(), cells.end(), name);
}

std::optional<char> DelimiterOf(std::string_view first_line) {
  for (const char delimiter : kDelimiters) {
    const Result<std::vector<CsvCell>> cells = ParseCsvRow(first_line, delimiter);
    if (cells.ok() && IsHeader(cells.value())) return delimiter;
  }
  return std::nullopt;
}

// Parts by blanks, but for what stands in quotes or brackets.
std::vector<Cell> PartsOf(std::string_view line) {
  std::vector<Cell> parts;
  for (std::size_t at = 0; at < line.size() && parts.size() < kPartsMax;) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
      continue;
    }
    const char close = line[at] == '"' ? '"' : line[at] == '[' ? ']' : ' ';
    // "[2001:db8::1]:443" is one part, brackets and all.
    std::size_t end = line.find(close, at + 1);
    const bool wrapped =
        close != ' ' && end != std::string_view::npos && (end + 1 == line.size() || line[end + 1] == ' ');
    if (!wrapped) end = std::min(line.find(' ', at), line.size());
    const std::string_view text = wrapped ? line.substr(at + 1, end - at - 1) : line.substr(at, end - at);
    parts.push_back({"part " + std::to_string(parts.size() + 1), {std::string(text)}});
    at = wrapped ? end + 1 : end;
  }
  return parts;
}

void ReadCsv(std::string_view text, char delimiter, LogColumns* log) {
  log->shape = LogShape::kCsv;
  CsvRows rows(text, delimiter);
  std::vector<CsvCell> names;
  for (std::optional<CsvRow> row = rows.Next(); row && log->rows.size() < kLintRowsMax; row = rows.Next()) {
    Result<std::vector<CsvCell>> cells = ParseCsvRow(row->text, delimiter);
    if (cells.ok() && cells.value().empty()) continue;
    if (cells.ok() && names.empty()) {
      names = std::move(cells).value();
      continue;
    }
    if (!cells.ok() || cells.value().size() != names.size()) {
      ++log->unread;
      continue;
    }
    std::vector<Cell>& named = log->rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) named.push_back({names[i].text, {cells.value()[i].text}});
  }
}

void ReadLines(std::string_view text, LogColumns* log) {
  while (log->rows.size() < kLintRowsMax) {
    const std::optional<std::string_view> line = NextLine(&text);
    if (!line) return;
    if (log->shape == LogShape::kPlainLines) {
      log->rows.push_back(PartsOf(*line));
      continue;
    }
    // A line that syslog or a container runtime wrote has something before the object.
    const std::size_t brace = std::min(line->find('{'), line->size());
    Result<std::vector<Cell>> cells = ReadJsonColumns(line->substr(brace));
    if (cells.ok()) {
      log->rows.push_back(std::move(cells).value());
    } else {
      ++log->unread;
    }
  }
}

}  // namespace

std::string_view ToText(LogShape shape) {
  constexpr std::array<std::string_view, 3> kNames{"JSON Lines", "CSV", "plain lines"};
  return kNames.at(static_cast<std::size_t>(shape));
}

Result<LogColumns> ReadLogColumns(Bytes file) {
  std::string_view text = AsText(file);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string_view rest = text;
  const std::optional<std::string_view> first = NextLine(&rest);
  if (!first) return Invalid("there is no line in it");
  LogColumns log;
  const bool json =
      first->starts_with('{') || (first->ends_with('}') && first->find(" {") != std::string_view::npos);
  const std::optional<char> delimiter = json ? std::nullopt : DelimiterOf(*first);
  if (delimiter) {
    ReadCsv(text, *delimiter, &log);
  } else {
    if (json) log.shape = LogShape::kJsonLines;
    ReadLines(text, &log);
  }
  if (log.rows.empty()) return Invalid("no line of it could be read");
  return log;
}

}  // namespace probatio::decode
