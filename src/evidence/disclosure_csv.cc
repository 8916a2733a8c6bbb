// disclosure.csv: the rows of disclosure.json as a table (RFC 4180), for people with a spreadsheet. Pure;
// thread-safe.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "evidence/disclosure_reader.h"

namespace probatio::evidence {
namespace {

using nlohmann::json;

constexpr std::string_view kLineEnd = "\r\n";

// A cell that begins like a formula would be run when the file is opened.
bool WouldRun(const std::string& cell) {
  return !cell.empty() && std::string_view("=+-@\t\r\n").find(cell.front()) != std::string_view::npos;
}

std::string Cell(std::string text) {
  if (WouldRun(text)) text.insert(text.begin(), '\'');
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string Text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string list;
  for (std::size_t i = 0; i < value.size(); ++i) list += (i == 0 ? "" : "; ") + Text(value[i]);
  return list;
}

// The columns are those of the fields, in their order: one list for every kind of row.
constexpr record::FieldId kLastField = record::FieldId::kPasswordVerification;

std::string Header() {
  std::string line = "row,grade,segment,class";
  for (auto id = static_cast<unsigned>(record::FieldId::kAt); id <= static_cast<unsigned>(kLastField); ++id) {
    line += ',';
    line += record::NameOf(static_cast<record::FieldId>(id));
  }
  return line + std::string(kLineEnd);
}

std::string Line(const ReadRow& row) {
  const json record = json::parse(row.record);
  std::string line = Cell(row.id) + ',' + Cell(row.grade) + ',' + Cell(row.segment) + ',';
  if (record.contains("class")) line += Cell(Text(record["class"]));
  for (auto id = static_cast<unsigned>(record::FieldId::kAt); id <= static_cast<unsigned>(kLastField); ++id) {
    line += ',';
    const auto found = record.find(record::NameOf(static_cast<record::FieldId>(id)));
    if (found != record.end()) line += Cell(Text(*found));
  }
  return line + std::string(kLineEnd);
}

}  // namespace

Result<std::string> DisclosureCsv(std::string_view disclosure_json) {
  const ReadDisclosure disclosure = TRY(ParseDisclosure(disclosure_json));
  std::string csv = Header();
  for (const ReadRow& row : disclosure.rows) csv += Line(row);
  return csv;
}

}  // namespace probatio::evidence
