#include "decode/time/zone_rule.h"

#include <fmt/format.h>

#include <chrono>

namespace probatio::decode {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kDay = 86'400;
constexpr unsigned kOffsetHoursMax = 24;
constexpr unsigned kTimeHoursMax = 167;  // RFC 8536, section 3.3.1
constexpr std::size_t kNameMin = 3;

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  Result<ZoneRule> Read() {
    ZoneRule rule;
    TRY(Name());
    const std::int64_t west = TRY(Time(kOffsetHoursMax));
    rule.standard_offset_s = -west;
    if (!AtEnd()) rule.summer = TRY(Summer(rule.standard_offset_s));
    if (!AtEnd()) return Wrong("text after the rule");
    return rule;
  }

 private:
  Result<ZoneRule::Summer> Summer(std::int64_t standard_offset_s) {
    ZoneRule::Summer summer;
    TRY(Name());
    summer.offset_s = standard_offset_s + kHour;
    if (!Next(',')) {
      const std::int64_t west = TRY(Time(kOffsetHoursMax));
      summer.offset_s = -west;
    }
    // Without its days a rule would go by those of the United States; no zone file leaves them out.
    TRY(Need(','));
    summer.begin = TRY(Change());
    TRY(Need(','));
    summer.end = TRY(Change());
    return summer;
  }

  Result<YearlyChange> Change() {
    YearlyChange change;
    if (Take('M')) {
      change.month = TRY(Number(1, 12));
      TRY(Need('.'));
      change.week = TRY(Number(1, 5));
      TRY(Need('.'));
      change.day = TRY(Number(0, 6));
    } else if (Take('J')) {
      change.form = YearlyChange::Form::kDayWithoutLeapDay;
      change.day = TRY(Number(1, 365));
    } else {
      change.form = YearlyChange::Form::kDay;
      change.day = TRY(Number(0, 365));
    }
    if (Take('/')) change.time_s = TRY(Time(kTimeHoursMax));
    return change;
  }

  // [+-]hh[:mm[:ss]]
  Result<std::int64_t> Time(unsigned hours_max) {
    const bool negative = Take('-');
    if (!negative) Take('+');
    const unsigned hours = TRY(Number(0, hours_max));
    unsigned minutes = 0;
    unsigned seconds = 0;
    if (Take(':')) minutes = TRY(Number(0, 59));
    if (Take(':')) seconds = TRY(Number(0, 59));
    const std::int64_t time = hours * kHour + minutes * kMinute + seconds;
    return negative ? -time : time;
  }

  // "CET", or "<+03>"; which is of no interest here.
  Status Name() {
    const bool quoted = Take('<');
    std::size_t size = 0;
    while (!AtEnd() && InName(text_[at_], quoted)) ++at_, ++size;
    if (size < kNameMin) return Wrong("no name of a time");
    return quoted ? Need('>') : Status(Done{});
  }
  static bool InName(char c, bool quoted) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-'));
  }

  Result<unsigned> Number(unsigned least, unsigned most) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; !AtEnd() && text_[at_] >= '0' && text_[at_] <= '9' && digits < 3; ++at_, ++digits) {
      value = value * 10 + static_cast<unsigned>(text_[at_] - '0');
    }
    if (digits == 0 || value < least || value > most)
      return Wrong(fmt::format("no number from {} to {}", least, most));
    return value;
  }

  bool AtEnd() const { return at_ == text_.size(); }
  bool Next(char c) const { return !AtEnd() && text_[at_] == c; }
  bool Take(char c) {
    if (!Next(c)) return false;
    ++at_;
    return true;
  }
  Status Need(char c) {
    if (!Take(c)) return Wrong(fmt::format("no '{}'", c));
    return Done{};
  }
  Error Wrong(const std::string& what) const {
    return Invalid(fmt::format("rule: {} at offset {}", what, at_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::int64_t YearlyChange::LocalSeconds(int year) const {
  using std::chrono::sys_days;
  const std::chrono::year y{year};
  sys_days date;
  switch (form) {
    case Form::kMonthWeekDay: {
      const auto in_month = y / std::chrono::month{month};
      const std::chrono::weekday weekday{day};
      date = week == 5 ? sys_days{in_month / weekday[std::chrono::last]} : sys_days{in_month / weekday[week]};
      break;
    }
    case Form::kDayWithoutLeapDay: {
      const bool after_leap_day = y.is_leap() && day >= 60;
      date = sys_days{y / 1 / 1} + std::chrono::days{day - 1 + (after_leap_day ? 1 : 0)};
      break;
    }
    case Form::kDay:
      date = sys_days{y / 1 / 1} + std::chrono::days{day};
      break;
  }
  return date.time_since_epoch().count() * kDay + time_s;
}

Result<ZoneRule> ParseZoneRule(std::string_view text) {
  return RuleReader(text).Read();
}

}  // namespace probatio::decode
