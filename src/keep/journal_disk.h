// DiskJournals over a disk that a test hands in.
#pragma once

#include "keep/disk.h"
#include "keep/journal_file.h"

namespace probatio::keep {

// `disk` must outlive what is returned.
std::unique_ptr<Journals> DiskJournalsOn(const std::string& folder, Disk& disk);

}  // namespace probatio::keep
