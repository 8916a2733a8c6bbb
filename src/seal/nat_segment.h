// A segment of NAT rows at its close: which tokens it has, in which order they are sealed, and what they give
// together. The sealing itself may be spread over threads (keep/): the plan is made first, because a block
// names the next token. Pure; thread-safe.
#pragma once

#include "seal/nat_groups.h"
#include "seal/nat_sealer.h"
#include "seal/segment.h"

namespace probatio::seal {

// A token's rows, and the token after it.
struct PlannedToken {
  Token token{};
  Token next{};
  NatGroup group;
};

// Ascending by token. CHECKs that no two selectors have one token: sixteen octets of HMAC do not meet.
std::vector<PlannedToken> PlanTokens(std::span<const NatGroup> groups, Stream stream, const NatTables& tables,
                                     const WindowKeys& keys);

// The public addresses of the groups; nothing where there is no group.
std::optional<PublicRange> RangeOf(std::span<const NatGroup> groups, const NatTables& tables);

// The leaves behind the sentinel, in order.
std::vector<BlockLeaf> WithSentinel(std::vector<BlockLeaf> leaves);

// All of it on one thread, from rows in any order.
SegmentImage BuildNatSegment(const SegmentId& segment, Stream stream, const WindowKeys& keys,
                             const NatTables& tables, std::vector<NatRow> rows, Random& random,
                             bool padded = false);

}  // namespace probatio::seal
