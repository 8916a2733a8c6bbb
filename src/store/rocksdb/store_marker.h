// The file STORE in a box's directory: what the directory is, and in which version. It is looked at before
// RocksDB touches anything, so that a directory that is not ours, or is newer than we are, stays as it was.
#pragma once

#include <string>

#include "base/result.h"

namespace probatio::store {

inline constexpr int kStoreFormat = 1;

// Refuses whatever is not a store that we can open: kStorage with the path, the reason and the next step.
Status CheckStore(const std::string& directory);

// The same, and makes the store where there is no directory, or an empty one. Durable when it returns.
Status CheckOrMakeStore(const std::string& directory);

}  // namespace probatio::store
