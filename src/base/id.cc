#include "base/id.h"

#include <algorithm>

namespace probatio {

Result<std::string> CheckIdText(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (text.empty()) return Invalid("id: empty");
  if (text.size() > kIdBytesMax) return Invalid("id: longer than 64 characters");
  if (text.front() == '.' || !std::all_of(text.begin(), text.end(), allowed)) {
    return Invalid("id: only letters, digits, '.', '_' and '-' (not first a '.')");
  }
  return std::string(text);
}

}  // namespace probatio
