#include "decode/dhcp/isc_tokens.h"

#include <fmt/format.h>

namespace probatio::decode {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool IsMark(char c) {
  return c == '{' || c == '}' || c == ';';
}
bool IsOctal(char c) {
  return c >= '0' && c <= '7';
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<IscToken>> ReadAll() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsBlank(c)) {
        ++at_;
      } else if (c == '#') {
        at_ = std::min(text_.size(), text_.find('\n', at_));
      } else if (IsMark(c)) {
        tokens_.push_back({std::string(1, c), false});
        ++at_;
      } else if (c == '"') {
        TRY(ReadQuoted());
      } else {
        ReadWord();
      }
    }
    return std::move(tokens_);
  }

 private:
  void ReadWord() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !IsBlank(text_[at_]) && !IsMark(text_[at_]) && text_[at_] != '"') ++at_;
    tokens_.push_back({std::string(text_.substr(begin, at_ - begin)), false});
  }

  Status ReadQuoted() {
    const std::size_t begin = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        ++at_;
        ReadEscape(&value);
      } else {
        value += text_[at_++];
      }
    }
    if (at_ == text_.size()) return Invalid(fmt::format("offset {}: a quote that is not closed", begin));
    ++at_;
    tokens_.push_back({std::move(value), true});
    return Done{};
  }

  void ReadEscape(std::string* value) {
    int octet = 0;
    std::size_t digits = 0;
    while (digits < 3 && at_ < text_.size() && IsOctal(text_[at_])) {
      octet = octet * 8 + (text_[at_++] - '0');
      ++digits;
    }
    if (digits > 0) {
      *value += static_cast<char>(octet);
    } else if (at_ < text_.size()) {
      *value += text_[at_++];
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<IscToken> tokens_;
};

// Octets of the line that begins `text`; 0 when its end has not come.
std::size_t WholeLine(std::string_view text, bool last) {
  const std::size_t end = text.find('\n');
  if (end != std::string_view::npos) return end + 1;
  return last ? text.size() : 0;
}

bool BeginsEntry(std::string_view line) {
  return line.starts_with("lease ") || line.starts_with("ia-na ") || line.starts_with("ia-ta ") ||
         line.starts_with("ia-pd ");
}

}  // namespace

Result<std::vector<IscToken>> ReadIscTokens(std::string_view entry) {
  if (entry.size() > kIscEntryBytesMax) return Invalid(fmt::format("more than {} octets", kIscEntryBytesMax));
  return Tokenizer(entry).ReadAll();
}

std::size_t IscCutter::Skipped(std::string_view text, bool last) {
  const std::size_t line = WholeLine(text, last);
  if (line == 0 || BeginsEntry(text)) return 0;
  if (!IsBlank(text[0]) && text[0] != '#') ++others_;
  return line;
}

std::size_t IscCutter::SizeOf(std::string_view text, bool last) {
  for (std::size_t at = WholeLine(text, last); at != 0 && at < text.size();) {
    const std::size_t line = WholeLine(text.substr(at), last);
    if (line == 0) return 0;
    if (BeginsEntry(text.substr(at))) return at;
    at += line;
    if (text[at - line] == '}') return at;
  }
  return last ? text.size() : 0;
}

std::map<std::string, std::uint64_t> IscCutter::counts() const {
  if (others_ == 0) return {};
  return {{"statements that are no lease", others_}};
}

}  // namespace probatio::decode
