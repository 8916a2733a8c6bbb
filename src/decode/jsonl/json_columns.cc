#include "decode/jsonl/json_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "record/canonical.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kKeyBytesMax = 256;  // of all keys down to a value

// Follows the parser's events: numbers keep the digits in which they are written.
class Columns : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return Take(std::nullopt); }
  bool boolean(bool value) override { return Take(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return Take(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Take(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override { return Take(text); }
  bool string(string_t& text) override { return Take(std::move(text)); }
  bool binary(binary_t& /*bytes*/) override { return Fail("bytes"); }

  bool start_object(std::size_t /*count*/) override {
    if (lists_ > 0) {
      ++skipped_;
      return true;
    }
    if (Depth() == record::kJsonDepthMax)
      return Fail(fmt::format("nested deeper than {}", record::kJsonDepthMax));
    path_.emplace_back();
    return true;
  }
  bool key(string_t& key) override {
    if (skipped_ > 0) return true;
    path_.back() = std::move(key);
    if (Name().size() > kKeyBytesMax) return Fail(fmt::format("a key longer than {} bytes", kKeyBytesMax));
    return true;
  }
  bool end_object() override {
    if (skipped_ > 0) {
      --skipped_;
    } else {
      path_.pop_back();
    }
    return true;
  }
  bool start_array(std::size_t /*count*/) override {
    if (path_.empty()) return Fail("not an object");
    if (Depth() == record::kJsonDepthMax)
      return Fail(fmt::format("nested deeper than {}", record::kJsonDepthMax));
    if (lists_ == 0 && !Open()) return false;
    ++lists_;
    return true;
  }
  bool end_array() override {
    --lists_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return Fail(fmt::format("offset {}: not JSON", position));
  }

  std::vector<Cell>& cells() { return cells_; }
  const std::string& failure() const { return failure_; }

 private:
  std::size_t Depth() const { return path_.size() + lists_; }

  std::string Name() const {
    std::string name;
    for (const std::string& key : path_) name += (name.empty() ? "" : ".") + key;
    return name;
  }

  // A fresh column.
  bool Open() {
    Cell cell{Name(), {}};
    if (cells_.size() == record::kJsonKeysMax)
      return Fail(fmt::format("more than {} values", record::kJsonKeysMax));
    const auto same = [&](const Cell& known) { return known.name == cell.name; };
    if (std::any_of(cells_.begin(), cells_.end(), same)) return Fail("a key twice");
    cells_.push_back(std::move(cell));
    return true;
  }

  bool Take(std::optional<std::string> value) {
    if (skipped_ > 0) return true;
    if (path_.empty()) return Fail("not an object");
    if (lists_ == 0 && !Open()) return false;
    if (cells_.back().values.size() == record::kTextListMax)
      return Fail(fmt::format("a list of more than {}", record::kTextListMax));
    if (value) cells_.back().values.push_back(std::move(*value));
    return true;
  }

  bool Fail(std::string why) {
    failure_ = std::move(why);
    return false;
  }

  std::vector<std::string> path_;
  std::size_t lists_ = 0;
  std::size_t skipped_ = 0;  // objects inside a list, which are not read
  std::vector<Cell> cells_;
  std::string failure_;
};

}  // namespace

Result<std::vector<Cell>> ReadJsonColumns(std::string_view line) {
  if (line.size() > record::kJsonLineBytesMax)
    return Invalid(fmt::format("longer than {} bytes", record::kJsonLineBytesMax));
  Columns columns;
  if (!nlohmann::json::sax_parse(line.begin(), line.end(), &columns)) return Invalid(columns.failure());
  return std::move(columns.cells());
}

}  // namespace probatio::decode
