#include "decode/time/source_clock.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

namespace probatio::decode {
namespace {

// As if the clock had shown UTC.
Result<Instant> Shown(const CivilTime& civil, int year) {
  return Instant::FromCivilUtc(year, civil.month, civil.day, civil.hour, civil.minute, civil.second,
                               civil.ns);
}

int YearOf(Instant at) {
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds{at.unix_ns()}};
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return static_cast<int>(date.year());
}

// A zone moves a reading by a day at most, which decides nothing between years.
Result<int> NearestYear(const CivilTime& civil, Instant received) {
  std::optional<int> nearest;
  std::int64_t distance = 0;
  const int about = YearOf(received);
  for (const int year : {about - 1, about, about + 1}) {
    const Result<Instant> shown = Shown(civil, year);
    if (!shown.ok()) continue;  // 29 February
    const std::int64_t away = std::abs(shown.value() - received);
    if (nearest.has_value() && away >= distance) continue;
    nearest = year;
    distance = away;
  }
  if (!nearest.has_value()) return Invalid("time: no such date in any year near its receipt");
  return *nearest;
}

Result<int> ChooseYear(const CivilTime& civil, std::optional<int> configured,
                       std::optional<Instant> received) {
  if (civil.year.has_value()) return *civil.year;
  if (configured.has_value()) return *configured;
  if (received.has_value()) return NearestYear(civil, *received);
  return Invalid("time: prints no year: name it (--year)");
}

std::int64_t FloorSeconds(Instant at) {
  const std::int64_t ns = at.unix_ns();
  return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
}

// Moves a stamp from what the clock showed to when that was.
Status Place(const TimeZone& zone, const CivilTime& civil, Timestamp* stamp) {
  const std::int64_t local_s = FloorSeconds(stamp->at);
  const std::optional<Readings> readings = zone.At(local_s);
  if (!readings.has_value()) {
    return Invalid(fmt::format("time: clocks in {} stepped over {}", zone.name(), civil.ToText()));
  }
  stamp->at = stamp->at - (local_s - readings->earliest) * kNsPerSecond;
  const std::int64_t between_ns = (readings->latest - readings->earliest) * kNsPerSecond;
  stamp->at = stamp->at + between_ns / 2;
  stamp->error_ns = between_ns / 2;  // whole seconds halve without a rest
  return Done{};
}

}  // namespace

Result<Timestamp> SourceClock::At(const CivilTime& civil, ClockSource source,
                                  std::optional<Instant> received) const {
  CivilTime dated = civil;
  dated.year = TRY(ChooseYear(civil, year, received));
  const Instant shown = TRY_IN(dated.ToText(), Shown(dated, *dated.year));
  Timestamp stamp{shown, civil.resolution_ns, 0, source};
  if (civil.utc_offset_s.has_value()) {
    stamp.at = shown - *civil.utc_offset_s * kNsPerSecond;
  } else if (zone != nullptr) {
    TRY(Place(*zone, dated, &stamp));
  } else {
    return Invalid("time: local, and the source's zone is not named (--zone)");
  }
  return Corrected(stamp);
}

Result<Timestamp> SourceClock::Corrected(Timestamp stamp) const {
  if (stamp.source == ClockSource::kReceipt) return stamp;
  std::int64_t at_ns = 0;
  if (__builtin_add_overflow(stamp.at.unix_ns(), offset.ns, &at_ns) ||
      __builtin_add_overflow(stamp.offset.ns, offset.ns, &stamp.offset.ns) ||
      __builtin_add_overflow(stamp.error_ns, error_ns, &stamp.error_ns)) {
    return Invalid("time: the configured offset leads out of the years 1678 to 2261");
  }
  stamp.at = Instant::FromUnixNs(at_ns);
  return stamp;
}

}  // namespace probatio::decode
