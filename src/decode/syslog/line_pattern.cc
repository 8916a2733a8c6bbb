#include "decode/syslog/line_pattern.h"

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::string_view kNone = "-";
constexpr std::size_t kKeysMax = 32;  // of one form: a bit each

constexpr std::array<std::string_view, static_cast<std::size_t>(Capture::kCount)> kNames{
    "*",     "inside", "inside6",    "inside_port", "public", "public_port", "first", "last",
    "proto", "realm",  "subscriber", "exporter",    "epoch",  "hex_epoch",   "time",
};

Capture CaptureOf(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  CHECK(found != kNames.end());
  return static_cast<Capture>(found - kNames.begin());
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Shape decides between the forms of a vendor; whether a number is a port is judged later, and loudly.
bool HasShape(Capture capture, std::string_view text) {
  switch (capture) {
    case Capture::kSkip:
    case Capture::kTime:
      return true;
    case Capture::kInsidePort:
    case Capture::kPublicPort:
    case Capture::kFirst:
    case Capture::kLast:
    case Capture::kEpoch:
      return text == kNone || (!text.empty() && std::all_of(text.begin(), text.end(), IsDigit));
    default:
      return !text.empty() && text.find(' ') == std::string_view::npos;
  }
}

// Where a capture ends that no literal follows.
std::size_t EndOfWord(std::string_view line, std::size_t at) {
  const std::size_t end = line.find_first_of(" \t,;()]\"", at);
  return end == std::string_view::npos ? line.size() : end;
}

void Keep(Capture capture, std::string_view text, Captures* out) {
  if (capture == Capture::kSkip || text.empty() || text == kNone) return;
  (*out)[static_cast<std::size_t>(capture)] = text;
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

// The pairs of a line, as vendors write them: a="b c" d=e f=g h
class Pairs {
 public:
  Pairs(std::string_view line, std::size_t at) : line_(line), at_(at) {}

  bool Next(std::string_view* name, std::string_view* value) {
    const std::size_t equals = line_.find('=', at_);
    if (equals == std::string_view::npos || equals == 0) return false;
    const std::size_t before = line_.find_last_of(" [,|", equals - 1);
    const std::size_t begin = before == std::string_view::npos ? at_ : std::max(before + 1, at_);
    *name = line_.substr(begin, equals - begin);
    *value = line_[std::min(equals + 1, line_.size() - 1)] == '"' ? Quoted(equals + 2) : Bare(equals + 1);
    return true;
  }

 private:
  std::string_view Quoted(std::size_t begin) {
    std::size_t end = begin;
    while (end < line_.size() && line_[end] != '"') end += line_[end] == '\\' ? 2 : 1;
    end = std::min(end, line_.size());
    at_ = std::min(end + 1, line_.size());
    return begin > end ? std::string_view() : line_.substr(begin, end - begin);
  }

  // To the blank before the next key: in CEF a value may hold blanks.
  std::string_view Bare(std::size_t begin) {
    const std::size_t equals = line_.find('=', begin);
    std::size_t end = line_.size();
    if (equals != std::string_view::npos) {
      end = line_.find_last_of(' ', equals);
      if (end == std::string_view::npos || end < begin) end = equals;
    }
    at_ = end;
    std::string_view value = line_.substr(begin, end - begin);
    while (!value.empty() && (value.back() == ' ' || value.back() == ']')) value.remove_suffix(1);
    return value;
  }

  std::string_view line_;
  std::size_t at_;
};

}  // namespace

std::string_view NameOf(Capture capture) {
  return kNames[static_cast<std::size_t>(capture)];
}

LinePattern::LinePattern(std::string_view pattern, std::string_view keys) {
  if (pattern.ends_with('$')) {
    to_the_end_ = true;
    pattern.remove_suffix(1);
  }
  while (!pattern.empty()) {
    if (pattern.front() == '{') {
      const std::size_t end = pattern.find('}');
      CHECK(end != std::string_view::npos);
      steps_.push_back({Step::Kind::kCapture, CaptureOf(pattern.substr(1, end - 1)), {}});
      pattern.remove_prefix(end + 1);
    } else if (pattern.front() == '!') {
      steps_.push_back({Step::Kind::kCommit, Capture::kSkip, {}});
      pattern.remove_prefix(1);
    } else {
      const std::string_view text = pattern.substr(0, pattern.find_first_of("{!"));
      steps_.push_back({Step::Kind::kLiteral, Capture::kSkip, std::string(text)});
      pattern.remove_prefix(text.size());
    }
  }
  while (!keys.empty()) {
    const std::string_view pair = keys.substr(0, keys.find(", "));
    keys.remove_prefix(std::min(keys.size(), pair.size() + 2));
    const std::size_t equals = pair.find('=');
    CHECK(equals != std::string_view::npos && equals > 0);
    Key key;
    const bool optional = pair[equals - 1] == '?';
    const std::string_view value = pair.substr(equals + 1);
    key.name = std::string(pair.substr(0, equals - (optional ? 1 : 0)));
    key.optional = optional;
    key.value = std::string(value);
    if (value.starts_with('{')) key.capture = CaptureOf(value.substr(1, value.size() - 2));
    keys_.push_back(key);
  }
  CHECK(keys_.size() <= kKeysMax);
}

Match LinePattern::Read(std::string_view line, std::size_t at, Captures* out) const {
  const Match head = ReadSteps(line, at, out);
  if (!head.whole || keys_.empty()) return head;
  // From the begin again: a vendor may put the key that tells the form anywhere among the others.
  Match match = ReadKeys(line, at, out);
  match.committed = head.committed;
  return match;
}

const std::string* LinePattern::LiteralAfter(std::size_t i) const {
  do ++i;
  while (i < steps_.size() && steps_[i].kind == Step::Kind::kCommit);
  return i < steps_.size() && steps_[i].kind == Step::Kind::kLiteral ? &steps_[i].text : nullptr;
}

Match LinePattern::ReadSteps(std::string_view line, std::size_t at, Captures* out) const {
  bool committed = false;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    if (step.kind == Step::Kind::kCommit) {
      committed = true;
      continue;
    }
    if (step.kind == Step::Kind::kLiteral) {
      if (!line.substr(at).starts_with(step.text)) return {false, committed, at, step.text};
      at += step.text.size();
      continue;
    }
    const std::string* const literal = LiteralAfter(i);
    std::size_t end = line.size();
    if (literal != nullptr) {
      end = line.find(*literal, at);
      if (end == std::string_view::npos) return {false, committed, at, *literal};
    } else if (step.capture != Capture::kSkip && step.capture != Capture::kTime) {
      end = EndOfWord(line, at);
    }
    const std::string_view text = line.substr(at, end - at);
    if (!HasShape(step.capture, text)) return {false, committed, at, NameOf(step.capture)};
    Keep(step.capture, text, out);
    at = end;
  }
  if (to_the_end_ && !IsBlank(line.substr(at))) return {false, committed, at, "the end of the line"};
  return {true, committed, at};
}

bool LinePattern::TakeKey(std::string_view name, std::string_view value, Captures* out,
                          std::uint32_t* seen) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    if (key.name != name) continue;
    if (key.capture.has_value()) {
      if (!HasShape(*key.capture, value)) return key.optional;
      Keep(*key.capture, value, out);
    } else if (key.value != value) {
      return false;
    }
    *seen |= 1U << i;
  }
  return true;
}

Match LinePattern::ReadKeys(std::string_view line, std::size_t at, Captures* out) const {
  std::uint32_t seen = 0;
  Pairs pairs(line, at);
  std::string_view name;
  std::string_view value;
  while (pairs.Next(&name, &value)) {
    if (!TakeKey(name, value, out, &seen)) {
      return {false, false, static_cast<std::size_t>(name.data() - line.data()), name};
    }
  }
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (!keys_[i].optional && (seen >> i & 1) == 0) return {false, false, line.size(), keys_[i].name};
  }
  return {true, false, line.size()};
}

}  // namespace probatio::decode
