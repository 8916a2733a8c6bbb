#include "keep/purge_plan.h"

#include <algorithm>

namespace probatio::keep {

bool IsPinned(std::span<const Pin> pins, const seal::SegmentInfo& info) {
  return std::any_of(pins.begin(), pins.end(), [&](const Pin& pin) {
    return pin.stream == info.window.stream && pin.period.Overlaps(info.window.period);
  });
}

bool IsExpired(const seal::SegmentInfo& info, const RetentionRules& rules, Instant now) {
  if (!info.expires) return false;
  const std::optional<law::CivilDate> by_rules = rules.ExpiryOf(info.window);
  const Instant expires = by_rules ? std::min(*info.expires, law::ParisMidnight(*by_rules)) : *info.expires;
  return expires <= now;
}

PurgePlan PlanPurge(const Manifest& manifest, const RetentionRules& rules, std::span<const Pin> pins,
                    Instant now) {
  PurgePlan plan;
  std::map<std::string, KeyPurge> by_key;
  for (const seal::SegmentInfo& info : manifest.All()) {
    if (info.state == seal::SegmentState::kPurged || info.erasure_key.empty()) continue;
    if (info.state == seal::SegmentState::kReplaced) continue;  // goes with the key, whenever that goes
    const bool expired = info.state != seal::SegmentState::kOpen && IsExpired(info, rules, now);
    const bool pinned = IsPinned(pins, info);
    if (expired && pinned) ++plan.held;
    KeyPurge& purge = by_key[info.erasure_key];
    (expired && !pinned ? purge.go : purge.stay).push_back(info);
  }
  for (auto& [id, purge] : by_key) {
    if (purge.go.empty()) continue;
    purge.key = ParseErasureKeyName(id).value();  // the manifest has read it
    plan.keys.push_back(std::move(purge));
  }
  return plan;
}

}  // namespace probatio::keep
