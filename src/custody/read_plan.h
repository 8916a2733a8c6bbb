// What a read must search and what it cannot: the segments that the ledger knows, the question to the
// custodians for them, and the gaps. Reads no record. Used by the sealed reader only.
#pragma once

#include "custody/sealed_reader.h"

namespace probatio::custody {

struct PlannedQuestion {
  const resolve::LookUp* look_up = nullptr;  // as the resolver asked it
  Question question;                         // as the custodians are asked
  std::vector<seal::SegmentInfo> search;     // closed and crashed segments, each to be searched
};

struct ReadPlan {
  std::vector<PlannedQuestion> questions;
  std::vector<resolve::Gap> gaps;
};

// The look-ups outlive the plan. kStorage "store incomplete: ..." when a wrapped key is missing or replaced;
// kNotFound when the row that a look-up rests on is of a segment nobody knows.
Result<ReadPlan> PlanRead(const SealedReader::Parts& parts, const std::vector<resolve::LookUp>& look_ups,
                          Instant now, seal::LeafCache* cache);

}  // namespace probatio::custody
