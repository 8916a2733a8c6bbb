#include "decode/line_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace probatio::decode {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void Describe(const Error& error, LineContents* contents) {
  if (contents->errors.size() < kLineErrorsMax) contents->errors.push_back(error);
}

Result<LineContents> DecodeCapture(Bytes file, Decoder* decoder) {
  const PcapContents capture = TRY(ReadPcap(file));
  LineContents contents;
  contents.capture = capture.counts;
  std::size_t number = 0;
  for (const Datagram& datagram : capture.datagrams) {
    ++number;
    const Piece piece{datagram.payload, datagram.captured_at, datagram.source, datagram.source_port};
    const Status decoded = decoder->Decode(piece, &contents.records);
    if (!decoded.ok()) Describe(decoded.error().Within(fmt::format("datagram {}", number)), &contents);
  }
  if (capture.error.has_value()) Describe(*capture.error, &contents);
  return contents;
}

}  // namespace

Result<LineContents> DecodeLineFile(Bytes file, Decoder* decoder) {
  if (LooksLikePcap(file)) return DecodeCapture(file, decoder);
  LineContents contents;
  std::string_view rest = AsText(file);
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  while (!rest.empty()) {
    // With its end, so that the decoder counts the lines as they stand in the file.
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
    rest.remove_prefix(line.size());
    Piece piece;
    piece.bytes = AsBytes(line);
    const Status decoded = decoder->Decode(piece, &contents.records);
    if (!decoded.ok()) Describe(decoded.error(), &contents);
  }
  return contents;
}

}  // namespace probatio::decode
