// Input that is read by a mapping file: CSV, and JSON Lines whose keys are not those of our records
// (docs/formats/mapping.md).
#pragma once

#include "cli/input.h"
#include "cli/session.h"
#include "decode/mapping/mapping.h"

namespace probatio::cli {

inline constexpr int kDryRunRows = 3;
inline constexpr int kDryRunRowsMax = 1'000;

// Does the format need a mapping, or was one named?
bool IsMapped(const InputKind& kind);

// The parts with which a file is read, but for who puts aside. kUsage for a format that no mapping serves,
// kInvalid for a mapping that is none; reading is kInvalid for a file whose header is not the mapping's. The
// zone of the kind's clock goes before the mapping's.
Result<decode::FileDecoder::Parts> MappedParts(const InputKind& kind);

// How the first rows would be read, column by column; nothing is imported.
Status ShowFirstRows(Session& session, const InputKind& kind, const std::string& path, int rows);

}  // namespace probatio::cli
