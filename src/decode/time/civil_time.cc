#include "decode/time/civil_time.h"

#include <fmt/format.h>

#include <array>

namespace probatio::decode {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kLetters = "YmbdHMSfaz";
constexpr std::int64_t kEpochSecondsMax = 9'214'646'399;  // the year 2261

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

class TimeReader {
 public:
  TimeReader(std::string_view text, CivilTime* out) : text_(text), out_(out) {}

  Status Read(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '%' && i + 1 < pattern.size()) {
        if (!Field(pattern[++i])) return Wrong(pattern.substr(i - 1, 2));
      } else if (pattern[i] == ' ') {
        if (!Blanks()) return Wrong("a blank");
      } else if (!Take(pattern[i])) {
        return Wrong(pattern.substr(i, 1));
      }
    }
    return Done{};
  }
  std::size_t at() const { return at_; }

 private:
  bool Field(char letter) {
    switch (letter) {
      case 'Y':
        return Year();
      case 'm':
        return Number(2, 2, &out_->month);
      case 'b':
        return Name(kMonths, &out_->month);
      case 'd':
        return Number(1, 2, &out_->day);
      case 'H':
        return Number(2, 2, &out_->hour);
      case 'M':
        return Number(2, 2, &out_->minute);
      case 'S':
        return Number(2, 2, &out_->second);
      case 'f':
        return Fraction();
      case 'a': {
        unsigned weekday = 0;
        return Name(kDays, &weekday);
      }
      case 'z':
        return Zone();
      default:
        return false;
    }
  }

  bool Year() {
    unsigned year = 0;
    if (!Number(4, 4, &year)) return false;
    out_->year = static_cast<int>(year);
    return true;
  }

  bool Number(std::size_t least, std::size_t most, unsigned* value) {
    unsigned number = 0;
    std::size_t digits = 0;
    for (; digits < most && at_ < text_.size() && IsDigit(text_[at_]); ++digits, ++at_) {
      number = number * 10 + static_cast<unsigned>(text_[at_] - '0');
    }
    *value = number;
    return digits >= least;
  }

  template <std::size_t kSize>
  bool Name(const std::array<std::string_view, kSize>& names, unsigned* number) {
    if (text_.size() - at_ < 3) return false;
    const std::array<char, 3> letters{Lower(text_[at_]), Lower(text_[at_ + 1]), Lower(text_[at_ + 2])};
    for (std::size_t i = 0; i < kSize; ++i) {
      if (names[i] != std::string_view(letters.data(), letters.size())) continue;
      at_ += letters.size();
      *number = static_cast<unsigned>(i) + 1;
      return true;
    }
    return false;
  }

  bool Fraction() {
    if (at_ == text_.size() || (text_[at_] != '.' && text_[at_] != ',')) return true;
    if (at_ + 1 == text_.size() || !IsDigit(text_[at_ + 1])) return true;  // the end of a sentence
    ++at_;
    std::int64_t unit = kNsPerSecond;
    for (out_->ns = 0; at_ < text_.size() && IsDigit(text_[at_]); ++at_) {
      if (unit == 1) return false;  // finer than we hold
      unit /= 10;
      out_->ns += unit * (text_[at_] - '0');
    }
    out_->resolution_ns = unit;
    return true;
  }

  bool Zone() {
    const std::size_t before = at_;
    Blanks();
    if (Word("UTC") || Word("GMT") || Word("Z")) {
      out_->utc_offset_s = 0;
      return true;
    }
    // A sign without a digit is no offset: "-" is what syslog prints for nothing.
    const bool signed_digit = at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]);
    if (signed_digit && (text_[at_] == '+' || text_[at_] == '-')) return Offset();
    at_ = before;
    return true;
  }

  // A word of letters, whole: "Z" is not the front of "Zurich".
  bool Word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    const std::size_t end = at_ + word.size();
    const char after = end < text_.size() ? Lower(text_[end]) : ' ';
    if (after >= 'a' && after <= 'z') return false;
    at_ = end;
    return true;
  }

  bool Offset() {
    const std::int64_t sign = text_[at_++] == '-' ? -1 : 1;
    unsigned hours = 0;
    unsigned minutes = 0;
    if (!Number(2, 2, &hours) || hours > 23) return false;
    const bool colon = Take(':');
    if ((colon || (at_ < text_.size() && IsDigit(text_[at_]))) && !Number(2, 2, &minutes)) return false;
    if (minutes > 59) return false;
    out_->utc_offset_s = sign * (hours * 3'600 + minutes * 60);
    return true;
  }

  bool Blanks() {
    const std::size_t before = at_;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_ > before;
  }
  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  Status Wrong(std::string_view wanted) const {
    return Invalid(fmt::format("time: not {} at offset {}", wanted, at_));
  }

  std::string_view text_;
  CivilTime* out_;
  std::size_t at_ = 0;
};

