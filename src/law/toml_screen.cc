#include "law/toml_screen.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace probatio::law {
namespace {

bool BeginsAKey(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '"' || c == '\'';
}

bool IsPlain(char c) {
  return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\r';
}

// The offset just after the string that opens at `begin`, or npos when its line ends first.
std::size_t EndOfString(std::string_view line, std::size_t begin) {
  const char quote = line[begin];
  for (std::size_t i = begin + 1; i < line.size(); ++i) {
    if (quote == '"' && line[i] == '\\') {
      ++i;
    } else if (line[i] == quote) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// Returns the reason why a line is refused, or nothing.
std::string_view FaultOf(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  const std::size_t key = line.find_first_not_of(" \t[", first);
  const bool header = line[first] == '[';
  if (header && (key == std::string_view::npos || !BeginsAKey(line[key]))) return "not a table header";
  if (!header && !BeginsAKey(line[first]) && line[first] != '#' && line[first] != ']') return "not a key";
  for (std::size_t i = first; i < line.size(); ++i) {
    if (line[i] == '#') return "";
    if (line[i] == '"' || line[i] == '\'') {
      const bool triple = line.substr(i, 3) == "\"\"\"" || line.substr(i, 3) == "'''";
      if (triple) return "strings over several lines are not used here";
      i = EndOfString(line, i);
      if (i == std::string_view::npos) return "a string without its end";
      --i;
    } else if (line[i] == '{') {
      return "inline tables are not used here";
    } else if (!IsPlain(line[i])) {
      return "a character that belongs in a string or comment";
    }
  }
  return "";
}

}  // namespace

Status ScreenToml(std::string_view toml, const std::string& file_name) {
  const Status text = CheckText(toml);
  if (!text.ok()) return Invalid(fmt::format("{}:1: {}", file_name, text.error().what()));
  for (std::size_t number = 1; !toml.empty(); ++number) {
    const std::string_view line = toml.substr(0, toml.find('\n'));
    const std::string_view fault = FaultOf(line);
    if (!fault.empty()) return Invalid(fmt::format("{}:{}: {}", file_name, number, fault));
    toml.remove_prefix(line.size() < toml.size() ? line.size() + 1 : line.size());
  }
  return Done{};
}

}  // namespace probatio::law
