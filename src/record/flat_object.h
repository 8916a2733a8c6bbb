// One JSON object of the shape that a record has: keys with a text, a number or a list of texts. Read event
// by event and not into a tree, because a tree keeps the last of two equal keys silently. For the .cc files
// of this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace probatio::record {

struct FlatValue {
  // kOther: true, false, a fraction, an object, or a list of anything but texts. No field is one; a key that
  // is dropped may be.
  enum class Type { kNull, kText, kNumber, kNegative, kList, kOther };

  std::string key;
  Type type = Type::kNull;
  std::string text;
  std::uint64_t number = 0;  // of a negative one: its two's complement
  std::vector<std::string> list;
  bool used = false;
};

class FlatObject {
 public:
  // kInvalid names the offset of a syntax error, or the key that stands twice or is nested too deep.
  static Result<FlatObject> Parse(std::string_view line);

  // The value of a key, marked as used; null when absent or JSON null.
  const FlatValue* Use(std::string_view key);
  const std::vector<FlatValue>& values() const { return values_; }

 private:
  std::vector<FlatValue> values_;
};

// A key as it may stand in a message, since it comes from outside: cut, printable, quoted.
inline constexpr std::size_t kShownKeyBytesMax = 64;
std::string ShownKey(const std::string& key);

}  // namespace probatio::record
