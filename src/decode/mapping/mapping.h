// A mapping file (docs/formats/mapping.md): which column of a log is which field of a record, what is the
// same in every row, how times are written, and what is left out. Nothing is taken that it does not name.
// Values; pure; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "record/record.h"

namespace probatio::decode {

inline constexpr std::size_t kMappingBytesMax = 262'144;
inline constexpr std::size_t kMappedColumnsMax = 512;
inline constexpr std::size_t kMappingTextBytesMax = 1'024;

enum class TimeForm : std::uint8_t {
  kPattern,  // of decode/time/civil_time.h
  kEpochS,   // seconds since 1970, with or without a fraction
  kEpochMs,
  kEpochUs,
  kEpochNs,
};

struct Column {
  std::string name;   // in the header; of JSON the keys down to it, "request.remote_ip"
  std::string field;  // of the record; or "source", "inside", "public": an address and its port in one
  bool optional = false;
  TimeForm time = TimeForm::kPattern;
  std::string pattern = "%Y-%m-%dT%H:%M:%S%f%z";
  std::string separator;                      // between the entries of a list; empty: there is one
  std::map<std::string, std::string> values;  // what is written → what is meant; empty: the same
  bool skip_other_values = false;             // rows of other values are no records; else they are broken
};

struct Mapping {
  std::optional<record::RecordKind> kind;  // none: columns `class` and `event` say it, row by row
  std::string delimiter = ",";
  bool header = true;
  std::vector<std::string> header_names;  // of a file without a header row
  std::vector<Column> columns;
  std::map<std::string, std::string> constants;  // field → value
  std::set<std::string> drop;
  bool drop_others = false;  // columns that are named nowhere; else they are an error
  std::set<std::string> absent{"", "-"};
  std::vector<std::string> skip_without;  // fields without which a row is no record, and no error
  std::string zone;                       // of local times; the caller opens it
  std::int64_t error_ns = 0;
  ClockSource source = ClockSource::kEvent;

  const Column* Find(const std::string& name) const;
};

// kInvalid "FILE:LINE: reason".
Result<Mapping> ParseMapping(std::string_view toml, const std::string& file_name);

// For a file whose columns have the names of fields: each is what it says, all others are dropped.
Mapping NativeMapping();

}  // namespace probatio::decode
