// JSON Lines of platform, subscriber and network records (docs/formats/jsonl.md). Takes the keys that a
// record has and nothing else: any other key is dropped and counted by name, and one whose name speaks of
// content or of a recipient is counted apart, because its source should not send it. Pure; a decoder serves
// one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "decode/decoder.h"

namespace probatio::decode {

inline constexpr std::size_t kJsonlKeyNamesMax = 256;  // different dropped keys that are told apart

struct JsonlCounts {
  std::uint64_t lines = 0;  // without blank ones
  std::uint64_t records = 0;
  std::uint64_t broken_lines = 0;
  std::map<std::string, std::uint64_t> dropped_keys;  // name → lines
  std::map<std::string, std::uint64_t>
      content_keys;  // the same, of those that speak of content or recipients
};

// By the names of docs/formats/jsonl.md: "lines", "records", "broken lines", "dropped column: NAME", ...
std::map<std::string, std::uint64_t> NamedCounts(const JsonlCounts& counts);

class JsonlDecoder : public Decoder {
 public:
  // One line, with or without its line end; a blank one gives nothing. A byte order mark at the begin of the
  // first is stepped over. kInvalid names the line, the key or
  // offset, and the reason; the lines after it are not touched by that.
  Status DecodeLine(std::string_view line, std::vector<record::Record>* out);

  // A piece is one line.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return NamedCounts(counts_); }
  const JsonlCounts& tally() const { return counts_; }

 private:
  void CountDropped(const std::vector<std::string>& keys);

  std::uint64_t line_number_ = 0;
  JsonlCounts counts_;
};

// Does a key's name say that its value is content, or whom it was for? "text", "messageBody", "to", "dst_ip",
// ...
bool SpeaksOfContent(std::string_view key);

}  // namespace probatio::decode
