#include "decode/time/time_zone.h"

#include <algorithm>
#include <limits>

namespace probatio::decode {
namespace {

constexpr std::int64_t kOffsetMax = 26 * 3600;  // RFC 8536, section 3.2: within -25 and 26 hours

}  // namespace

TimeZone TimeZone::Fixed(std::string name, std::int64_t utc_offset_s) {
  TimeZone zone;
  zone.name_ = std::move(name);
  zone.first_offset_s_ = utc_offset_s;
  return zone;
}

// Every span of one offset that comes near the reading is asked whether a clock showed it there.
std::optional<Readings> TimeZone::At(std::int64_t local_s) const {
  const auto later = [](std::int64_t at, const Change& change) { return at < change.at_s; };
  auto next = std::upper_bound(changes_.begin(), changes_.end(), local_s - kOffsetMax, later);
  std::optional<Readings> found;
  std::int64_t begin = std::numeric_limits<std::int64_t>::min();
  std::int64_t offset = first_offset_s_;
  if (next != changes_.begin()) {
    begin = std::prev(next)->at_s;
    offset = std::prev(next)->utc_offset_s;
  }
  while (begin <= local_s + kOffsetMax) {
    const std::int64_t end = next == changes_.end() ? std::numeric_limits<std::int64_t>::max() : next->at_s;
    const std::int64_t at = local_s - offset;
    if (begin <= at && at < end) found = Readings{found.has_value() ? found->earliest : at, at};
    if (next == changes_.end()) break;
    begin = next->at_s;
    offset = next->utc_offset_s;
    ++next;
  }
  return found;
}

}  // namespace probatio::decode
