#include "law/toml_table.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/toml_screen.h"

namespace probatio::law {
namespace {

const toml::table& Of(const void* node) {
  return *static_cast<const toml::table*>(node);
}

}  // namespace

Error TomlTable::Wrong(std::string_view key, std::string_view reason) const {
  const toml::node* node = Of(node_).get(key);
  const auto line = node == nullptr ? Of(node_).source().begin.line : node->source().begin.line;
  return Invalid(fmt::format("{}:{}: {}{}: {}", file_, line, where_, key, reason));
}

Status TomlTable::OnlyKeys(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, node] : Of(node_)) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      return Wrong(key.str(), "unknown key");
  }
  return Done{};
}

bool TomlTable::Has(std::string_view key) const {
  return Of(node_).contains(key);
}

Result<std::string> TomlTable::Text(std::string_view key) const {
  const toml::node* node = Of(node_).get(key);
  if (node == nullptr) return Wrong(key, "missing");
  const auto* text = node->as_string();
  if (text == nullptr || text->get().empty()) return Wrong(key, "not a text, or empty");
  if (text->get().size() > kRegimeTextBytesMax) {
    return Wrong(key, fmt::format("longer than {} bytes", kRegimeTextBytesMax));
  }
  return text->get();
}

Result<std::string> TomlTable::TextOr(std::string_view key, std::string otherwise) const {
  if (!Has(key)) return otherwise;
  return Text(key);
}

Result<std::vector<std::string>> TomlTable::Texts(std::string_view key) const {
  std::vector<std::string> texts;
  const toml::node* node = Of(node_).get(key);
  if (node == nullptr) return texts;
  const toml::array* array = node->as_array();
  if (array == nullptr) return Wrong(key, "not a list of texts");
  if (array->size() > kRegimeListMax) return Wrong(key, fmt::format("more than {} entries", kRegimeListMax));
  for (const toml::node& element : *array) {
    const auto* text = element.as_string();
    if (text == nullptr || text->get().empty()) return Wrong(key, "not a list of texts");
    if (text->get().size() > kRegimeTextBytesMax) {
      return Wrong(key, fmt::format("an entry longer than {} bytes", kRegimeTextBytesMax));
    }
    if (std::find(texts.begin(), texts.end(), text->get()) != texts.end()) {
      return Wrong(key, fmt::format("'{}' given twice", text->get()));
    }
    texts.push_back(text->get());
  }
  return texts;
}

Result<int> TomlTable::Integer(std::string_view key, int max) const {
  const toml::node* node = Of(node_).get(key);
  if (node == nullptr) return 0;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < 0 || number->get() > max) {
    return Wrong(key, fmt::format("not a whole number from 0 to {}", max));
  }
  return static_cast<int>(number->get());
}

Result<bool> TomlTable::Flag(std::string_view key) const {
  const toml::node* node = Of(node_).get(key);
  if (node == nullptr) return false;
  const auto* flag = node->as_boolean();
  if (flag == nullptr) return Wrong(key, "not true or false");
  return flag->get();
}

Result<CivilDate> TomlTable::Date(std::string_view key) const {
  const toml::node* node = Of(node_).get(key);
  if (node == nullptr) return Wrong(key, "missing");
  const auto* date = node->as_date();
  if (date == nullptr) return Wrong(key, "not a date such as 2021-10-21, without quotes");
  const toml::date day = date->get();
  const auto checked = ParseDate(fmt::format("{:04}-{:02}-{:02}", +day.year, +day.month, +day.day));
  if (!checked.ok()) return Wrong(key, checked.error().what());
  return checked.value();
}

Result<Verdict> TomlTable::VerdictOf(std::string_view key) const {
  const std::string text = TRY(Text(key));
  const auto verdict = ParseVerdict(text);
  if (!verdict.ok()) return Wrong(key, verdict.error().what());
  return verdict.value();
}

Result<std::vector<TomlTable>> TomlTable::Tables(std::string_view key) const {
  std::vector<TomlTable> tables;
  const toml::node* node = Of(node_).get(key);
  if (node == nullptr) return tables;
  const toml::array* array = node->as_array();
  if (array == nullptr) return Wrong(key, fmt::format("not written as [[{}]]", key));
  if (array->size() > kRegimeEntriesMax) return Wrong(key, fmt::format("more than {}", kRegimeEntriesMax));
  for (const toml::node& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) return Wrong(key, fmt::format("not written as [[{}]]", key));
    tables.emplace_back(table, file_, fmt::format("{}{}[{}].", where_, key, tables.size()));
  }
  return tables;
}

Result<Regime> WithTomlRoot(std::string_view toml, const std::string& file_name,
                            Result<Regime> (*read)(const TomlTable&)) {
  TRY(ScreenToml(toml, file_name));
  toml::table root;
  try {
    root = toml::parse(toml, file_name);
  } catch (const toml::parse_error& error) {
    return Invalid(fmt::format("{}:{}: {}", file_name, error.source().begin.line, error.description()));
  }
  return read(TomlTable(&root, file_name, ""));
}

}  // namespace probatio::law
