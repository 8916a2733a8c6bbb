// Values of a regime file, on top of what base/toml_table.h reads.
#include "law/regime_read.h"

#include <fmt/format.h>

#include <algorithm>

#include "law/vocabulary.h"

namespace probatio::law {

Result<std::vector<std::string>> ReadList(const TomlTable& table, std::string_view key) {
  std::vector<std::string> texts = TRY(table.Texts(key));
  if (texts.size() > kRegimeListMax)
    return table.Wrong(key, fmt::format("more than {} entries", kRegimeListMax));
  for (auto text = texts.begin(); text != texts.end(); ++text) {
    if (text->empty()) return table.Wrong(key, "an empty text");
    if (std::find(texts.begin(), text, *text) != text)
      return table.Wrong(key, fmt::format("'{}' given twice", *text));
  }
  return texts;
}

Result<int> ReadNumber(const TomlTable& table, std::string_view key, int max) {
  const std::int64_t number = TRY(table.NumberOr(key, 0, max, 0));
  return static_cast<int>(number);
}

Result<CivilDate> ReadDate(const TomlTable& table, std::string_view key) {
  const std::string text = TRY(table.Date(key));
  const auto date = ParseDate(text);
  if (!date.ok()) return table.Wrong(key, date.error().what());
  return date.value();
}

Result<Verdict> ReadVerdict(const TomlTable& table, std::string_view key) {
  const std::string text = TRY(table.Text(key));
  const auto verdict = ParseVerdict(text);
  if (!verdict.ok()) return table.Wrong(key, verdict.error().what());
  return verdict.value();
}

Result<Confidence> ReadConfidence(const TomlTable& table) {
  if (!table.Has("confidence")) return Confidence::kUnstated;
  const std::string text = TRY(table.Text("confidence"));
  const auto confidence = ParseConfidence(text);
  if (!confidence.ok()) return table.Wrong("confidence", confidence.error().what());
  return confidence.value();
}

Result<std::vector<std::string>> ReadProfiles(const TomlTable& table) {
  std::vector<std::string> profiles = TRY(ReadList(table, "profiles"));
  for (const std::string& profile : profiles) {
    if (!IsProfile(profile)) return table.Wrong("profiles", fmt::format("unknown profile '{}'", profile));
  }
  return profiles;
}

Result<std::vector<std::string>> ReadPurposes(const TomlTable& table) {
  std::vector<std::string> purposes = TRY(ReadList(table, "purposes"));
  for (const std::string& purpose : purposes) {
    if (!IsPurpose(purpose)) return table.Wrong("purposes", fmt::format("unknown purpose '{}'", purpose));
  }
  return purposes;
}

Result<OpenPoint> ReadOpenPoint(const TomlTable& table) {
  OpenPoint open;
  open.readings = TRY(ReadList(table, "readings"));
  if (!table.Has("open_point")) {
    if (!open.readings.empty()) return table.Wrong("readings", "without open_point");
    return open;
  }
  open.id = TRY(table.Text("open_point"));
  if (open.readings.size() < 2) return table.Wrong("readings", "an open point has two readings at least");
  return open;
}

}  // namespace probatio::law
