// The one file that sees toml++, and only what ScreenToml let through.
#include "base/toml_table.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/toml_screen.h"

namespace probatio {

struct TomlTable::Place {
  std::shared_ptr<const toml::table> root;  // owns `table`
  const toml::table* table = nullptr;
  std::string file;
  std::string where;  // "listener[2].", empty for the root
  Limits limits;
  std::size_t line = 1;  // of its header
};

Result<TomlTable> TomlTable::Parse(std::string_view toml, const std::string& file_name,
                                   const Limits& limits) {
  if (toml.size() > limits.file_bytes)
    return Invalid(fmt::format("{}:1: larger than {} bytes", file_name, limits.file_bytes));
  TRY(ScreenToml(toml, file_name));
  auto place = std::make_shared<Place>();
  try {
    place->root = std::make_shared<const toml::table>(toml::parse(toml, file_name));
  } catch (const toml::parse_error& error) {
    return Invalid(fmt::format("{}:{}: {}", file_name, error.source().begin.line, error.description()));
  }
  place->table = place->root.get();
  place->file = file_name;
  place->limits = limits;
  return TomlTable(std::move(place));
}

Error TomlTable::Wrong(std::string_view key, std::string_view reason) const {
  const toml::node* node = place_->table->get(key);
  const std::size_t line = node == nullptr ? place_->line : node->source().begin.line;
  return Invalid(fmt::format("{}:{}: {}{}: {}", place_->file, line, place_->where, key, reason));
}

Status TomlTable::OnlyKeys(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, node] : *place_->table) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      return Wrong(key.str(), "unknown key");
  }
  return Done{};
}

bool TomlTable::Has(std::string_view key) const {
  return place_->table->contains(key);
}

Result<std::string> TomlTable::Text(std::string_view key) const {
  if (!Has(key)) return Wrong(key, "missing");
  std::string text = TRY(TextOr(key, {}));
  if (text.empty()) return Wrong(key, "empty");
  return text;
}

Result<std::string> TomlTable::TextOr(std::string_view key, std::string otherwise) const {
  const toml::node* node = place_->table->get(key);
  if (node == nullptr) return otherwise;
  const auto* text = node->as_string();
  if (text == nullptr) return Wrong(key, "not a text");
  if (text->get().size() > place_->limits.text_bytes)
    return Wrong(key, fmt::format("longer than {} bytes", place_->limits.text_bytes));
  return text->get();
}

Result<std::vector<std::string>> TomlTable::Texts(std::string_view key) const {
  std::vector<std::string> texts;
  const toml::node* node = place_->table->get(key);
  if (node == nullptr) return texts;
  const toml::array* array = node->as_array();
  if (array == nullptr) return Wrong(key, "not a list of texts");
  if (array->size() > place_->limits.entries)
    return Wrong(key, fmt::format("more than {} texts", place_->limits.entries));
  for (const toml::node& element : *array) {
    const auto* text = element.as_string();
    if (text == nullptr) return Wrong(key, "not a list of texts");
    if (text->get().size() > place_->limits.text_bytes)
      return Wrong(key, fmt::format("a text longer than {} bytes", place_->limits.text_bytes));
    texts.push_back(text->get());
  }
  return texts;
}

Result<std::int64_t> TomlTable::NumberOr(std::string_view key, std::int64_t min, std::int64_t max,
                                         std::int64_t otherwise) const {
  const toml::node* node = place_->table->get(key);
  if (node == nullptr) return otherwise;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < min || number->get() > max)
    return Wrong(key, fmt::format("not a whole number from {} to {}", min, max));
  return number->get();
}

Result<bool> TomlTable::FlagOr(std::string_view key, bool otherwise) const {
  const toml::node* node = place_->table->get(key);
  if (node == nullptr) return otherwise;
  const auto* flag = node->as_boolean();
  if (flag == nullptr) return Wrong(key, "not true or false");
  return flag->get();
}

Result<std::string> TomlTable::Date(std::string_view key) const {
  const toml::node* node = place_->table->get(key);
  if (node == nullptr) return Wrong(key, "missing");
  const auto* date = node->as_date();
  if (date == nullptr) return Wrong(key, "not a date such as 2021-10-21, without quotes");
  const toml::date day = date->get();
  return fmt::format("{:04}-{:02}-{:02}", +day.year, +day.month, +day.day);
}

Result<TomlTable> TomlTable::Inner(const void* table, std::string where) const {
  auto inner = std::make_shared<Place>(*place_);
  inner->table = static_cast<const toml::table*>(table);
  inner->line = inner->table->source().begin.line;
  inner->where = place_->where + std::move(where);
  return TomlTable(std::move(inner));
}

Result<TomlTable> TomlTable::Table(std::string_view key) const {
  static const toml::table empty;
  const toml::node* node = place_->table->get(key);
  if (node != nullptr && node->as_table() == nullptr)
    return Wrong(key, fmt::format("not written as [{}]", key));
  return Inner(node == nullptr ? &empty : node->as_table(), fmt::format("{}.", key));
}

Result<std::vector<TomlTable>> TomlTable::Tables(std::string_view key) const {
  std::vector<TomlTable> tables;
  const toml::node* node = place_->table->get(key);
  if (node == nullptr) return tables;
  const toml::array* array = node->as_array();
  if (array == nullptr) return Wrong(key, fmt::format("not written as [[{}]]", key));
  if (array->size() > place_->limits.entries)
    return Wrong(key, fmt::format("more than {}", place_->limits.entries));
  for (const toml::node& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) return Wrong(key, fmt::format("not written as [[{}]]", key));
    TomlTable inner = TRY(Inner(table, fmt::format("{}[{}].", key, tables.size())));
    tables.push_back(std::move(inner));
  }
  return tables;
}

}  // namespace probatio
