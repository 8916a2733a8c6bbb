// What disclosed rows came from, kept with the order's execution: when a wrong clock or a decoder's fault is
// found later, it tells which deliveries it touched. No selector and nobody's data. Values; pure;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"

namespace probatio::order {

inline constexpr std::size_t kSourcesMax =
    100;  // of one execution; beyond, the rest is one that any fault touches
inline constexpr std::string_view kAnySource = "*";

struct Source {
  std::string stream;    // as windows name it; "*": a line that found nothing may have missed a row of any
  std::string exporter;  // empty: the rows name none; "*": any
  Period events;         // when what the rows tell happened
  Period sealed;         // when their segments stood open: rows do not say which decoder read them, but when
  bool operator==(const Source&) const = default;
};

// What was wrong, as far as it is known: an absent part is any.
struct Fault {
  std::string stream;
  std::string exporter;
  std::optional<Period> events;
  std::optional<Period> sealed;
};

bool Touches(const Fault& fault, const Source& source);
// Those that it touches, in their order.
std::vector<Source> TouchedBy(const Fault& fault, const std::vector<Source>& sources);

}  // namespace probatio::order
