#include "decode/jsonl/jsonl_decoder.h"

#include <fmt/format.h>

#include "decode/cut/text_cutters.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kKeyNameBytesMax = 64;
constexpr const char* kOtherKeys = "other keys";

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// A key as it is counted: cut and printable, since it comes from outside.
std::string NameOfKey(const std::string& key) {
  std::string name = key.substr(0, kKeyNameBytesMax);
  for (char& c : name) {
    if (c < 0x21 || c > 0x7E) c = '?';
  }
  return name;
}

void CountName(const std::string& name, std::map<std::string, std::uint64_t>* names) {
  const bool room = names->size() < kJsonlKeyNamesMax || names->contains(name);
  ++(*names)[room ? name : kOtherKeys];
}

}  // namespace

Status JsonlDecoder::DecodeLine(std::string_view line, std::vector<record::Record>* out) {
  ++line_number_;
  if (line_number_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (IsBlank(line)) return Done{};
  ++counts_.lines;
  std::vector<std::string> dropped;
  Result<record::Record> record = record::FromJson(line, &dropped);
  CountDropped(dropped);
  if (!record.ok()) {
    ++counts_.broken_lines;
    return record.error().Within(fmt::format("line {}", line_number_));
  }
  ++counts_.records;
  out->push_back(std::move(record).value());
  return Done{};
}

Status JsonlDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  return DecodeLine(AsText(piece.bytes), out);
}

std::map<std::string, std::uint64_t> NamedCounts(const JsonlCounts& counts) {
  std::map<std::string, std::uint64_t> named{{"lines", counts.lines}, {"records", counts.records}};
  if (counts.broken_lines != 0) named["broken lines"] = counts.broken_lines;
  for (const auto& [key, count] : counts.dropped_keys) named["dropped column: " + key] = count;
  for (const auto& [key, count] : counts.content_keys) {
    named["dropped column that speaks of content or recipients: " + key] = count;
  }
  return named;
}

void JsonlDecoder::CountDropped(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    CountName(NameOfKey(key), SpeaksOfContent(key) ? &counts_.content_keys : &counts_.dropped_keys);
  }
}

}  // namespace probatio::decode
