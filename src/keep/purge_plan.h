// What a purge would do: which windows are past their retention, which of them holds keep, and which
// survivors share an erasure key with them. Values; pure.
#pragma once

#include <span>

#include "keep/erasure_key.h"
#include "keep/hold.h"
#include "keep/manifest.h"
#include "keep/retention_rules.h"

namespace probatio::keep {

// One erasure key to be destroyed.
struct KeyPurge {
  ErasureKeyName key;
  std::vector<seal::SegmentInfo> go;    // closed or crashed, expired, pinned by nothing
  std::vector<seal::SegmentInfo> stay;  // under the same key: they move under another one first
};

struct PurgePlan {
  std::vector<KeyPurge> keys;
  std::uint64_t held = 0;  // expired segments that only holds keep
};

bool IsPinned(std::span<const Pin> pins, const seal::SegmentInfo& info);
// The earlier of the recorded day and that of the present rules. A longer rule does not revive; a rule that
// is no longer there does not purge (reading refuses such rows; destroying them is a person's decision).
bool IsExpired(const seal::SegmentInfo& info, const RetentionRules& rules, Instant now);

PurgePlan PlanPurge(const Manifest& manifest, const RetentionRules& rules, std::span<const Pin> pins,
                    Instant now);

}  // namespace probatio::keep
