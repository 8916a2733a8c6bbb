#include "decode/radius/printed_value.h"

namespace probatio::decode {
namespace {

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool IsOctal(char c) {
  return c >= '0' && c <= '7';
}

// What a backslash and the letters after it stand for; steps over them.
char Unescaped(std::string_view* rest) {
  if (rest->size() >= 3 && IsOctal((*rest)[0]) && IsOctal((*rest)[1]) && IsOctal((*rest)[2])) {
    const int value = ((*rest)[0] - '0') * 64 + ((*rest)[1] - '0') * 8 + ((*rest)[2] - '0');
    rest->remove_prefix(3);
    return static_cast<char>(value);
  }
  const char c = rest->front();
  rest->remove_prefix(1);
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

Result<std::string> Unquoted(std::string_view text) {
  const char quote = text.front();
  text.remove_prefix(1);
  std::string value;
  while (!text.empty() && text.front() != quote) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      value += c;
    } else if (!text.empty()) {
      value += Unescaped(&text);
    }
  }
  if (text.size() != 1) return Invalid("a quote that does not close the value");
  return value;
}

}  // namespace

Result<std::optional<PrintedAttribute>> ReadPrintedAttribute(std::string_view line) {
  line = Trimmed(line);
  std::size_t size = 0;
  while (size < line.size() && IsNameCharacter(line[size])) ++size;
  PrintedAttribute attribute;
  attribute.name = line.substr(0, size);
  const std::string_view rest = Trimmed(line.substr(size));
  const bool assigns = rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=~");
  if (size == 0 || !assigns) return std::optional<PrintedAttribute>();
  const std::string_view value = Trimmed(rest.substr(1));
  attribute.quoted = value.starts_with('"') || value.starts_with('\'');
  attribute.value = std::string(value);
  if (attribute.quoted) attribute.value = TRY(Unquoted(value));
  return std::optional(std::move(attribute));
}

}  // namespace probatio::decode
