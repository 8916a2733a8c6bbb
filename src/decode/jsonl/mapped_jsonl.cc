#include "decode/jsonl/mapped_jsonl.h"

#include <fmt/format.h>

#include "decode/cut/text_cutters.h"
namespace probatio::decode {
namespace {}  // namespace

std::string MappedJsonlDecoder::place() const {
  return fmt::format("line {}", line_);
}

Result<std::optional<std::vector<Cell>>> MappedJsonlDecoder::CellsOf(const Piece& piece) {
  ++line_;
  std::string_view text = AsText(piece.bytes);
  if (line_ == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::optional<std::vector<Cell>>();
  std::vector<Cell> cells = TRY(ReadJsonColumns(text));
  return std::optional<std::vector<Cell>>(std::move(cells));
}

}  // namespace probatio::decode
