#include "base/instant.h"

#include <fmt/format.h>

#include <chrono>

namespace probatio {
namespace {

constexpr int kYearMin = 1678;
constexpr int kYearMax = 2261;

// Reads fixed-width decimal fields from the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  bool Number(std::size_t width, unsigned* value) {
    if (text_.size() < width) return false;
    *value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return false;
      *value = *value * 10 + static_cast<unsigned>(text_[i] - '0');
    }
    text_.remove_prefix(width);
    return true;
  }
  bool Mark(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool Fraction(std::int64_t* ns) {
    *ns = 0;
    if (!Mark(".")) return true;
    std::int64_t unit = kNsPerSecond / 10;
    std::size_t digits = 0;
    for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits, unit /= 10) {
      *ns += unit * (text_[digits] - '0');
    }
    if (digits == 0 || digits > 9) return false;
    text_.remove_prefix(digits);
    return true;
  }
  bool Zone(std::int64_t* offset_ns) {
    *offset_ns = 0;
    if (Mark("Zz")) return true;
    if (text_.empty()) return false;
    const std::int64_t sign = text_.front() == '-' ? -1 : 1;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!Mark("+-") || !Number(2, &hours) || !Mark(":") || !Number(2, &minutes) || hours > 23 ||
        minutes > 59) {
      return false;
    }
    *offset_ns = sign * (hours * kNsPerHour + minutes * kNsPerMinute);
    return true;
  }
  bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
};

}  // namespace

Result<Instant> Instant::FromCivilUtc(int year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                                      unsigned second, std::int64_t ns) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (year < kYearMin || year > kYearMax || !date.ok()) return Invalid("instant: no such date");
  if (hour > 23 || minute > 59 || second > 59) return Invalid("instant: no such time of day");
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return FromUnixNs(days * kNsPerDay + hour * kNsPerHour + minute * kNsPerMinute + second * kNsPerSecond +
                    ns);
}

Result<Instant> Instant::ParseRfc3339(std::string_view text) {
  Digits digits(text);
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  std::int64_t ns = 0;
  std::int64_t offset_ns = 0;
  const bool shaped = digits.Number(4, &year) && digits.Mark("-") && digits.Number(2, &month) &&
                      digits.Mark("-") && digits.Number(2, &day) && digits.Mark("Tt ") &&
                      digits.Number(2, &hour) && digits.Mark(":") && digits.Number(2, &minute) &&
                      digits.Mark(":") && digits.Number(2, &second) && digits.Fraction(&ns);
  if (!shaped) return Invalid("instant: not RFC 3339, such as 2024-10-21T08:14:03Z");
  if (digits.done()) return Invalid("instant: no zone (write Z or +01:00)");
  if (!digits.Zone(&offset_ns) || !digits.done()) return Invalid("instant: zone is not Z or +hh:mm");
  const Instant local = TRY(FromCivilUtc(static_cast<int>(year), month, day, hour, minute, second, ns));
  return local - offset_ns;
}

std::string Instant::ToRfc3339() const {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds{ns_}};
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::int64_t in_day = (time - day).count();
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 in_day / kNsPerHour, in_day / kNsPerMinute % 60, in_day / kNsPerSecond % 60);
  const std::int64_t fraction = in_day % kNsPerSecond;
  if (fraction % kNsPerMs == 0 && fraction != 0) {
    text += fmt::format(".{:03}", fraction / kNsPerMs);
  } else if (fraction % 1000 == 0 && fraction != 0) {
    text += fmt::format(".{:06}", fraction / 1000);
  } else if (fraction != 0) {
    text += fmt::format(".{:09}", fraction);
  }
  return text + "Z";
}

std::string_view ToText(ClockSource source) {
  switch (source) {
    case ClockSource::kEvent:
      return "event";
    case ClockSource::kMessage:
      return "message";
    case ClockSource::kExport:
      return "export";
    case ClockSource::kReceipt:
      return "receipt";
  }
  return "unknown";
}

Result<ClockSource> ParseClockSource(std::string_view text) {
  for (const ClockSource source :
       {ClockSource::kEvent, ClockSource::kMessage, ClockSource::kExport, ClockSource::kReceipt}) {
    if (text == ToText(source)) return source;
  }
  return Invalid("clock source: one of event, message, export, receipt");
}

}  // namespace probatio
