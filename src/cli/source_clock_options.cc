#include "cli/source_clock_options.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "cli/files.h"

namespace probatio::cli {
namespace {

constexpr const char* kZoneFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kZoneNameBytesMax = 64;
constexpr int kYearMin = 1970;
constexpr int kYearMax = 2261;

Error Usage(std::string what) {
  return {ErrorCode::kUsage, std::move(what)};
}

// Names come from people: a name leads to no other file.
bool IsZoneName(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kZoneNameBytesMax && std::all_of(name.begin(), name.end(), fits) &&
         name.front() != '/';
}

// "1.5", "-90": a decimal number, whole nanoseconds.
Result<std::int64_t> ParseSeconds(const std::string& text, const char* option) {
  const bool negative = text.starts_with('-');
  const std::string digits = text.substr(negative || text.starts_with('+') ? 1 : 0);
  const Result<decode::EpochTime> span = decode::ParseEpochTime(digits);
  if (!span.ok())
    return Usage(fmt::format("{}: '{}' is not a number of seconds, such as -1.5", option, text));
  const std::int64_t ns = span.value().at.unix_ns();
  return negative ? -ns : ns;
}

}  // namespace

void AddSourceClockOptions(CLI::App* command, SourceClockOptions* options) {
  command->add_option("--zone", options->zone,
                      "zone of the source's clock where its log names none: Europe/Paris, UTC, +02:00");
  command->add_option("--year", options->year, "year of a log that prints none");
  command->add_option("--clock-offset", options->offset_seconds,
                      "seconds to add to the source's clock, which is known to be wrong; recorded");
  command->add_option("--clock-error", options->error_seconds,
                      "seconds by which the source's clock may be off UTC, either way");
}

Result<decode::TimeZone> ReadTimeZone(const std::string& name) {
  decode::CivilTime offset;
  std::string_view rest = name;
  const Status read = decode::ReadCivilTime("%z", &rest, &offset);
  if (read.ok() && rest.empty() && offset.utc_offset_s.has_value()) {
    return decode::TimeZone::Fixed(name, *offset.utc_offset_s);
  }
  if (!IsZoneName(name)) return Usage("--zone: not the name of a zone, such as Europe/Paris");
  const Result<Buffer> file = ReadFile(kZoneFolder + name);
  if (!file.ok()) {
    return NotFound(fmt::format("--zone: no zone {} on this machine (package tzdata)", name));
  }
  return decode::TimeZone::Parse(name, file.value());
}

Result<decode::SourceClock> ReadSourceClock(const SourceClockOptions& options) {
  decode::SourceClock clock;
  if (!options.zone.empty()) {
    decode::TimeZone zone = TRY(ReadTimeZone(options.zone));
    clock.zone = std::make_shared<const decode::TimeZone>(std::move(zone));
  }
  if (options.year.has_value() && (*options.year < kYearMin || *options.year > kYearMax)) {
    return Usage(fmt::format("--year: not within {} to {}", kYearMin, kYearMax));
  }
  clock.year = options.year;
  clock.offset.ns = TRY(ParseSeconds(options.offset_seconds, "--clock-offset"));
  clock.error_ns = TRY(ParseSeconds(options.error_seconds, "--clock-error"));
  if (clock.error_ns < 0) return Usage("--clock-error: below zero");
  return clock;
}

}  // namespace probatio::cli