// A time without its smaller fields begins the larger one and is known to it.
std::int64_t ResolutionOf(std::string_view pattern) {
  const auto has = [&](std::string_view field) { return pattern.find(field) != std::string_view::npos; };
  if (has("%S")) return kNsPerSecond;
  if (has("%M")) return kNsPerMinute;
  return has("%H") ? kNsPerHour : kNsPerDay;
}

}  // namespace

std::string CivilTime::ToText() const {
  const std::string in_year = fmt::format("{:02}-{:02} {:02}:{:02}:{:02}", month, day, hour, minute, second);
  return year.has_value() ? fmt::format("{:04}-{}", *year, in_year) : in_year;
}

Status ReadCivilTime(std::string_view pattern, std::string_view* text, CivilTime* out) {
  CivilTime civil;
  civil.resolution_ns = ResolutionOf(pattern);
  TimeReader reader(*text, &civil);
  TRY(reader.Read(pattern));
  text->remove_prefix(reader.at());
  *out = civil;
  return Done{};
}

Result<CivilTime> ParseCivilTime(std::string_view pattern, std::string_view text) {
  CivilTime civil;
  std::string_view rest = text;
  TRY(ReadCivilTime(pattern, &rest, &civil));
  if (!rest.empty())
    return Invalid(fmt::format("time: text after it at offset {}", text.size() - rest.size()));
  return civil;
}

Status CheckTimePattern(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    if (++i == pattern.size() || kLetters.find(pattern[i]) == std::string_view::npos)
      return Invalid(fmt::format("time pattern: no such field at offset {}", i - 1));
  }
  const auto has = [&](std::string_view field) { return pattern.find(field) != std::string_view::npos; };
  if (!has("%d") || (!has("%m") && !has("%b")))
    return Invalid("time pattern: names no day (%d and %m or %b)");
  return Done{};
}

Result<EpochTime> ParseEpochTime(std::string_view text) {
  std::int64_t seconds = 0;
  std::size_t i = 0;
  for (; i < text.size() && IsDigit(text[i]); ++i) {
    seconds = seconds * 10 + (text[i] - '0');
    if (seconds > kEpochSecondsMax) return Invalid("epoch time: beyond the year 2261");
  }
  if (i == 0) return Invalid("epoch time: not a number of seconds");
  EpochTime time{Instant::FromUnixSeconds(seconds), kNsPerSecond};
  if (i == text.size()) return time;
  if (text[i] != '.' || i + 1 == text.size())
    return Invalid(fmt::format("epoch time: no digit at offset {}", i));
  for (++i; i < text.size(); ++i) {
    if (!IsDigit(text[i]) || time.resolution_ns == 1)
      return Invalid(fmt::format("epoch time: no digit of a second, or too many, at offset {}", i));
    time.resolution_ns /= 10;
    time.at = time.at + time.resolution_ns * (text[i] - '0');
  }
  return time;
}

}  // namespace probatio::decode
