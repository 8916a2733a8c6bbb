// Records as JSON objects with the keys of the command-line contract: `class`, `event`, `at`, ... A key is absent
// when the source did not say. One object is one line, keys in FieldId order.
#pragma once

#include <set>
#include <string>

#include "record/field.h"

namespace probatio::record {

inline constexpr std::size_t kJsonLineBytesMax = 65'536;

// One line without a newline. With `faces`, only the fields of these faces (class always).
std::string ToJson(const Record& record);
std::string ToJson(const Record& record, const std::set<Face>& faces);

// Reads what ToJson wrote, or what a platform wrote by docs/formats/jsonl.md. Unknown keys are kInvalid here
// and name the key; a source with keys to drop goes through a mapping first. Nesting beyond a list is refused.
Result<Record> FromJson(std::string_view line);

}  // namespace probatio::record
