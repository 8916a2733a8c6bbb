#include "seal/nat_groups.h"

namespace probatio::seal {

std::vector<NatGroup> GroupsOf(std::span<const NatRow> sorted, Stream stream) {
  CHECK(IsNatStream(stream));
  std::vector<NatGroup> groups;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const NatRow& row = sorted[i];
    const auto bucket =
        static_cast<std::uint16_t>(stream == Stream::kNatSession ? row.port / kPortsPerBucket : 0);
    if (groups.empty() || groups.back().address != row.address || groups.back().bucket != bucket) {
      groups.push_back({row.address, bucket, i, 0});
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
