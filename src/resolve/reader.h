// How a resolver reads: one selector, some streams, one period, under a Grant. Each look-up says why it is
// allowed: because the scope names its subject, or because a proven row of the step before names it. The
// custodians' station checks the same.
#pragma once

#include "order/grant.h"
#include "seal/directory.h"
#include "seal/proven_row.h"

namespace probatio::resolve {

// How far around an operator's instant a look-up may reach, per stream; the widest that Limits may ask for.
inline constexpr std::int64_t kSessionLookBackMaxNs = 24 * kNsPerHour;  // NAT sessions, before and after
inline constexpr std::int64_t kBlockLookBackMaxNs =
    7 * kNsPerDay;  // port blocks and bindings, before and after
inline constexpr std::int64_t kAccessLookBackMaxNs = 30 * kNsPerDay;  // access sessions, before
inline constexpr std::int64_t kAccessLookAheadMaxNs = kNsPerDay;      // access sessions, after
// A tuple whose error is wider says nothing about an instant. What an order may say, too.
inline constexpr std::int64_t kTupleErrorMaxNs = kNsPerDay;

struct LookUp {
  std::string line;  // the scope line it serves
  seal::Selector selector;
  std::vector<seal::Stream> streams;
  Period period;                           // windows that overlap it are searched
  std::optional<seal::ProvenRow> because;  // absent: the line's own subject names the selector
  // NAT streams: the instants for which every holder is wanted. With them a reader passes over segments that
  // can say nothing about these (seal::MayConcern).
  std::optional<Period> asked = std::nullopt;
};

// What could not be seen, and why: part of the answer.
enum class GapKind : std::uint8_t { kOutsideRetention, kLostRecords, kStillOpen, kNoWindow };
std::string_view ToText(GapKind kind);  // "outside_retention", "lost_records", "still_open", "no_window"
struct Gap {
  GapKind kind = GapKind::kLostRecords;
  Period period;
  std::string note;
  std::optional<seal::Stream> stream = std::nullopt;  // where it is known
};

struct Found {
  std::vector<seal::ProvenRow> rows;  // ascending by instant
  std::vector<Gap> gaps;
  std::uint64_t segments_searched = 0;
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // kDenied when the grant does not allow the look-up or no longer holds; kStorage "store incomplete: ..."
  // when the box withheld or replaced something: never an empty result in that case.
  virtual Result<Found> Read(const order::Grant& grant, const std::vector<LookUp>& look_ups) = 0;
};

// Is the look-up within the scope? Used by the reader and, independently, by the station. kDenied says why
// not. What one look-up alone cannot show is left to the caller, and the station does it: that the segment
// root of `because` stands in the ledger, that a row without a proof lies in the journal of a segment closed
// by a crash, and that an access row's inside address is the NAT holder's (checked when the look-up that
// found it was opened).
Status CheckLookUp(const order::Scope& scope, const LookUp& look_up);

}  // namespace probatio::resolve
