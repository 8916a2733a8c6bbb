#include "record/flat_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "record/json.h"

namespace probatio::record {
namespace {

class FlatReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit FlatReader(std::vector<FlatValue>* values) : values_(values) {}

  bool null() override { return Scalar(FlatValue::Type::kNull); }
  bool boolean(bool /*value*/) override { return Scalar(FlatValue::Type::kOther); }
  bool number_integer(std::int64_t value) override {
    if (depth_ == 1) values_->back().number = static_cast<std::uint64_t>(value);
    return Scalar(FlatValue::Type::kNegative);
  }
  bool number_float(double /*value*/, const std::string& /*text*/) override {
    return Scalar(FlatValue::Type::kOther);
  }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return Scalar(FlatValue::Type::kOther); }
  bool number_unsigned(std::uint64_t value) override {
    if (depth_ == 1) values_->back().number = value;
    return Scalar(FlatValue::Type::kNumber);
  }

  bool string(std::string& text) override {
    if (depth_ == 2 && values_->back().type == FlatValue::Type::kList) {
      values_->back().list.push_back(std::move(text));
      return true;
    }
    if (depth_ == 1) values_->back().text = std::move(text);
    return Scalar(FlatValue::Type::kText);
  }

  bool start_object(std::size_t /*elements*/) override {
    if (depth_ > 0 && !Scalar(FlatValue::Type::kOther)) return false;
    return Enter();
  }
  bool start_array(std::size_t /*elements*/) override {
    if (!Scalar(depth_ == 1 ? FlatValue::Type::kList : FlatValue::Type::kOther)) return false;
    return Enter();
  }
  bool end_object() override { return Leave(); }
  bool end_array() override { return Leave(); }

  bool key(std::string& name) override {
    if (depth_ > 1) return true;
    const auto same = [&](const FlatValue& value) { return value.key == name; };
    if (std::any_of(values_->begin(), values_->end(), same))
      return Fail("key " + ShownKey(name) + ": stands twice");
    if (values_->size() == kJsonKeysMax) return Fail(fmt::format("more than {} keys", kJsonKeysMax));
    values_->emplace_back().key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t offset, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*foreign*/) override {
    return Fail(fmt::format("syntax error at offset {}", offset == 0 ? 0 : offset - 1));
  }

  Error error() const { return Invalid("json: " + error_); }

 private:
  bool Scalar(FlatValue::Type type) {
    if (depth_ == 0) return Fail("not an object");
    if (depth_ == 1) values_->back().type = type;
    if (depth_ == 2)
      values_->back().type = FlatValue::Type::kOther;  // a list of something else, or an object
    return true;
  }
  bool Enter() {
    if (depth_ == kJsonDepthMax) return Fail("key " + ShownKey(values_->back().key) + ": nested too deep");
    ++depth_;
    return true;
  }
  bool Leave() {
    --depth_;
    return true;
  }
  bool Fail(std::string what) {
    error_ = std::move(what);
    return false;
  }

  std::vector<FlatValue>* values_;
  std::size_t depth_ = 0;
  std::string error_;
};

}  // namespace

std::string ShownKey(const std::string& key) {
  std::string shown = key.substr(0, kShownKeyBytesMax);
  const auto unfit = [](char c) { return c < 0x21 || c > 0x7E || c == '"'; };
  std::replace_if(shown.begin(), shown.end(), unfit, '?');
  return '"' + shown + '"';
}

Result<FlatObject> FlatObject::Parse(std::string_view line) {
  if (line.size() > kJsonLineBytesMax) {
    return Invalid(fmt::format("json: line longer than {} bytes", kJsonLineBytesMax));
  }
  FlatObject object;
  FlatReader reader(&object.values_);
  if (!nlohmann::json::sax_parse(line.begin(), line.end(), &reader)) return reader.error();
  return object;
}

const FlatValue* FlatObject::Use(std::string_view key) {
  for (FlatValue& value : values_) {
    if (value.key != key) continue;
    value.used = true;
    return value.type == FlatValue::Type::kNull ? nullptr : &value;
  }
  return nullptr;
}

}  // namespace probatio::record
