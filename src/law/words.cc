#include "law/words.h"

#include <array>

namespace probatio::law {
namespace {

// The second byte of C3 xx in UTF-8, from C3 80 (À) to C3 BF (ÿ), as the letter it folds to; 0: stays.
constexpr std::string_view kLatin1Base =
    "aaaaaa.ceeeeiiii.nooooo.ouuuuy.."
    "aaaaaa.ceeeeiiii.nooooo.ouuuuy.y";
static_assert(kLatin1Base.size() == 64);

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string Folded(std::string_view utf8) {
  std::string folded;
  folded.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (c >= 'A' && c <= 'Z') {
      folded += static_cast<char>(c - 'A' + 'a');
      continue;
    }
    const auto next = static_cast<unsigned char>(i + 1 < utf8.size() ? utf8[i + 1] : 0);
    if (c == '\xC3' && next >= 0x80 && next <= 0xBF && kLatin1Base[next - 0x80U] != '.') {
      folded += kLatin1Base[next - 0x80U];
      ++i;
    } else if (c == '\xC5' && (next == 0x92 || next == 0x93)) {
      folded += "oe";
      ++i;
    } else if (utf8.substr(i).starts_with("\u2019")) {  // the apostrophe that printers use
      folded += '\'';
      i += 2;
    } else {
      folded += c;
    }
  }
  return folded;
}

bool HoldsWords(std::string_view text, std::string_view folded_words) {
  if (folded_words.empty()) return false;
  const std::string folded = Folded(text);
  for (std::size_t at = folded.find(folded_words); at != std::string::npos;
       at = folded.find(folded_words, at + 1)) {
    const std::size_t end = at + folded_words.size();
    const bool opens = at == 0 || !IsLetterOrDigit(folded[at - 1]);
    const bool closes = end == folded.size() || !IsLetterOrDigit(folded[end]);
    if (opens && closes) return true;
  }
  return false;
}

}  // namespace probatio::law
