// What of the rows found may be handed on: those the look-up asks for and the law still lets us keep, each
// once. Used by the sealed reader only. Not thread-safe.
#pragma once

#include <set>

#include "custody/segment_search.h"
#include "resolve/retention.h"

namespace probatio::custody {

// Rows that belong to the look-up. A block holds the rows of a token, which is wider: of a bucket of ports
// only the line's own port, of a day's segment only the period. Versions of a subject pass whatever their
// instant: a later one may end the contract.
Wanted WantedBy(const order::Scope& scope, const resolve::LookUp& look_up);

// Where a row lies: its segment, its block and row, or in a journal its bytes. A row found twice is one row.
using Place = std::pair<SegmentId, Buffer>;
Place PlaceOf(const seal::ProvenRow& row);
void SortByInstant(std::vector<seal::ProvenRow>* rows);

class FoundRows {
 public:
  FoundRows(const resolve::Retention& retention, Instant now, std::vector<resolve::Gap> gaps)
      : retention_(retention), now_(now), gaps_(std::move(gaps)) {}

  // All rows that one question found. What may no longer be kept is dropped and leaves a gap.
  void Add(const resolve::LookUp& look_up, std::vector<seal::ProvenRow> rows);
  resolve::Found Take(std::uint64_t segments_searched);

 private:
  void AddRetentionGap(const seal::ProvenRow& row);

  const resolve::Retention& retention_;
  Instant now_;
  std::vector<resolve::Gap> gaps_;
  std::vector<seal::ProvenRow> rows_;
  std::set<Place> places_;
};

}  // namespace probatio::custody
