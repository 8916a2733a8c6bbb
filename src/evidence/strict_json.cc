// The strict reader over nlohmann-json's tree. The tree alone would keep the last of two equal keys, so they
// are looked for while the text is parsed. Thread-safe.
#include "evidence/strict_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace probatio::evidence {

// Part of a tree; keeps the whole tree alive.
struct JsonObject::Node {
  std::shared_ptr<const nlohmann::json> tree;
  const nlohmann::json* value = nullptr;
};

namespace {

using nlohmann::json;

constexpr std::size_t kShownKeyBytesMax = 64;

// A key as it may stand in a message, since it comes from outside: cut, printable, quoted.
std::string Shown(const std::string& key) {
  std::string shown = key.substr(0, kShownKeyBytesMax);
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < 0x21 || c > 0x7E || c == '\''; }, '?');
  return '\'' + shown + '\'';
}

// Watches the parser: two equal keys in one object, or too deep.
class Watcher {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (!fault_.empty()) return false;
    const auto level = static_cast<std::size_t>(depth);
    const bool opens =
        event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    if (opens && level >= kStrictJsonDepthMax)
      fault_ = fmt::format("nested deeper than {}", kStrictJsonDepthMax);
    if (event == json::parse_event_t::object_start) Level(level + 1).clear();
    if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!Level(level).insert(key).second) fault_ = fmt::format("key {} stands twice", Shown(key));
    }
    return fault_.empty();
  }
  const std::string& fault() const { return fault_; }

 private:
  std::set<std::string>& Level(std::size_t level) {
    if (keys_.size() <= level) keys_.resize(level + 1);
    return keys_[level];
  }
  std::vector<std::set<std::string>> keys_;
  std::string fault_;
};

// The offset at which a text stops being JSON.
class OffsetFinder : public nlohmann::json_sax<json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool key(std::string&) override { return true; }
  bool parse_error(std::size_t offset, const std::string&, const nlohmann::detail::exception&) override {
    offset_ = offset == 0 ? 0 : offset - 1;
    return false;
  }
  std::size_t offset() const { return offset_; }

 private:
  std::size_t offset_ = 0;
};

std::size_t SyntaxErrorIn(std::string_view text) {
  OffsetFinder finder;
  json::sax_parse(text.begin(), text.end(), &finder);
  return finder.offset();
}

}  // namespace

Result<JsonObject> JsonObject::Parse(std::string_view text, const std::string& what, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Invalid(fmt::format("{}: {} bytes, more than {}", what, text.size(), bytes_max));
  }
  Watcher watcher;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    return watcher(depth, event, parsed);
  };
  auto tree = std::make_shared<const json>(json::parse(text.begin(), text.end(), watch, false));
  if (!watcher.fault().empty()) return Invalid(what + ": " + watcher.fault());
  if (tree->is_discarded())
    return Invalid(fmt::format("{}: syntax error at offset {}", what, SyntaxErrorIn(text)));
  if (!tree->is_object()) return Invalid(what + ": not an object");
  const json* const value = tree.get();
  return JsonObject(std::make_shared<const Node>(Node{std::move(tree), value}), what + ": ");
}

std::string JsonObject::PlaceOf(const std::string& key) const {
  const bool top = place_.size() >= 2 && place_.compare(place_.size() - 2, 2, ": ") == 0;
  return top ? place_ + key : place_ + "." + key;
}

Error JsonObject::Wrong(const std::string& key, const std::string& why) const {
  return Invalid(PlaceOf(key) + ": " + why);
}

bool JsonObject::Has(const std::string& key) const {
  return node_->value->contains(key);
}

Result<std::shared_ptr<const JsonObject::Node>> JsonObject::Need(const std::string& key) {
  asked_.insert(key);
  const auto found = node_->value->find(key);
  if (found == node_->value->end()) return Wrong(key, "missing");
  return std::shared_ptr<const Node>(std::make_shared<const Node>(Node{node_->tree, &*found}));
}

Result<std::string> JsonObject::Text(const std::string& key) {
  const auto node = TRY(Need(key));
  if (!node->value->is_string()) return Wrong(key, "not a text");
  return node->value->get<std::string>();
}

Result<std::uint64_t> JsonObject::Number(const std::string& key, std::uint64_t max) {
  const auto node = TRY(Need(key));
  if (!node->value->is_number_unsigned()) return Wrong(key, "not a whole number");
  const auto number = node->value->get<std::uint64_t>();
  if (number > max) return Wrong(key, fmt::format("above {}", max));
  return number;
}

