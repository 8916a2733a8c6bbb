#include "order/json_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace probatio::order {
namespace {

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && c != '\n' && c != '\r' && c != '\t') || octet == 0x7F;
  });
}

// Builds the tree from nlohmann's events. That parser keeps the last of two equal keys without a word; here
// the second one is an error, because two readers of one order must never see two orders.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeBuilder(std::string_view json) : json_(json) {}

  bool null() override { return Add(JsonValue::Kind::kNull) != nullptr; }
  bool boolean(bool flag) override {
    JsonValue* value = Add(JsonValue::Kind::kFlag);
    if (value != nullptr) value->flag = flag;
    return value != nullptr;
  }
  bool number_integer(number_integer_t number) override {
    JsonValue* value = Add(JsonValue::Kind::kInteger);
    if (value != nullptr) value->integer = number;
    return value != nullptr;
  }
  bool number_unsigned(number_unsigned_t number) override {
    if (number > static_cast<number_unsigned_t>(INT64_MAX)) return Stop("number too large");
    return number_integer(static_cast<number_integer_t>(number));
  }
  bool number_float(number_float_t /*number*/, const string_t& /*text*/) override {
    return Stop("not a whole number");
  }
  bool string(string_t& text) override {
    if (text.size() > kJsonTextBytesMax) {
      return Stop(fmt::format("text longer than {} bytes", kJsonTextBytesMax));
    }
    if (HasControlCharacter(text)) return Stop("control character in a text");
    JsonValue* value = Add(JsonValue::Kind::kText);
    if (value != nullptr) value->text = std::move(text);
    return value != nullptr;
  }
  bool binary(binary_t& /*bytes*/) override { return Stop("not JSON"); }

  bool start_object(std::size_t /*size*/) override { return Open(JsonValue::Kind::kObject); }
  bool start_array(std::size_t /*size*/) override { return Open(JsonValue::Kind::kArray); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& key) override {
    // A hostile key could be long or hold anything: it is printed only when it is plain.
    if (!CheckPlain(key)) return Stop("a key that is not a plain word");
    if (!keys_.back().insert(key).second) return Stop(fmt::format("key '{}' given twice", key));
    open_.back()->keys.push_back(std::move(key));
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*e*/) override {
    const std::string_view before = json_.substr(0, position);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    return Stop(fmt::format("line {}: not JSON", line));
  }

  const std::string& error() const { return error_; }
  JsonValue Take() { return std::move(root_); }

 private:
  static constexpr std::size_t kKeyBytesMax = 64;

  static bool CheckPlain(std::string_view key) {
    return !key.empty() && key.size() <= kKeyBytesMax && std::all_of(key.begin(), key.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
             c == '-';
    });
  }

  bool Stop(std::string reason) {
    if (error_.empty()) error_ = std::move(reason);
    return false;
  }

  // The slot of the next value: a pointer stays good, because a parent grows only after its child is closed.
  JsonValue* Add(JsonValue::Kind kind) {
    if (++count_ > kJsonValuesMax) {
      Stop(fmt::format("more than {} values", kJsonValuesMax));
      return nullptr;
    }
    // Of an object, too: its key has just been read.
    JsonValue* value = open_.empty() ? &root_ : &open_.back()->elements.emplace_back();
    value->kind = kind;
    return value;
  }

  bool Open(JsonValue::Kind kind) {
    if (open_.size() >= kJsonDepthMax) return Stop(fmt::format("nested deeper than {}", kJsonDepthMax));
    JsonValue* value = Add(kind);
    if (value == nullptr) return false;
    open_.push_back(value);
    keys_.emplace_back();
    return true;
  }

  bool Close() {
    open_.pop_back();
    keys_.pop_back();
    return true;
  }

  std::string_view json_;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::vector<std::unordered_set<std::string>> keys_;
  std::size_t count_ = 0;
  std::string error_;
};

}  // namespace

Result<JsonValue> ParseJson(std::string_view json, const std::string& name, std::size_t bytes_max) {
  if (json.size() > bytes_max) return Invalid(fmt::format("{}: larger than {} bytes", name, bytes_max));
  TreeBuilder builder(json);
  if (!nlohmann::json::sax_parse(json, &builder))
    return Invalid(fmt::format("{}: {}", name, builder.error()));
  return builder.Take();
}

