// Sealing the NAT rows of one window: at the close of a run, and again where a dead run is rebuilt.
#pragma once

#include "keep/nat_rows.h"
#include "seal/segment.h"

namespace probatio::keep {

// After FileOpen, once for each window that has rows; on all cores. Its rows leave memory. kStorage when the
// spill cannot be read.
Result<seal::SegmentImage> SealNatRows(NatRows* nat, const seal::Window& window, const SegmentId& segment,
                                       const seal::WindowKeys& keys, bool padded, Random& random);

}  // namespace probatio::keep
