// A table of a TOML file, read strictly: every error names file, line, key and reason, and a key that nobody
// knows is an error, since a silent typing error would change what the file says. What of TOML may be used:
// toml_screen.h. A table and those taken from it share the parsed file. Immutable; thread-safe.
#pragma once

#include <initializer_list>
#include <memory>
#include <vector>

#include "base/result.h"

namespace probatio {

class TomlTable {
 public:
  struct Limits {
    std::size_t file_bytes = 65'536;
    std::size_t text_bytes = 4'096;  // of one value
    std::size_t entries = 1'000;     // of one list
  };
  // The file's root. kInvalid "FILE:LINE: reason".
  static Result<TomlTable> Parse(std::string_view toml, const std::string& file_name, const Limits& limits);

  // "FILE:LINE: listener[2].address: reason", kInvalid.
  Error Wrong(std::string_view key, std::string_view reason) const;
  Status OnlyKeys(std::initializer_list<std::string_view> known) const;
  bool Has(std::string_view key) const;

  Result<std::string> Text(std::string_view key) const;  // there, and not empty
  Result<std::string> TextOr(std::string_view key, std::string otherwise) const;
  Result<std::vector<std::string>> Texts(std::string_view key) const;  // none when the key is not there
  Result<std::int64_t> NumberOr(std::string_view key, std::int64_t min, std::int64_t max,
                                std::int64_t otherwise) const;
  Result<bool> FlagOr(std::string_view key, bool otherwise) const;
  Result<std::string> Date(std::string_view key) const;  // there; "2021-10-21"
  // [key]: an empty table when it is not there.
  Result<TomlTable> Table(std::string_view key) const;
  Result<std::vector<TomlTable>> Tables(std::string_view key) const;  // [[key]]

 private:
  struct Place;  // keeps toml++ out of this header
  explicit TomlTable(std::shared_ptr<const Place> place) : place_(std::move(place)) {}
  Result<TomlTable> Inner(const void* table, std::string where) const;

  std::shared_ptr<const Place> place_;
};

}  // namespace probatio
