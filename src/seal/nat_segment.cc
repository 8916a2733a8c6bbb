#include "seal/nat_segment.h"

#include <algorithm>

#include "seal/nat_sort.h"

namespace probatio::seal {
namespace {

constexpr std::size_t kPrefixOctetsV4 = 3;
constexpr std::size_t kPrefixOctetsV6 = 6;

IpAddress PrefixOf(const IpAddress& address) {
  Buffer octets = ToBuffer(address.octets());
  const std::size_t kept = address.is_v4() ? kPrefixOctetsV4 : kPrefixOctetsV6;
  std::fill(octets.begin() + static_cast<std::ptrdiff_t>(kept), octets.end(), std::uint8_t{0});
  return IpAddress::FromOctets(octets).value();
}

}  // namespace

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

void AddAddress(const IpAddress& address, NatFacts* facts) {
  const IpAddress prefix = PrefixOf(address);
  if (!facts->public_from.has_value() || prefix < *facts->public_from) facts->public_from = prefix;
  if (!facts->public_to.has_value() || *facts->public_to < prefix) facts->public_to = prefix;
}

std::vector<BlockLeaf> WithSentinel(std::vector<BlockLeaf> leaves) {
  BlockLeaf sentinel;
  sentinel.last = true;
  sentinel.next = leaves.empty() ? kTokenEnd : leaves.front().token;
  leaves.insert(leaves.begin(), sentinel);
  return leaves;
}

SegmentImage BuildNatSegment(const SegmentId& segment, Stream stream, const WindowKeys& keys,
                             const NatTables& tables, std::vector<NatRow> rows, Random& random) {
  SortNatRows(&rows);
  const std::vector<NatGroup> groups = GroupsOf(rows, stream);
  NatSealer sealer(segment, keys, tables, false, random);
  std::vector<SealedBlock> blocks;
  for (const PlannedToken& planned : PlanTokens(groups, stream, tables, keys)) {
    const std::span<const NatRow> group(&rows[planned.group.first], planned.group.count);
    sealer.Seal(planned.token, planned.next, group, &blocks);
  }
  SegmentImage image;
  image.rows = rows.size();
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
