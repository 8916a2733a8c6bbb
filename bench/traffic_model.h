// The model's distributions, in one place because the generator draws from them and the entropy bound
// integrates them: how often subscribers open something, how long it is held, over which protocol.
#pragma once

#include <algorithm>

#include "random.h"
#include "trace.h"

namespace probatio::bench {

// 19:00 UTC, so that short traces lie in the busy hours for which an operator must size.
inline const Instant kTraceBegin =
    Instant::FromUnixSeconds(1'767'225'600 + 19 * 3600);  // 2026-01-01T19:00:00Z

// A port rests before another session may have it (RFC 6888 REQ-8 asks for up to 120 s). Two seconds are
// enough for one answer to every question, at a resolution of one second too.
inline constexpr std::int64_t kPortQuarantineMs = 2000;

inline constexpr double kSessionsPerDay = 33'000;  // of one subscriber (RFC 7422, section 4)
inline constexpr double kBlocksPerDay = 12;

// Holdings begun per second by a subscriber, `seconds` after the trace's begin: the busiest hour is 20:30.
inline double RateOf(Mode mode, double seconds) {
  const double hours = 19 + seconds / 3600;
  const double curve = 1 + 0.6 * std::cos((hours - 20.5) / 24 * 2 * M_PI);
  return (mode == Mode::kSession ? kSessionsPerDay : kBlocksPerDay) / 86'400 * curve;
}

// A kind of session: its share, protocol, and duration, exponential or (sigma > 0) log-normal, in seconds.
struct SessionKind {
  double share;
  std::uint8_t proto;
  double scale;  // mean of an exponential, median of a log-normal duration
  double sigma;
};
inline constexpr SessionKind kSessionKinds[] = {
    {0.30, 17, 30, 0}, {0.25, 17, 120, 0}, {0.35, 6, 60, 0}, {0.08, 6, 492.75, 1.3}, {0.02, 1, 10, 0}};
inline constexpr SessionKind kBlockKind = {1, 0, 45 * 60, 1.6};
inline constexpr double kSessionSecondsMax = 2.9 * 86'400;
inline constexpr double kBlockSecondsMin = 120;
inline constexpr double kBlockSecondsMax = 7 * 86'400.0;

struct Holding {
  std::uint8_t proto = 0;
  std::int64_t duration_ms = 1;
};

inline double DrawSeconds(const SessionKind& kind, Dice& dice) {
  return kind.sigma > 0 ? dice.LogNormal(kind.scale, kind.sigma) : dice.Exponential(kind.scale);
}

inline Holding DrawHolding(Mode mode, Dice& dice) {
  if (mode == Mode::kBlock) {
    const double seconds = std::clamp(DrawSeconds(kBlockKind, dice), kBlockSecondsMin, kBlockSecondsMax);
    return {kBlockKind.proto, static_cast<std::int64_t>(seconds * 1000)};
  }
  double at = dice.Uniform();
  const SessionKind* kind = std::begin(kSessionKinds);
  for (; at >= kind->share && kind + 1 != std::end(kSessionKinds); ++kind) at -= kind->share;
  const double seconds = std::min(DrawSeconds(*kind, dice), kSessionSecondsMax);
  return {kind->proto, std::max<std::int64_t>(1, static_cast<std::int64_t>(seconds * 1000))};
}

}  // namespace probatio::bench
