// How a resolver reads: one selector, some streams, one period, under a Grant. Each look-up says why it is allowed: because
// the scope names its subject, or because a proven row of the step before names it. The custodians' station checks the same.
#pragma once

#include "order/grant.h"
#include "seal/directory.h"
#include "seal/proven_row.h"

namespace probatio::resolve {

struct LookUp {
  std::string line;                           // the scope line it serves
  seal::Selector selector;
  std::vector<seal::Stream> streams;
  Period period;                              // windows that overlap it are searched
  std::optional<seal::ProvenRow> because;     // absent: the line's own subject names the selector
};

// What could not be seen, and why: part of the answer.
enum class GapKind : std::uint8_t { kOutsideRetention, kLostRecords, kStillOpen, kNoWindow };
std::string_view ToText(GapKind kind);  // "outside_retention", "lost_records", "still_open", "no_window"
struct Gap {
  GapKind kind = GapKind::kLostRecords;
  Period period;
  std::string note;
};

struct Found {
  std::vector<seal::ProvenRow> rows;   // ascending by instant
  std::vector<Gap> gaps;
  std::uint64_t segments_searched = 0;
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // kDenied when the grant does not allow the look-up or no longer holds; kStorage "store incomplete: ..." when the box
  // withheld or replaced something: never an empty result in that case.
  virtual Result<Found> Read(const order::Grant& grant, const std::vector<LookUp>& look_ups) = 0;
};

// Is the look-up within the scope? Used by the reader and, independently, by the station. kDenied says why not.
Status CheckLookUp(const order::Scope& scope, const LookUp& look_up);

}  // namespace probatio::resolve
