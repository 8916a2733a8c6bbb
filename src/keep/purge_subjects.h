// The purge of subjects: tombstones for those whose retention ended, and the end of past months' erasure
// keys. For purge*.cc only.
#pragma once

#include "keep/purge_key.h"

namespace probatio::keep {

inline constexpr std::size_t kSubjectsPerWriteMax = 1000;

// A pin on a class's stream keeps all its ended subjects: which of them an order reaches is known only when
// it is read.
Status PurgeSubjects(const PurgeParts& parts, std::span<const Pin> pins, Instant now, KeyDestroyer* destroyer,
                     PurgeResult* result);

// Ended subjects of a class whose retention is over.
Result<std::vector<Lifetime>> ExpiredSubjects(const Subjects& subjects, const RetentionRules& rules,
                                              record::RecordClass record_class, Instant now);
bool AreSubjectsPinned(std::span<const Pin> pins, record::RecordClass record_class);

}  // namespace probatio::keep
