// Which names of keys speak of content or of a recipient: neither may be kept.
#include <algorithm>
#include <array>

#include "decode/jsonl/jsonl_decoder.h"

namespace probatio::decode {
namespace {

constexpr std::array<std::string_view, 27> kContentWords{
    "attachment", "attachments", "bcc",        "body",    "cc",    "content", "contents",
    "dest",       "destination", "dst",        "file",    "html",  "media",   "payload",
    "receiver",   "recipient",   "recipients", "subject", "text",  "to",      "transcript",
    "url",        "peer",        "callee",     "audio",   "video", "image",
};

bool IsContentWord(const std::string& word) {
  return std::find(kContentWords.begin(), kContentWords.end(), word) != kContentWords.end();
}

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool IsLetter(char c) {
  return IsUpper(c) || (c >= 'a' && c <= 'z');
}

}  // namespace

// Words end where a sign or a digit stands, and before a capital that follows a small letter: dst_ip,
// messageBody, TO.
bool SpeaksOfContent(std::string_view key) {
  std::string word;
  char before = ' ';
  for (const char c : key) {
    const bool ends = !IsLetter(c) || (IsUpper(c) && !IsUpper(before));
    if (ends && IsContentWord(word)) return true;
    if (ends) word.clear();
    if (IsLetter(c)) word += static_cast<char>(IsUpper(c) ? c - 'A' + 'a' : c);
    before = c;
  }
  return IsContentWord(word);
}

}  // namespace probatio::decode
