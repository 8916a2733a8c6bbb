// Zone files and times by pattern: whatever is read, a reading of a clock lies at the instants that are said.
#include "base/bytes.h"
#include "decode/time/source_clock.h"
#include "decode/time/zone_rule.h"

using namespace probatio;

namespace {

void AskZone(const decode::TimeZone& zone) {
  for (std::int64_t local = -3'000'000'000; local < 9'000'000'000; local += 86'399 * 1'000) {
    const auto readings = zone.At(local);
    if (!readings.has_value()) continue;
    CHECK(readings->earliest <= readings->latest);
    CHECK(local - readings->earliest <= 26 * 3600 && readings->latest - local <= 26 * 3600);
  }
}

}  // namespace

// The first line, where there is one, is a pattern for the second; the whole is a zone file and a rule.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = AsText(Bytes(data, size));
  const auto zone = decode::TimeZone::Parse("Fuzz/Zone", Bytes(data, size));
  if (zone.ok()) AskZone(zone.value());
  (void)decode::ParseZoneRule(text).ok();
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const auto civil = decode::ParseCivilTime(text.substr(0, line), text.substr(line + 1));
  if (!civil.ok()) return 0;
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+01:00", 3600));
  const auto stamp = clock.At(civil.value(), ClockSource::kEvent, Instant());
  CHECK(!stamp.ok() || stamp.value().resolution_ns > 0);
  (void)decode::ParseEpochTime(text.substr(line + 1)).ok();
  return 0;
}
