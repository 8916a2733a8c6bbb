#include "collect/exporters.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace probatio::collect {
namespace {

bool Overlap(const IpPrefix& one, const IpPrefix& other) {
  return one.Contains(other.address()) || other.Contains(one.address());
}

Status CheckApart(const Exporter& one, const Exporter& other) {
  for (const IpPrefix& a : one.from) {
    for (const IpPrefix& b : other.from) {
      if (Overlap(a, b)) {
        return Invalid(
            fmt::format("exporters '{}' and '{}' share addresses: whose settings count could not be told",
                        one.name, other.name));
      }
    }
  }
  return Done{};
}

}  // namespace

Result<Exporters> Exporters::Make(std::vector<Exporter> exporters) {
  if (exporters.size() > kExportersMax) return Invalid(fmt::format("more than {} exporters", kExportersMax));
  for (std::size_t i = 0; i < exporters.size(); ++i) {
    if (exporters[i].from.empty())
      return Invalid(fmt::format("exporter '{}': no address", exporters[i].name));
    for (std::size_t k = 0; k < i; ++k) TRY(CheckApart(exporters[k], exporters[i]));
  }
  Exporters made;
  made.exporters_ = std::move(exporters);
  std::vector<Network> all;
  for (std::size_t i = 0; i < made.exporters_.size(); ++i)
    for (const IpPrefix& block : made.exporters_[i].from) all.push_back({block, i});
  std::sort(all.begin(), all.end(),
            [](const Network& one, const Network& other) { return one.block < other.block; });
  for (const Network& network : all) {  // an exporter may name a block, and one within it
    const bool held = !made.networks_.empty() && Overlap(made.networks_.back().block, network.block);
    if (!held) made.networks_.push_back(network);
  }
  return made;
}

const Exporter* Exporters::Find(const IpAddress& ip) const {
  const auto after = std::upper_bound(
      networks_.begin(), networks_.end(), ip,
      [](const IpAddress& sought, const Network& network) { return sought < network.block.address(); });
  if (after == networks_.begin() || !std::prev(after)->block.Contains(ip)) return nullptr;
  return &exporters_[std::prev(after)->exporter];
}

}  // namespace probatio::collect
