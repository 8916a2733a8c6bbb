#include "decode/cut/text_cutters.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

// Octets of the line that begins `text`, with its end; 0 when that has not come.
std::size_t LineBytes(std::string_view text, bool last) {
  const std::size_t end = text.find('\n');
  if (end != std::string_view::npos) return end + 1;
  return last ? text.size() : 0;
}

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Cut PieceOf(Bytes rest, std::size_t size) {
  Cut cut;
  cut.size = size;
  cut.piece.emplace();
  cut.piece->bytes = rest.first(size);
  return cut;
}

}  // namespace

Result<Cut> TextCutter::Next(Bytes rest, bool last) {
  const std::string_view text = AsText(rest);
  if (!begun_) {
    if (text.size() < kByteOrderMark.size() && !last) return Cut{};
    begun_ = true;
    if (text.starts_with(kByteOrderMark)) return Cut{kByteOrderMark.size(), {}, 0};
  }
  if (in_long_) {
    const std::size_t end = LineBytes(text, false);
    in_long_ = end == 0;
    return Cut{in_long_ ? text.size() : end, {}, 0};
  }
  const std::size_t skipped = Skipped(text, last);
  if (skipped != 0) return Cut{skipped, {}, 0};
  const std::size_t size = SizeOf(text, last);
  const std::size_t most = bytes_max();
  if (size > most || (size == 0 && text.size() > most)) {
    in_long_ = text[most] != '\n';
    return PieceOf(rest, most + 1);
  }
  if (size == 0) return Cut{};
  return PieceOf(rest, size);
}

std::size_t LineCutter::SizeOf(std::string_view text, bool last) {
  return LineBytes(text, last);
}

std::size_t EntryCutter::Skipped(std::string_view text, bool last) {
  const std::size_t line = LineBytes(text, last);
  return IsBlank(text.substr(0, line)) ? line : 0;
}

std::size_t EntryCutter::SizeOf(std::string_view text, bool last) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t line = LineBytes(text.substr(at), last);
    if (line == 0) return 0;
    if (IsBlank(text.substr(at, line))) return at;
    at += line;
  }
  return last ? text.size() : 0;
}

Result<Cut> WholeCutter::Next(Bytes rest, bool last) {
  if (rest.size() > kWholeTextBytesMax)
    return Invalid(fmt::format("larger than {} octets, and this format is read whole", kWholeTextBytesMax));
  if (!last) return Cut{};
  return PieceOf(rest, rest.size());
}

}  // namespace probatio::decode
