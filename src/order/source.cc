#include "order/source.h"

#include <algorithm>
#include <iterator>

namespace probatio::order {
namespace {

bool SameName(const std::string& fault, const std::string& source) {
  return fault.empty() || source == kAnySource || fault == source;
}

bool Overlap(const std::optional<Period>& fault, const Period& source) {
  return !fault || (fault->begin < source.end && source.begin < fault->end);
}

}  // namespace

bool Touches(const Fault& fault, const Source& source) {
  return SameName(fault.stream, source.stream) && SameName(fault.exporter, source.exporter) &&
         Overlap(fault.events, source.events) && Overlap(fault.sealed, source.sealed);
}

std::vector<Source> TouchedBy(const Fault& fault, const std::vector<Source>& sources) {
  std::vector<Source> touched;
  std::copy_if(sources.begin(), sources.end(), std::back_inserter(touched),
               [&](const Source& source) { return Touches(fault, source); });
  return touched;
}

}  // namespace probatio::order
