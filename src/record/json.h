// Records as JSON objects with the keys of the command-line contract: `class`, `event`, `at`, ... A key is
// absent when the source did not say. One object is one line, keys in FieldId order. Format:
// docs/formats/jsonl.md. Pure; thread-safe.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "record/field.h"

namespace probatio::record {

inline constexpr std::size_t kJsonLineBytesMax = 65'536;
inline constexpr std::size_t kJsonKeysMax = 128;  // keys of one object, those to be dropped included
inline constexpr std::size_t kJsonDepthMax =
    8;  // nesting inside a key that is dropped; ours need a list at most

// One line without a newline. With `faces`, only the fields of these faces (class always).
std::string ToJson(const Record& record);
std::string ToJson(const Record& record, const std::set<Face>& faces);
// For a screen or a pipe: of a secret only that it is there, `"password_verification_present":true`. What it
// prints is read back without it.
std::string ToShownJson(const Record& record);

// Reads what ToJson wrote of a whole record, or what a platform wrote by docs/formats/jsonl.md; the record
// keeps the rules of CheckRecord. kInvalid names the key, or the offset of a syntax error. An unknown key, a
// key twice and nesting beyond a list are refused. Without at_resolution_ns, the resolution is the step of
// the digits in which `at` is written.
Result<Record> FromJson(std::string_view line);

// The same for a source of which we take only what we know: keys that are no field of the record are stepped
// over, whatever their value, and appended to `dropped`.
Result<Record> FromJson(std::string_view line, std::vector<std::string>* dropped);

// Reads what ToJson wrote of some faces of a row of this kind: the fields of these faces are required where
// the whole record requires them, a field of another face is refused by name. What was not shown stays empty,
// so FaceBytes agrees with the whole record's for these faces only.
Result<Record> FromJson(std::string_view line, RecordKind kind, const std::set<Face>& faces);

}  // namespace probatio::record
