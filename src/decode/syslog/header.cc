#include "decode/syslog/header.h"

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::size_t kPriorityDigitsMax = 3;
constexpr std::size_t kHostBytesMax = 255;  // RFC 5424, section 6

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

void SkipBlanks(std::string_view* text) {
  while (!text->empty() && text->front() == ' ') text->remove_prefix(1);
}

// "<134>"
void SkipPriority(std::string_view* text) {
  if (text->empty() || text->front() != '<') return;
  const std::size_t end = text->find('>');
  if (end == std::string_view::npos || end < 2 || end > kPriorityDigitsMax + 1) return;
  for (std::size_t i = 1; i < end; ++i) {
    if (!IsDigit((*text)[i])) return;
  }
  text->remove_prefix(end + 1);
}

// The "1 " that makes it RFC 5424: before a year or the sign for no time.
bool SkipVersion(std::string_view* text) {
  if (!text->starts_with("1 ") || text->size() < 3) return false;
  if (!IsDigit((*text)[2]) && (*text)[2] != '-') return false;
  text->remove_prefix(2);
  return true;
}

bool AreDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// By its first characters, because trying one pattern after the other costs more than the whole line.
std::string_view TimePatternOf(std::string_view text) {
  if (text.size() < 12) return {};
  if (AreDigits(text.substr(0, 4))) {
    if (text[4] == ' ') return "%Y %b %d %H:%M:%S%f%z";                          // Huawei, Cisco IOS XR
    return text[10] == 'T' ? "%Y-%m-%dT%H:%M:%S%f%z" : "%Y-%m-%d %H:%M:%S%f%z";  // RFC 5424; Juniper
  }
  if (text[3] != ' ') return {};
  return AreDigits(text.substr(7, 4)) ? "%b %d %Y %H:%M:%S%f%z"
                                      : "%b %d %H:%M:%S%f%z";  // Cisco ASA; RFC 3164
}

// A time that runs on into other characters is none: it was something else.
std::optional<CivilTime> ReadTime(std::string_view* text) {
  const std::string_view pattern = TimePatternOf(*text);
  if (pattern.empty()) return std::nullopt;
  CivilTime civil;
  std::string_view rest = *text;
  if (!ReadCivilTime(pattern, &rest, &civil).ok()) return std::nullopt;
  if (!rest.empty() && rest.front() != ' ' && rest.front() != ':') return std::nullopt;
  *text = rest;
  return civil;
}

// Where a time stood, the next word is the host, unless the text begins at once ("...: %ASA-6-305011").
std::string_view ReadHost(std::string_view* text) {
  const std::size_t end = text->find(' ');
  if (end == std::string_view::npos || end == 0 || end > kHostBytesMax) return {};
  const std::string_view word = text->substr(0, end);
  if (word.back() == ':' || word.front() == '%' || word.front() == '[') return {};
  text->remove_prefix(end + 1);
  return word == "-" ? std::string_view() : word;
}

}  // namespace

SyslogHeader ReadSyslogHeader(std::string_view line) {
  SyslogHeader header;
  SkipPriority(&line);
  const bool versioned = SkipVersion(&line);
  if (versioned && line.starts_with("- ")) {
    line.remove_prefix(1);
  } else {
    header.time = ReadTime(&line);
  }
  if (!versioned && !header.time.has_value()) {
    header.text = line;
    return header;
  }
  const bool text_follows = line.starts_with(':');
  if (text_follows) line.remove_prefix(1);
  SkipBlanks(&line);
  if (!text_follows) header.host = ReadHost(&line);
  header.text = line;
  return header;
}

}  // namespace probatio::decode