Result<std::int64_t> JsonObject::SignedNumber(const std::string& key) {
  const auto node = TRY(Need(key));
  if (!node->value->is_number_integer()) return Wrong(key, "not a whole number");
  if (node->value->is_number_unsigned() && node->value->get<std::uint64_t>() > INT64_MAX) {
    return Wrong(key, "does not fit 64 bits");
  }
  return node->value->get<std::int64_t>();
}

Result<bool> JsonObject::Flag(const std::string& key) {
  const auto node = TRY(Need(key));
  if (!node->value->is_boolean()) return Wrong(key, "neither true nor false");
  return node->value->get<bool>();
}

Result<bool> JsonObject::Null(const std::string& key) {
  const auto node = TRY(Need(key));
  return node->value->is_null();
}

Result<Instant> JsonObject::At(const std::string& key) {
  const std::string text = TRY(Text(key));
  return TRY_IN(PlaceOf(key), Instant::ParseRfc3339(text));
}

Result<Buffer> JsonObject::Base64(const std::string& key) {
  const std::string text = TRY(Text(key));
  Result<Buffer> bytes = FromBase64(text);
  if (!bytes.ok()) return Wrong(key, "not Base64");
  return bytes;
}

Status JsonObject::Hex(const std::string& key, std::span<std::uint8_t> out) {
  const std::string text = TRY(Text(key));
  const Result<Buffer> bytes = FromHex(text);
  if (!bytes.ok() || bytes.value().size() != out.size() || ToHex(bytes.value()) != text) {
    return Wrong(key, fmt::format("not {} lower-case hexadecimal digits", 2 * out.size()));
  }
  std::copy(bytes.value().begin(), bytes.value().end(), out.begin());
  return Done{};
}

Result<std::vector<std::shared_ptr<const JsonObject::Node>>> JsonObject::List(const std::string& key,
                                                                              std::size_t max) {
  const auto node = TRY(Need(key));
  if (!node->value->is_array()) return Wrong(key, "not a list");
  if (node->value->size() > max) return Wrong(key, fmt::format("more than {} entries", max));
  std::vector<std::shared_ptr<const Node>> entries;
  for (const json& entry : *node->value) {
    entries.push_back(std::make_shared<const Node>(Node{node_->tree, &entry}));
  }
  return entries;
}

Result<std::vector<std::string>> JsonObject::Texts(const std::string& key, std::size_t max) {
  const auto entries = TRY(List(key, max));
  std::vector<std::string> texts;
  for (const auto& entry : entries) {
    if (!entry->value->is_string()) return Wrong(fmt::format("{}[{}]", key, texts.size()), "not a text");
    texts.push_back(entry->value->get<std::string>());
  }
  return texts;
}

Result<JsonObject> JsonObject::Object(const std::string& key) {
  auto node = TRY(Need(key));
  if (!node->value->is_object()) return Wrong(key, "not an object");
  return JsonObject(std::move(node), PlaceOf(key));
}

Result<std::vector<JsonObject>> JsonObject::Objects(const std::string& key, std::size_t max) {
  const auto entries = TRY(List(key, max));
  std::vector<JsonObject> objects;
  for (const auto& entry : entries) {
    const std::string place = fmt::format("{}[{}]", key, objects.size());
    if (!entry->value->is_object()) return Wrong(place, "not an object");
    objects.push_back(JsonObject(entry, PlaceOf(place)));
  }
  return objects;
}

Result<std::string> JsonObject::ObjectText(const std::string& key) {
  const auto node = TRY(Need(key));
  if (!node->value->is_object()) return Wrong(key, "not an object");
  return node->value->dump();  // parsed text is UTF-8, so this cannot fail
}

Status JsonObject::End() const {
  for (const auto& [key, value] : node_->value->items()) {
    if (!asked_.contains(key)) return Wrong(Shown(key), "unknown key");
  }
  return Done{};
}

Result<std::vector<std::array<std::uint8_t, 32>>> DigestsFromHex(std::string_view hex, std::size_t max) {
  constexpr std::size_t kDigits = 64;
  if (hex.empty() || hex.size() % kDigits != 0) return Invalid("not digests of 64 hexadecimal digits");
  if (hex.size() / kDigits > max) return Invalid(fmt::format("more than {} digests", max));
  const Result<Buffer> bytes = FromHex(hex);
  if (!bytes.ok() || ToHex(bytes.value()) != hex) return Invalid("not lower-case hexadecimal digits");
  std::vector<std::array<std::uint8_t, 32>> digests(hex.size() / kDigits);
  for (std::size_t i = 0; i < digests.size(); ++i) {
    std::copy_n(bytes.value().begin() + static_cast<std::ptrdiff_t>(32 * i), 32, digests[i].begin());
  }
  return digests;
}

}  // namespace probatio::evidence
