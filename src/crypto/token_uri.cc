#include "crypto/token_uri.h"

#include <algorithm>
#include <set>
#include <vector>

namespace probatio::crypto {
namespace {

constexpr std::string_view kScheme = "pkcs11:";

std::vector<std::string_view> SplitAt(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool IsUriCharacter(char c) {
  return c > 0x20 && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\';
}

// The attributes of one part; an attribute that stands twice could be read in two ways (RFC 7512
// section 2.3).
Result<std::set<std::string_view>> Names(const std::vector<std::string_view>& attributes) {
  std::set<std::string_view> names;
  for (const std::string_view attribute : attributes) {
    const std::size_t equals = attribute.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == attribute.size()) {
      return Invalid("token uri: an attribute without name or value");
    }
    const std::string_view name = attribute.substr(0, equals);
    if (name == "pin-value" || name == "pin-source") {
      return Invalid("token uri: holds a PIN or where it lies; it is asked for apart");
    }
    if (!names.insert(name).second) {
      return Invalid("token uri: attribute '" + std::string(name) + "' stands twice");
    }
  }
  return names;
}

Result<std::string> ReadModulePath(std::string_view query) {
  const std::vector<std::string_view> attributes = SplitAt(query, '&');
  const std::set<std::string_view> names = TRY(Names(attributes));
  for (const std::string_view attribute : attributes) {
    constexpr std::string_view kModulePath = "module-path=";
    if (!attribute.starts_with(kModulePath)) continue;
    const std::string_view path = attribute.substr(kModulePath.size());
    if (!path.starts_with('/')) return Invalid("token uri: module-path is not absolute");
    if (path.find('%') != std::string_view::npos) {
      return Invalid("token uri: module-path with %: put the library where its path needs none");
    }
    if (names.size() != 1) return Invalid("token uri: after '?' only module-path is known");
    return std::string(path);
  }
  return Invalid("token uri: names no module-path");
}

}  // namespace

Result<TokenUri> ParseTokenUri(std::string_view text) {
  if (text.size() > kTokenUriBytesMax) return Invalid("token uri: longer than 1024 bytes");
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(kScheme)) return Invalid("token uri: does not begin with 'pkcs11:' (RFC 7512)");
  if (!std::all_of(text.begin(), text.end(), IsUriCharacter)) {
    return Invalid("token uri: more than one line, or a character that must be written as %XX");
  }
  const std::size_t query = text.find('?');
  const std::string_view path = text.substr(0, query);
  const std::set<std::string_view> names = TRY(Names(SplitAt(path.substr(kScheme.size()), ';')));
  if (!names.contains("token") && !names.contains("serial")) {
    return Invalid("token uri: names no token (token=... or serial=...)");
  }
  if (!names.contains("object") && !names.contains("id")) {
    return Invalid("token uri: names no key (object=... or id=...)");
  }
  if (query == std::string_view::npos) return Invalid("token uri: names no module-path");
  std::string module_path = TRY(ReadModulePath(text.substr(query + 1)));
  return TokenUri{std::move(module_path), std::string(path)};
}

}  // namespace probatio::crypto
