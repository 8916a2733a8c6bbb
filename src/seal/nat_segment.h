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

// What is published of a segment beside its root, so that a question that cannot concern it passes it by.
struct NatFacts {
  // Rows whose other end is in no row here or in the next window: a create that had not ended when its
  // collector stopped, a delete whose create was not seen. A question looks for these farther away.
  std::uint64_t loose = 0;
  std::optional<IpAddress> public_from;  // the /24 or /48 of the lowest public address, and of the highest
  std::optional<IpAddress> public_to;
};
void AddAddress(const IpAddress& address, NatFacts* facts);

// The leaves behind the sentinel, in order.
std::vector<BlockLeaf> WithSentinel(std::vector<BlockLeaf> leaves);

// All of it on one thread, from rows in any order.
SegmentImage BuildNatSegment(const SegmentId& segment, Stream stream, const WindowKeys& keys,
                             const NatTables& tables, std::vector<NatRow> rows, Random& random);

}  // namespace probatio::seal
