// The orders of NAT rows. In a block and in a window: by public address (in the tables' numbering), port,
// end, beginning, and then everything else, so that the same rows over the same tables give the same block.
// In a batch: by token only. Pure; thread-safe.
#pragma once

#include "seal/nat_groups.h"

namespace probatio::seal {

inline constexpr std::size_t kGroupedRowsMax = 1U << 20;  // of GroupNatRows

bool NatRowBefore(const NatRow& a, const NatRow& b);

// A radix sort by address and port, then the few rows of one port among themselves: rows arrive almost in
// order of their end, and comparing 48 octets n log n times would cost as much as packing them.
void SortNatRows(std::vector<NatRow>* rows);

// Rows of one token stand together, tokens by NatGroup::key, rows of a token in the order in which they came.
// CHECKs kGroupedRowsMax. `room` lends its memory and keeps what the rows had: so much memory is dear to get
// anew for each batch.
void GroupNatRows(Stream stream, std::vector<NatRow>* rows, std::vector<NatRow>* room);

}  // namespace probatio::seal
