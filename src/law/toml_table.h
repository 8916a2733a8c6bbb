// One table of a regime file with its place, so that every error names file, line and key. toml++ stays in
// toml_table.cc. Borrows from the parsed document and must not outlive it.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "law/regime.h"

namespace probatio::law {

class TomlTable {
 public:
  // `node` is the toml::table that toml_table.cc knows.
  TomlTable(const void* node, std::string file, std::string where)
      : node_(node), file_(std::move(file)), where_(std::move(where)) {}

  Error Wrong(std::string_view key, std::string_view reason) const;
  Status OnlyKeys(std::initializer_list<std::string_view> known) const;
  bool Has(std::string_view key) const;

  Result<std::string> Text(std::string_view key) const;  // required, never empty
  Result<std::string> TextOr(std::string_view key, std::string otherwise) const;
  Result<std::vector<std::string>> Texts(std::string_view key) const;  // absent: empty; none twice
  Result<int> Integer(std::string_view key, int max) const;            // absent: 0
  Result<bool> Flag(std::string_view key) const;                       // absent: false
  Result<CivilDate> Date(std::string_view key) const;                  // required
  Result<Verdict> VerdictOf(std::string_view key) const;
  Result<std::vector<TomlTable>> Tables(std::string_view key) const;  // of [[key]]

 private:
  const void* node_;
  std::string file_;
  std::string where_;
};

// Reads a file and hands its root to `read`, while the document lives.
Result<Regime> WithTomlRoot(std::string_view toml, const std::string& file_name,
                            Result<Regime> (*read)(const TomlTable&));

}  // namespace probatio::law
