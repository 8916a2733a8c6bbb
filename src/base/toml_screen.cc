#include "base/toml_screen.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace probatio {
namespace {

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// Numbers, flags and dates: toml++ says whether they are good ones.
bool IsBareCharacter(char c) {
  return IsNameCharacter(c) || c == '+' || c == '.' || c == ':';
}

// Walks over one line.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text) {}

  // Returns the reason why the line is refused, or nothing.
  std::string_view Fault() {
    Space();
    if (AtEnd()) return "";
    if (text_[at_] == '[') return Header() && AtEnd() ? "" : "not a table header";
    if (!Run(IsNameCharacter)) return "not a key";
    Space();
    if (!Take('=')) return "no '=' after the key";
    Space();
    return Value() && AtEnd() ? "" : "not a string, number, flag, date or list on one line";
  }

 private:
  bool Header() {
    Take('[');
    const bool list = Take('[');
    return Run(IsNameCharacter) && Take(']') && (!list || Take(']'));
  }

  bool Value() { return Take('[') ? RestOfList() : Scalar(); }

  bool RestOfList() {
    Space();
    while (!Take(']')) {
      if (!Scalar()) return false;
      Space();
      if (!Take(',') && !Sees(']')) return false;
      Space();
    }
    return true;
  }

  bool Scalar() { return Sees('"') || Sees('\'') ? String() : Run(IsBareCharacter); }

  bool String() {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      at_ += quote == '"' && text_[at_] == '\\' ? 2 : 1;
    }
    return at_ < text_.size() && Take(quote);
  }

  bool Run(bool (*belongs)(char)) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    return at_ > begin;
  }

  // Nothing but space and a comment is left.
  bool AtEnd() {
    Space();
    return at_ >= text_.size() || text_[at_] == '#';
  }

  void Space() {
    while (Take(' ') || Take('\t')) {
    }
  }

  bool Sees(char c) const { return at_ < text_.size() && text_[at_] == c; }

  bool Take(char c) {
    if (!Sees(c)) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Status ScreenToml(std::string_view toml, const std::string& file_name) {
  const Status text = CheckText(toml);
  if (!text.ok()) return Invalid(fmt::format("{}:1: {}", file_name, text.error().what()));
  for (std::size_t number = 1; !toml.empty(); ++number) {
    const std::string_view line = toml.substr(0, toml.find('\n'));
    const std::string_view fault = Line(line).Fault();
    if (!fault.empty()) return Invalid(fmt::format("{}:{}: {}", file_name, number, fault));
    toml.remove_prefix(line.size() < toml.size() ? line.size() + 1 : line.size());
  }
  return Done{};
}

}  // namespace probatio
