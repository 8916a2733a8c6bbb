#include "collect/exporters.h"

#include <fmt/format.h>

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
  return made;
}

const Exporter* Exporters::Find(const IpAddress& ip) const {
  for (const Exporter& exporter : exporters_) {
    for (const IpPrefix& network : exporter.from) {
      if (network.Contains(ip)) return &exporter;
    }
  }
  return nullptr;
}

}  // namespace probatio::collect
