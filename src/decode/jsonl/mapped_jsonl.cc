#include "decode/jsonl/mapped_jsonl.h"

#include <fmt/format.h>

namespace probatio::decode {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

std::string MappedJsonlDecoder::place() const {
  return fmt::format("line {}", line_);
}

Result<std::optional<std::vector<Cell>>> MappedJsonlDecoder::CellsOf(const Piece& piece) {
  ++line_;
  std::string_view text = AsText(piece.bytes);
  if (line_ == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::optional<std::vector<Cell>>();
  std::vector<Cell> cells = TRY(ReadJsonColumns(text));
  return std::optional<std::vector<Cell>>(std::move(cells));
}

MappedContents DecodeMappedJsonl(Bytes file, const Mapping& mapping, const SourceClock& clock) {
  MappedContents contents;
  MappedJsonlDecoder decoder(mapping, clock);
  std::string_view rest = AsText(file);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const Status decoded = decoder.Decode({AsBytes(line), {}, {}, 0}, &contents.records);
    if (!decoded.ok() && contents.errors.size() < kMappedErrorsMax)
      contents.errors.push_back(decoded.error());
  }
  contents.counts = decoder.counts();
  return contents;
}

}  // namespace probatio::decode
