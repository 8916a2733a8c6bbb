// The file operations of the vault and of holds' sealed files, in one folder: create durably, read, destroy.
// For vault.cc and hold_extraction.cc only. Thread-safe.
#pragma once

#include <optional>

#include "keep/disk.h"

namespace probatio::keep {

// Written beside, synced, renamed into place, and the folder synced: a reader sees the whole file or none.
Status CreateDurably(Disk& disk, const std::string& folder, const std::string& name, Bytes content);
// Nothing when there is no such file.
Result<std::optional<Buffer>> ReadWhole(Disk& disk, const std::string& path, std::size_t bytes_max);
// Overwritten and synced, then unlinked, then the folder synced; so is what a creation that was cut off left.
// No such file is no error: what is left to do of an earlier attempt is the syncing.
Status DestroyDurably(Disk& disk, const std::string& folder, const std::string& name, std::size_t bytes);

}  // namespace probatio::keep
