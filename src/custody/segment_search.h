// Searches one segment of the untrusted box for one token, and notices everything that the box withheld or
// replaced. Used by the sealed reader only. Not thread-safe.
#pragma once

#include <functional>

#include "custody/request.h"
#include "seal/segment_leaves.h"

namespace probatio::custody {

// The rows that a look-up wants. The hint says part of it, so that a block need not decode all of its rows.
struct Wanted {
  seal::RowHint hint;
  std::function<bool(const record::Record&)> test;
};

class SegmentSearch {
 public:
  virtual ~SegmentSearch() = default;
  // The wanted rows under the opened token, which is the subject's where `subject_private` is given, each
  // with its proof; a block without a wanted row is not committed to. Complete: kStorage "store incomplete:
  // ..." names the segment and the block's position, never the selector. An empty result is a proven miss.
  virtual Result<std::vector<seal::ProvenRow>> Search(const seal::Token& token, const Opened& opened,
                                                      const Key* subject_private, const Wanted& wanted) = 0;
};

// What a search of a closed segment for the token reads first, whatever it finds; for Box::Announce.
std::vector<std::string> FirstReads(const seal::SegmentInfo& info, const seal::Token& token,
                                    seal::LeafCache* cache);

// Reads the leaves' index, or the journal, once; searches as often as asked. The cache outlives the search.
Result<std::unique_ptr<SegmentSearch>> OpenSegment(const seal::Box& box, const seal::JournalArchive& journals,
                                                   const seal::SegmentInfo& info, seal::LeafCache* cache);

}  // namespace probatio::custody
