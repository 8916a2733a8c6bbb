// What the text of a column has to look like for a field of a record, told from the record's own list of
// fields. Pure; thread-safe. For the .cc files of this folder.
#pragma once

#include <optional>
#include <string_view>

#include "record/field.h"

namespace probatio::decode {

enum class FieldForm : std::uint8_t { kText, kNumber, kInstant, kList, kSecret };

// Nothing when the kind has no such field, or none that a mapping may fill. Without a kind: of any kind.
std::optional<FieldForm> FormOf(std::optional<record::RecordKind> kind, std::string_view field);

}  // namespace probatio::decode
