#include "decode/flow/pending_sets.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace probatio::decode {
namespace {

// NetFlow 9 says when it started. Its two clocks have different steps: seconds and milliseconds.
constexpr std::int64_t kSameStartNs = 5 * kNsPerSecond;

bool SameStart(const MessageHeader& one, const MessageHeader& other) {
  if (!one.uptime_ms.has_value() || !other.uptime_ms.has_value()) return true;
  // Modulo 2^32 milliseconds: the uptime goes round after 49 days.
  const auto ran_ms = static_cast<std::int32_t>(*other.uptime_ms - *one.uptime_ms);
  const std::int64_t off = (other.export_time - one.export_time) - ran_ms * kNsPerMs;
  return off > -kSameStartNs && off < kSameStartNs;
}

}  // namespace

void PendingSets::Hold(PendingSet set) {
  if (set.body.size() > kPendingBytesMax) {
    CountDropped(set.header);
    return;
  }
  bytes_ += set.body.size();
  sets_.push_back(std::move(set));
  while (bytes_ > kPendingBytesMax || sets_.size() > kPendingSetsMax) DropOldest();
}

std::vector<PendingSet> PendingSets::Take(std::uint32_t domain, std::uint16_t id, const MessageHeader& now) {
  std::vector<PendingSet> taken;
  std::deque<PendingSet> kept;
  for (PendingSet& set : sets_) {
    const std::int64_t age = now.export_time - set.header.export_time;
    if (set.header.domain != domain || set.id != id) {
      kept.push_back(std::move(set));
    } else if (age > kPendingAgeMaxNs || age < -kPendingAgeMaxNs || !SameStart(set.header, now)) {
      bytes_ -= set.body.size();
      CountDropped(set.header);
    } else {
      bytes_ -= set.body.size();
      taken.push_back(std::move(set));
    }
  }
  sets_ = std::move(kept);
  return taken;
}

std::vector<PendingSet> PendingSets::TakeAll() {
  bytes_ = 0;
  std::deque<PendingSet> all = std::exchange(sets_, {});
  return {std::make_move_iterator(all.begin()), std::make_move_iterator(all.end())};
}

void PendingSets::DropOldest() {
  bytes_ -= sets_.front().body.size();
  CountDropped(sets_.front().header);
  sets_.pop_front();
}

void PendingSets::DropAll() {
  while (!sets_.empty()) DropOldest();
}

void PendingSets::CountDropped(const MessageHeader& header) {
  ++dropped_;
  const Dropped one{header.domain, 1, {header.export_time, header.export_time + kNsPerSecond}};
  const bool full = dropped_of_.size() == kDroppedDomainsMax && !dropped_of_.contains(header.domain);
  const auto [place, added] =
      full ? std::pair(dropped_of_.begin(), false) : dropped_of_.try_emplace(header.domain, one);
  if (added) return;
  Dropped& sum = place->second;
  if (sum.sets != UINT32_MAX) ++sum.sets;
  sum.exported = {std::min(sum.exported.begin, one.exported.begin),
                  std::max(sum.exported.end, one.exported.end)};
}

std::vector<PendingSets::Dropped> PendingSets::TakeDropped() {
  std::vector<Dropped> dropped;
  for (const auto& [domain, one] : dropped_of_) dropped.push_back(one);
  dropped_of_.clear();
  return dropped;
}

}  // namespace probatio::decode
