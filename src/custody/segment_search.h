// Searches one segment of the untrusted box for one token, and notices everything that the box withheld or
// replaced. Used by the sealed reader only. Not thread-safe.
#pragma once

#include <functional>

#include "custody/request.h"
#include "seal/box.h"

namespace probatio::custody {

using Wanted = std::function<bool(const record::Record&)>;

class SegmentSearch {
 public:
  virtual ~SegmentSearch() = default;
  // The wanted rows under the opened token, which is the subject's where `subject_private` is given.
  // Complete: kStorage "store incomplete: ..." names the segment and the block's position, never the
  // selector. An empty result is a proven miss.
  virtual Result<std::vector<seal::ProvenRow>> Search(const seal::Token& token, const Opened& opened,
                                                      const Key* subject_private, const Wanted& wanted) = 0;
};

// Reads the leaves, or the journal, once; searches as often as asked.
Result<std::unique_ptr<SegmentSearch>> OpenSegment(const seal::Box& box, const seal::JournalArchive& journals,
                                                   const seal::SegmentInfo& info);

// All leaves of a closed segment, held against the root that the ledger has. kStorage "store incomplete:
// ...".
Result<std::vector<seal::BlockLeaf>> LoadLeaves(const seal::Box& box, const seal::SegmentInfo& info);

}  // namespace probatio::custody
