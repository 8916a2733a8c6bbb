// Which segments are to be sealed anew, and what of them goes to the custodians' station.
#pragma once

#include "keep/journal_file.h"
#include "keep/manifest.h"
#include "keep/retention_rules.h"
#include "seal/box.h"
#include "seal/reseal_file.h"

namespace probatio::keep {

// Readable segments of one window: more slow every look-up in it down and are to be merged. It is a limit to
// be told of, never one to refuse records for: whatever arrives is sealed and kept.
inline constexpr std::size_t kSegmentsPerWindowMax = 16;

// Segments that one request may name: of one stream and run (dead ones, by window), or of one window
// (closed).
using ResealGroup = std::vector<seal::SegmentInfo>;

// Dead segments that can be rebuilt, the earliest first. Not those of subjects, whose rows no station can
// open, nor what is past its retention.
std::vector<ResealGroup> DeadRuns(const Manifest& manifest, const RetentionRules& rules, Instant now);
// Windows with more than `over` closed segments, the fullest first.
std::vector<ResealGroup> CrowdedWindows(const Manifest& manifest, const RetentionRules& rules, Instant now,
                                        std::size_t over);

struct ResealPick {
  std::vector<seal::SegmentInfo> segments;
  std::vector<std::vector<Buffer>> parts;  // parallel: seal::ResealFile
  std::vector<std::string> passed_over;    // segments that are damaged, each with the reason
  std::size_t left = 0;                    // that did not fit under the limits: for another request
};
// As many of the group, in its order, as fit. What the ledger does not vouch for is passed over.
Result<ResealPick> PickDead(const ResealGroup& group, const Journals& journals);
Result<ResealPick> PickClosed(const ResealGroup& group, const seal::Box& box);

}  // namespace probatio::keep
