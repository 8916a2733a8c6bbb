// The order of NAT rows in a window: by public address (in the tables' numbering), port, end, beginning, and
// then everything else, so that the same rows over the same tables give the same block. Pure; thread-safe.
#pragma once

#include "seal/nat_row.h"

namespace probatio::seal {

bool NatRowBefore(const NatRow& a, const NatRow& b);

// A radix sort by address and port, then the few rows of one port among themselves: rows arrive almost in
// order of their end, and comparing 48 octets n log n times would cost as much as packing them.
void SortNatRows(std::vector<NatRow>* rows);

}  // namespace probatio::seal
