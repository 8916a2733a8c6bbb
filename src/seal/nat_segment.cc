#include "seal/nat_segment.h"

#include <algorithm>

#include "seal/nat_sort.h"

namespace probatio::seal {
std::vector<PlannedToken> PlanTokens(std::span<const NatGroup> groups, Stream stream, const NatTables& tables,
                                     const WindowKeys& keys) {
  std::vector<PlannedToken> plan;
  plan.reserve(groups.size());
  for (const NatGroup& group : groups) {
    plan.push_back({keys.TokenOf(SelectorOf(group, stream, tables)), kTokenEnd, group});
  }
  std::sort(plan.begin(), plan.end(),
            [](const PlannedToken& a, const PlannedToken& b) { return a.token < b.token; });
  for (std::size_t i = 0; i + 1 < plan.size(); ++i) {
    CHECK(plan[i].token < plan[i + 1].token);
    plan[i].next = plan[i + 1].token;
  }
  return plan;
}

std::optional<PublicRange> RangeOf(std::span<const NatGroup> groups, const NatTables& tables) {
  std::optional<PublicRange> range;
  for (const NatGroup& group : groups) {
    const PublicRange around = RangeAround(tables.addresses()[group.address]);
    range = range.has_value() ? Join(*range, around) : around;
  }
  return range;
}

std::vector<BlockLeaf> WithSentinel(std::vector<BlockLeaf> leaves) {
  BlockLeaf sentinel;
  sentinel.last = true;
  sentinel.next = leaves.empty() ? kTokenEnd : leaves.front().token;
  leaves.insert(leaves.begin(), sentinel);
  return leaves;
}

SegmentImage BuildNatSegment(const SegmentId& segment, Stream stream, const WindowKeys& keys,
                             const NatTables& tables, std::vector<NatRow> rows, Random& random, bool padded) {
  SortNatRows(&rows);
  const std::vector<NatGroup> groups = GroupsOf(rows, stream);
  NatSealer sealer(segment, keys, tables, padded, random);
  std::vector<SealedBlock> blocks;
  for (const PlannedToken& planned : PlanTokens(groups, stream, tables, keys)) {
    const std::span<const NatRow> group(&rows[planned.group.first], planned.group.count);
    sealer.Seal(planned.token, planned.next, group, &blocks);
  }
  SegmentImage image;
  image.rows = rows.size();
  image.public_range = RangeOf(groups, tables);
  std::vector<BlockLeaf> leaves;
  for (SealedBlock& block : blocks) {
    leaves.push_back(block.leaf);
    image.blocks.push_back(std::move(block.bytes));
  }
  image.leaves = WithSentinel(std::move(leaves));
  image.root = SegmentRoot(image.leaves);
  return image;
}

}  // namespace probatio::seal
