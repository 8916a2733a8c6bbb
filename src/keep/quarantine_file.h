// The file operations of the quarantine. For quarantine*.cc only. Thread-safe.
#pragma once

#include "keep/disk.h"
#include "law/civil_date.h"

namespace probatio::keep {

inline constexpr char kQuarantineSuffix[] = ".quarantine";

// "20261124-": how the names of a day's files begin.
std::string QuarantinePrefix(const law::CivilDate& day);
std::string QuarantinePath(const std::string& folder, const std::string& name);

Status WriteAllAt(Disk& disk, int file, const std::string& name, Bytes content, std::uint64_t offset);
// Open for writing, its head and its name on disk. Nothing of it is left after an error.
Result<int> CreateQuarantineFile(Disk& disk, const std::string& folder, const std::string& name, Bytes head);
// Names of the files without their suffix, ascending; none where there is no folder.
Result<std::vector<std::string>> ListQuarantine(Disk& disk, const std::string& folder);
Result<std::uint64_t> BytesOfFiles(Disk& disk, const std::string& folder, const std::string& prefix);

}  // namespace probatio::keep
