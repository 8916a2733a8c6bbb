#include "decode/jsonl/jsonl_decoder.h"

#include <fmt/format.h>

#include "record/json.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kKeyNameBytesMax = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
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

JsonlContents DecodeJsonl(Bytes file) {
  JsonlContents contents;
  JsonlDecoder decoder;
  std::string_view rest = AsText(file);
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const Status decoded = decoder.DecodeLine(line, &contents.records);
    if (!decoded.ok() && contents.errors.size() < kJsonlErrorsMax) contents.errors.push_back(decoded.error());
  }
  contents.counts = decoder.tally();
  return contents;
}

}  // namespace probatio::decode
