#include "decode/flow/event_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace probatio::decode {
namespace {

constexpr std::uint64_t kNtpToUnixSeconds = 2'208'988'800;         // 1900-01-01 to 1970-01-01
constexpr std::uint32_t kMicrosecondsFractionMask = 0xFFFF'F800U;  // RFC 7011, section 6.1.9
constexpr std::int64_t kNsPerUs = 1'000;

struct TimeElement {
  NatElement element;
  NatValue format;
  std::int64_t resolution_ns;
  std::uint32_t fraction_mask;
};

constexpr TimeElement Ms(NatElement element) {
  return {element, NatValue::kMilliseconds, kNsPerMs, 0};
}
constexpr TimeElement Seconds(NatElement element) {
  return {element, NatValue::kSeconds, kNsPerSecond, 0};
}
constexpr TimeElement Us(NatElement element) {
  return {element, NatValue::kNtp, kNsPerUs, kMicrosecondsFractionMask};
}
constexpr TimeElement Ns(NatElement element) {
  return {element, NatValue::kNtp, 1, 0xFFFF'FFFFU};
}

// In the order of preference: RFC 8158 asks for 323 everywhere, so it goes before the finer ones.
constexpr std::array<TimeElement, 4> kObservation{
    Ms(NatElement::kObservationMs), Us(NatElement::kObservationUs), Ns(NatElement::kObservationNs),
    Seconds(NatElement::kObservationSeconds)};
constexpr std::array<TimeElement, 4> kStart{Ms(NatElement::kStartMs), Us(NatElement::kStartUs),
                                            Ns(NatElement::kStartNs), Seconds(NatElement::kStartSeconds)};
constexpr std::array<TimeElement, 4> kEnd{Ms(NatElement::kEndMs), Us(NatElement::kEndUs),
                                          Ns(NatElement::kEndNs), Seconds(NatElement::kEndSeconds)};

Result<Instant> FromMilliseconds(std::uint64_t ms) {
  if (ms >= kEventMillisecondsMax) return Invalid("time: milliseconds beyond the year 2261");
  return Instant::FromUnixNs(static_cast<std::int64_t>(ms) * kNsPerMs);
}

Result<Instant> ReadTime(const TimeElement& element, std::uint64_t value) {
  switch (element.format) {
    case NatValue::kMilliseconds:
      return FromMilliseconds(value);
    case NatValue::kNtp:
      return FromNtp(value, element.fraction_mask);
    default:
      return Instant::FromUnixSeconds(static_cast<std::int64_t>(value));
  }
}

using Found = std::optional<Timestamp>;

Result<Found> FirstOf(const NatFields& fields, const std::array<TimeElement, 4>& elements) {
  for (const TimeElement& element : elements) {
    const std::uint64_t value = fields.Unsigned(element.element).value_or(0);
    if (value == 0) continue;
    const Instant at = TRY(ReadTime(element, value));
    return Found(Timestamp{at, element.resolution_ns, 0, ClockSource::kEvent});
  }
  return Found();
}

constexpr std::int64_t kUptimeRoundMs = std::int64_t{1} << 32;  // the uptime goes round after 49 days

// Milliseconds since the exporter started. The turn that is nearest to the export is meant.
Result<Timestamp> SinceStart(Instant started, std::uint32_t uptime_ms, const ExporterClock& clock) {
  const std::int64_t first_turn = started.unix_ns() / kNsPerMs + uptime_ms;
  const std::int64_t behind = clock.export_time.unix_ns() / kNsPerMs - first_turn;
  const std::int64_t turns = (behind + kUptimeRoundMs / 2) / kUptimeRoundMs;
  const std::int64_t at_ms = first_turn + std::max<std::int64_t>(turns, 0) * kUptimeRoundMs;
  const Instant at = TRY(FromMilliseconds(static_cast<std::uint64_t>(at_ms)));
  return Timestamp{at, kNsPerMs, 0, ClockSource::kEvent};
}

// Before the export, by the uptime in the header of a NetFlow 9 packet. The header's other clock has seconds,
// and so has the result.
Timestamp BeforeExport(std::uint32_t uptime_ms, const ExporterClock& clock) {
  const auto before_ms = static_cast<std::int32_t>(*clock.uptime_ms - uptime_ms);
  return {clock.export_time - before_ms * kNsPerMs, kNsPerSecond, 0, ClockSource::kEvent};
}

// Computable only where something also says when the exporter started.
Result<Found> FromUptime(const NatFields& fields, NatElement element, const ExporterClock& clock) {
  const std::optional<std::uint64_t> value = fields.Unsigned(element);
  if (!value.has_value()) return Found();
  const auto uptime_ms = static_cast<std::uint32_t>(*value);
  const std::uint64_t init_ms = fields.Unsigned(NatElement::kSystemInitMs).value_or(0);
  if (init_ms != 0) {
    const Instant started = TRY(FromMilliseconds(init_ms));
    const Timestamp at = TRY(SinceStart(started, uptime_ms, clock));
    return Found(at);
  }
  if (clock.uptime_ms.has_value()) return Found(BeforeExport(uptime_ms, clock));
  if (!clock.started.has_value()) return Found();
  const Timestamp at = TRY(SinceStart(*clock.started, uptime_ms, clock));
  return Found(at);
}

Result<Found> FlowTime(const NatFields& fields, bool end, const ExporterClock& clock) {
  const Found said = TRY(FirstOf(fields, end ? kEnd : kStart));
  if (said.has_value()) return said;
  return FromUptime(fields, end ? NatElement::kEndUptime : NatElement::kStartUptime, clock);
}

}  // namespace

Instant FromNtp(std::uint64_t ntp, std::uint32_t fraction_mask) {
  std::uint64_t seconds = ntp >> 32;
  if (seconds < (1ULL << 31)) seconds += 1ULL << 32;
  const std::uint64_t fraction = ntp & fraction_mask;
  // 10^9 × fraction stays below 2^62.
  const auto ns = static_cast<std::int64_t>((fraction * static_cast<std::uint64_t>(kNsPerSecond)) >> 32);
  return Instant::FromUnixSeconds(static_cast<std::int64_t>(seconds - kNtpToUnixSeconds)) + ns;
}

Result<std::optional<Timestamp>> FlowStart(const NatFields& fields, const ExporterClock& clock) {
  return FlowTime(fields, false, clock);
}
Result<std::optional<Timestamp>> FlowEnd(const NatFields& fields, const ExporterClock& clock) {
  return FlowTime(fields, true, clock);
}

Result<Timestamp> EventTime(const NatFields& fields, record::Nature nature, const ExporterClock& clock) {
  const Found observed = TRY(FirstOf(fields, kObservation));
  if (observed.has_value()) return *observed;
  const bool ends = nature == record::Nature::kEnds;
  const Found near = TRY(FlowTime(fields, ends, clock));
  if (near.has_value()) return *near;
  const Found far = TRY(FlowTime(fields, !ends, clock));
  if (far.has_value()) return *far;
  return Timestamp{clock.export_time, kNsPerSecond, 0, ClockSource::kExport};
}

}  // namespace probatio::decode