std::string JsonView::PlaceOf(const std::string& key) const {
  return place_ + (is_root_ ? ": " : ".") + key;
}

Error JsonView::Wrong(std::string_view reason) const {
  return Invalid(fmt::format("{}: {}", place_, reason));
}

Error JsonView::WrongAt(const std::string& key, std::string_view reason) const {
  return Invalid(fmt::format("{}: {}", PlaceOf(key), reason));
}

const JsonValue* JsonView::Find(std::string_view key) const {
  for (std::size_t i = 0; i < object_->keys.size(); ++i) {
    if (object_->keys[i] == key) return &object_->elements[i];
  }
  return nullptr;
}

Result<const JsonValue*> JsonView::Need(const std::string& key, JsonValue::Kind kind,
                                        std::string_view kind_name) const {
  const JsonValue* value = Find(key);
  if (value == nullptr) return WrongAt(key, "missing");
  if (value->kind != kind) return WrongAt(key, fmt::format("not {}", kind_name));
  return value;
}

Result<std::vector<std::string>> JsonView::Keys(std::size_t max) const {
  if (object_->kind != JsonValue::Kind::kObject) return Wrong("not an object");
  if (object_->keys.size() > max) return Wrong(fmt::format("more than {} keys", max));
  return object_->keys;
}

Status JsonView::OnlyKeys(std::initializer_list<std::string_view> known) const {
  if (object_->kind != JsonValue::Kind::kObject) return Wrong("not an object");
  for (const std::string& key : object_->keys) {
    if (std::find(known.begin(), known.end(), key) == known.end()) return WrongAt(key, "unknown key");
  }
  return Done{};
}

Result<std::string> JsonView::Text(const std::string& key) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kText, "a text"));
  return value->text;
}

Result<std::string> JsonView::Filled(const std::string& key) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kText, "a text"));
  if (value->text.empty()) return WrongAt(key, "empty");
  return value->text;
}

Result<std::int64_t> JsonView::Integer(const std::string& key, std::int64_t min, std::int64_t max) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kInteger, "a whole number"));
  if (value->integer < min || value->integer > max)
    return WrongAt(key, fmt::format("not from {} to {}", min, max));
  return value->integer;
}

Result<bool> JsonView::Flag(const std::string& key) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kFlag, "true or false"));
  return value->flag;
}

Result<JsonView> JsonView::Object(const std::string& key) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kObject, "an object"));
  return JsonView(*value, PlaceOf(key), false);
}

Result<std::vector<std::string>> JsonView::Texts(const std::string& key, std::size_t max) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kArray, "a list"));
  if (value->elements.size() > max) return WrongAt(key, fmt::format("more than {}", max));
  std::vector<std::string> texts;
  std::unordered_set<std::string> seen;
  for (const JsonValue& element : value->elements) {
    const std::string place = fmt::format("{}[{}]", key, texts.size());
    if (element.kind != JsonValue::Kind::kText || element.text.empty())
      return WrongAt(place, "not a text, or empty");
    if (!seen.insert(element.text).second) return WrongAt(place, "given twice");
    texts.push_back(element.text);
  }
  return texts;
}

Result<std::vector<JsonView>> JsonView::Objects(const std::string& key, std::size_t max) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kArray, "a list"));
  if (value->elements.size() > max) return WrongAt(key, fmt::format("more than {}", max));
  std::vector<JsonView> objects;
  for (const JsonValue& element : value->elements) {
    const std::string place = fmt::format("{}[{}]", key, objects.size());
    if (element.kind != JsonValue::Kind::kObject) return WrongAt(place, "not an object");
    objects.emplace_back(element, PlaceOf(place), false);
  }
  return objects;
}

Result<std::vector<std::pair<std::string, JsonView>>> JsonView::Members(const std::string& key) const {
  const JsonValue* value = TRY(Need(key, JsonValue::Kind::kObject, "an object"));
  std::vector<std::pair<std::string, JsonView>> members;
  for (std::size_t i = 0; i < value->keys.size(); ++i) {
    const std::string& name = value->keys[i];
    const JsonValue& member = value->elements[i];
    if (member.kind != JsonValue::Kind::kObject) return WrongAt(key + "." + name, "not an object");
    members.emplace_back(name, JsonView(member, PlaceOf(key) + "." + name, false));
  }
  return members;
}

}  // namespace probatio::order
