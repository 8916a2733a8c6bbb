// Entries as canonical JSON: written and read by hand, because the hash is over bytes and a general parser
// takes many byte strings for one value. Pure; thread-safe.
#include "ledger/entry.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace probatio::ledger {
namespace {

Status CheckName(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.empty()) return Invalid("empty name");
  if (name.size() > kEntryNameBytesMax) return Invalid("name longer than 64 octets");
  if (!std::all_of(name.begin(), name.end(), fits))
    return Invalid("name is not lower-case letters, digits, _");
  return Done{};
}

// CheckText leaves only two control characters, so these four escapes are all there are.
void AppendString(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

// Reads the canonical form only; every error names the offset.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool Next(char c) const { return offset_ < text_.size() && text_[offset_] == c; }

  Status Expect(std::string_view literal) {
    if (text_.substr(offset_, literal.size()) != literal) return At(fmt::format("expected {}", literal));
    offset_ += literal.size();
    return Done{};
  }

  Result<std::string> String() {
    TRY(Expect("\""));
    std::string value;
    while (!Next('"')) {
      if (offset_ >= text_.size()) return At("string without an end");
      char c = text_[offset_];
      if (c == '\\') {
        c = TRY(Escape());
      } else {
        ++offset_;
      }
      value += c;
    }
    ++offset_;
    return value;
  }

  Status End() const {
    if (offset_ != text_.size()) return At("bytes after the entry");
    return Done{};
  }

 private:
  Result<char> Escape() {
    const std::string_view two = text_.substr(offset_, 2);
    constexpr std::string_view kEscapes[] = {"\\\"", "\\\\", "\\n", "\\t"};
    constexpr char kMeanings[] = {'"', '\\', '\n', '\t'};
    for (std::size_t i = 0; i < std::size(kEscapes); ++i) {
      if (two != kEscapes[i]) continue;
      offset_ += 2;
      return kMeanings[i];
    }
    return At("unknown escape");
  }

  Error At(const std::string& what) const {
    return Invalid(fmt::format("entry: offset {}: {}", offset_, what));
  }

  std::string_view text_;
  std::size_t offset_ = 0;
};

Result<std::map<std::string, std::string>> ReadFields(Scanner& scanner) {
  std::map<std::string, std::string> fields;
  TRY(scanner.Expect("{"));
  while (!scanner.Next('}')) {
    if (!fields.empty()) TRY(scanner.Expect(","));
    std::string name = TRY(scanner.String());
    TRY(scanner.Expect(":"));
    std::string value = TRY(scanner.String());
    // A second value for a name, or names out of order, would be other bytes for the same entry.
    if (!fields.empty() && name <= fields.rbegin()->first) return Invalid("entry: fields are not in order");
    fields.emplace(std::move(name), std::move(value));
  }
  TRY(scanner.Expect("}"));
  return fields;
}

}  // namespace

Status CheckEntry(const Entry& entry) {
  TRY_IN("entry: type", CheckName(entry.type));
  for (const auto& [name, value] : entry.fields) {
    TRY_IN("entry: field", CheckName(name));
    TRY_IN(fmt::format("entry: field {}", name), CheckText(value));
  }
  const std::size_t size = EntryToJson(entry).size();
  if (size > kEntryBytesMax) {
    return Invalid(fmt::format("entry: {} octets, at most {} are allowed", size, kEntryBytesMax));
  }
  return Done{};
}

std::string EntryToJson(const Entry& entry) {
  std::string out = "{\"at\":";
  AppendString(out, entry.at.ToRfc3339());
  out += ",\"fields\":{";
  bool first = true;
  for (const auto& [name, value] : entry.fields) {
    if (!first) out += ',';
    first = false;
    AppendString(out, name);
    out += ':';
    AppendString(out, value);
  }
  out += "},\"type\":";
  AppendString(out, entry.type);
  out += '}';
  return out;
}

Result<Entry> EntryFromJson(std::string_view json) {
  if (json.size() > kEntryBytesMax) {
    return Invalid(fmt::format("entry: {} octets, at most {} are allowed", json.size(), kEntryBytesMax));
  }
  Scanner scanner(json);
  Entry entry;
  TRY(scanner.Expect("{\"at\":"));
  const std::string at = TRY(scanner.String());
  entry.at = TRY_IN("entry: at", Instant::ParseRfc3339(at));
  TRY(scanner.Expect(",\"fields\":"));
  entry.fields = TRY(ReadFields(scanner));
  TRY(scanner.Expect(",\"type\":"));
  entry.type = TRY(scanner.String());
  TRY(scanner.Expect("}"));
  TRY(scanner.End());
  TRY(CheckEntry(entry));
  // An instant has many spellings; only ours is canonical.
  if (EntryToJson(entry) != json) return Invalid("entry: not in canonical form");
  return entry;
}

}  // namespace probatio::ledger
