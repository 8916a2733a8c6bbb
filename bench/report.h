// The figures of a run, for people and for machines (docs/performance.md explains each key).
#pragma once

#include "entropy.h"
#include "measure.h"

namespace probatio::bench {

struct Run {
  TraceOptions options;
  std::uint32_t addresses = 0;
  double hours = 0;
  double rows_per_address_second = 0;
  Bound bound;
  Figures ours;
  std::map<std::string, Figures> peers;
  std::map<std::string, std::string> absent;  // peer, and why it was not measured
};

std::string ToText(const Run& run);
std::string ToJson(const Run& run);

}  // namespace probatio::bench
