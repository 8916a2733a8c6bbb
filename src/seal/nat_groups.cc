#include "seal/nat_groups.h"

namespace probatio::seal {

std::vector<NatGroup> GroupsOf(std::span<const NatRow> sorted, Stream stream) {
  CHECK(IsNatStream(stream));
  std::vector<NatGroup> groups;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const std::uint64_t key = GroupKeyOf(sorted[i], stream);
    if (groups.empty() || groups.back().key() != key) {
      groups.push_back({sorted[i].address, static_cast<std::uint16_t>(key), i, 0});
    }
    ++groups.back().count;
  }
  return groups;
}

Selector SelectorOf(const NatGroup& group, Stream stream, const NatTables& tables) {
  const IpAddress& address = tables.addresses()[group.address];
  if (stream == Stream::kNatBlock) return ForPublicIp(address);
  return ForPublicTuple(address, static_cast<std::uint16_t>(group.bucket * kPortsPerBucket));
}

Stream StreamOf(const NatShape& shape) {
  return shape.has_port && !shape.block ? Stream::kNatSession : Stream::kNatBlock;
}

}  // namespace probatio::seal
