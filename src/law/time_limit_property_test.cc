// Time limits against a second implementation that shares nothing with the first: it walks the calendar day
// by day, finds Easter by the golden number and the full moon, and asks the C library's zone data for Paris.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <random>

#include "law/time_limit.h"

namespace probatio::law {
namespace {

struct SlowDay {
  int year;
  int month;  // 1 ... 12
  int day;
  bool operator==(const SlowDay&) const = default;
};

bool IsLeap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}
int LengthOf(int year, int month) {
  const int lengths[] = {31, IsLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return lengths[month - 1];
}
SlowDay Tomorrow(SlowDay day) {
  if (++day.day <= LengthOf(day.year, day.month)) return day;
  day.day = 1;
  if (++day.month <= 12) return day;
  return {day.year + 1, 1, 1};
}

std::time_t MidnightUtc(const SlowDay& day) {
  std::tm tm{};
  tm.tm_year = day.year - 1900;
  tm.tm_mon = day.month - 1;
  tm.tm_mday = day.day;
  return ::timegm(&tm);
}
int Weekday(const SlowDay& day) {  // 0 Sunday
  const std::time_t at = MidnightUtc(day);
  std::tm tm{};
  ::gmtime_r(&at, &tm);
  return tm.tm_wday;
}

// Easter is the first Sunday after the full moon of or after 21 March, by the tables of 1582 (for 1900 to
// 2199: corrections 24 and 5).
SlowDay SlowEaster(int year) {
  int after = (19 * (year % 19) + 24) % 30;
  if (after == 29 || (after == 28 && year % 19 > 10)) --after;
  SlowDay day{year, 3, 21};
  for (int i = 0; i < after; ++i) day = Tomorrow(day);
  do day = Tomorrow(day);
  while (Weekday(day) != 0);
  return day;
}

bool SlowClosed(const SlowDay& day, bool alsace) {
  const int weekday = Weekday(day);
  if (weekday == 0 || weekday == 6) return true;
  const int number = day.month * 100 + day.day;
  for (const int fixed : {101, 501, 508, 714, 815, 1101, 1111, 1225}) {
    if (number == fixed) return true;
  }
  if (alsace && number == 1226) return true;
  const SlowDay easter = SlowEaster(day.year);
  SlowDay walk = easter;
  for (int i = 1; i <= 50; ++i) {
    walk = Tomorrow(walk);
    if (walk == day && (i == 1 || i == 39 || i == 50)) return true;
  }
  return alsace && Tomorrow(Tomorrow(day)) == easter;
}

class SlowZone {
 public:
  SlowZone() {
    if (const char* old = std::getenv("TZ")) old_ = old;
    ::setenv("TZ", "Europe/Paris", 1);
    ::tzset();
  }
  ~SlowZone() {
    old_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", old_.c_str(), 1);
    ::tzset();
  }
  static SlowDay DayOf(std::time_t at) {
    std::tm tm{};
    ::localtime_r(&at, &tm);
    return {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
  }
  static std::time_t Midnight(const SlowDay& day) {
    std::tm tm{};
    tm.tm_year = day.year - 1900;
    tm.tm_mon = day.month - 1;
    tm.tm_mday = day.day;
    tm.tm_isdst = -1;
    return std::mktime(&tm);
  }

 private:
  std::string old_;
};

// The first second that is too late.
std::time_t SlowEnd(std::time_t served, int months, int days, bool alsace, bool union_rules) {
  const SlowDay start = SlowZone::DayOf(served);
  SlowDay day = start;
  for (int i = 0; i < months; ++i) {  // month by month, keeping the day-number in mind
    day = day.month == 12 ? SlowDay{day.year + 1, 1, day.day} : SlowDay{day.year, day.month + 1, day.day};
  }
  while (day.day > LengthOf(day.year, day.month)) --day.day;
  for (int i = 0; i < days; ++i) day = Tomorrow(day);
  while (SlowClosed(day, alsace)) day = Tomorrow(day);
  if (union_rules && months == 0 && days >= 2) {
    int open = 0;
    for (SlowDay walk = Tomorrow(start); walk != Tomorrow(day); walk = Tomorrow(walk)) {
      open += SlowClosed(walk, alsace) ? 0 : 1;
    }
    while (open < 2) {
      day = Tomorrow(day);
      open += SlowClosed(day, alsace) ? 0 : 1;
    }
  }
  return SlowZone::Midnight(Tomorrow(day));
}

TEST(TimeLimit, AgreesWithAnImplementationThatWalksTheCalendar) {
  const SlowZone zone;
  std::mt19937 dice(20241112);
  const auto roll = [&](int first, int last) {
    return std::uniform_int_distribution<int>(first, last)(dice);
  };
  const std::time_t first = MidnightUtc({1997, 1, 1});  // since 1996 the Union changes its clocks as now
  for (int i = 0; i < 20'000; ++i) {
    // The C library knows the rule of today up to 2037.
    const std::time_t served = first + static_cast<std::time_t>(roll(0, 35 * 365)) * 86'400 + roll(0, 86'399);
    LimitQuestion question;
    question.served = Instant::FromUnixSeconds(served);
    question.counting = roll(0, 1) == 0 ? Counting::kCpc : Counting::kEu;
    question.calendar = roll(0, 1) == 0 ? Calendar::kMetropolitan : Calendar::kAlsaceMoselle;
    question.span.months = roll(0, 2) == 0 ? roll(1, 24) : 0;
    question.span.days = question.span.months == 0 || roll(0, 1) == 0 ? roll(1, 70) : 0;
    const std::time_t expected =
        SlowEnd(served, static_cast<int>(question.span.months), static_cast<int>(question.span.days),
                question.calendar == Calendar::kAlsaceMoselle, question.counting == Counting::kEu);
    const TimeLimit limit = CountTimeLimit(question).value();
    ASSERT_EQ(limit.binding().ToRfc3339(), Instant::FromUnixSeconds(expected).ToRfc3339())
        << question.served.ToRfc3339() << " + " << question.span.months << " months " << question.span.days
        << " days";
    ASSERT_GT(limit.binding(), question.served);
  }
}

TEST(TimeLimit, HoursAreAsLongAsTheyAreWheneverTheyBegin) {
  std::mt19937 dice(48);
  for (int i = 0; i < 20'000; ++i) {
    LimitQuestion question;
    question.served = Instant::FromUnixSeconds(
        std::uniform_int_distribution<std::int64_t>(852'076'800, 2'000'000'000)(dice));
    question.span.hours = std::uniform_int_distribution<int>(1, 200)(dice);
    question.counting = i % 2 == 0 ? Counting::kCpc : Counting::kEu;
    const TimeLimit limit = CountTimeLimit(question).value();
    ASSERT_EQ(limit.binding() - question.served, question.span.hours * kNsPerHour);
    for (const Reading& reading : limit.readings) ASSERT_GE(reading.expires, limit.binding());
  }
}

}  // namespace
}  // namespace probatio::law
