// The station's rules about the segments that a request names and the row that a look-up rests on.
// Thread-safe.
#pragma once

#include "custody/station.h"
#include "custody/station_keys.h"

namespace probatio::custody {

// The id says the window: stream and begin, then the run that opened it. A wrapped key is sealed with the id,
// so a window cannot be passed off for another.
Status CheckSegmentName(const SegmentId& segment, const seal::Window& window);

// The row of the step before: every face proved up to the root that the ledger holds for its segment; or, of
// a segment that was closed by a crash, found by the segment's own key in the journal batch sent along.
// kDenied says what does not hold. A section of a hold wants no batch: the keys of a purged segment are gone,
// and the section has nothing but what the order's own grant to preserve covered, row by row.
Status CheckBecause(const Question& question, const Anchors& anchors, StationKeys* keys);

}  // namespace probatio::custody
