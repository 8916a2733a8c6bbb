// Strict reading of the JSON that orders, scopes and events are written in (RFC 8259, narrowed): no key
// twice, no fractions, no control characters, bounded nesting and count. Every error names the place: "order:
// lines[2].period". Pure. A JsonView borrows from its JsonValue and must not outlive it; both are thread-safe
// to read.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"

namespace probatio::order {

inline constexpr std::size_t kJsonDepthMax = 8;
inline constexpr std::size_t kJsonValuesMax = 200'000;
inline constexpr std::size_t kJsonTextBytesMax =
    8192;  // one text; longer than any quotation or certificate we take

struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kFlag, kInteger, kText, kArray, kObject };
  Kind kind = Kind::kNull;
  bool flag = false;
  std::int64_t integer = 0;
  std::string text;
  std::vector<std::string> keys;    // of an object: keys[i] names elements[i]
  std::vector<JsonValue> elements;  // of a list or an object
};

// `name` opens every error message: "order", "scope", "event". kInvalid names line or place, never the
// content.
Result<JsonValue> ParseJson(std::string_view json, const std::string& name, std::size_t bytes_max);

// One object and where it stands.
class JsonView {
 public:
  JsonView(const JsonValue& object, std::string place, bool is_root = true)
      : object_(&object), place_(std::move(place)), is_root_(is_root) {}

  Error Wrong(std::string_view reason) const;                            // kInvalid, at this object
  Error WrongAt(const std::string& key, std::string_view reason) const;  // kInvalid, at one of its keys

  Status OnlyKeys(std::initializer_list<std::string_view> known) const;  // also: that this is an object
  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  Result<std::vector<std::string>> Keys(std::size_t max) const;  // also: that this is an object

  Result<std::string> Text(const std::string& key) const;    // required; may be empty
  Result<std::string> Filled(const std::string& key) const;  // required and not empty
  Result<std::int64_t> Integer(const std::string& key, std::int64_t min, std::int64_t max) const;
  Result<bool> Flag(const std::string& key) const;
  Result<JsonView> Object(const std::string& key) const;
  Result<std::vector<std::string>> Texts(const std::string& key,
                                         std::size_t max) const;  // none empty, none twice
  Result<std::vector<JsonView>> Objects(const std::string& key, std::size_t max) const;
  Result<std::vector<std::pair<std::string, JsonView>>> Members(const std::string& key) const;

  // A text that `parse` understands; its error is given this place.
  template <class T>
  Result<T> Parsed(const std::string& key, Result<T> (*parse)(std::string_view)) const {
    const std::string text = TRY(Text(key));
    Result<T> parsed = parse(text);
    if (!parsed.ok()) return WrongAt(key, parsed.error().what());
    return parsed;
  }

 private:
  const JsonValue* Find(std::string_view key) const;
  Result<const JsonValue*> Need(const std::string& key, JsonValue::Kind kind,
                                std::string_view kind_name) const;
  std::string PlaceOf(const std::string& key) const;

  const JsonValue* object_;
  std::string place_;
  bool is_root_;
};

}  // namespace probatio::order
