// For fuzz targets of formats that come in pieces of text: every record that comes out keeps the rules, and a
// broken piece gives none.
#pragma once

#include "decode/cut/cutter.h"
#include "decode/time/source_clock.h"
#include "record/canonical.h"

namespace probatio::fuzz {

inline std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.push_back(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

// The pieces of a file, which are the same however few octets come at once.
template <class Cutter>
std::vector<std::string_view> PiecesOf(Bytes file) {
  const auto cut_by = [&](std::size_t part) {
    Cutter cutter;
    std::vector<std::string_view> pieces;
    std::size_t seen = std::min(part, file.size());
    for (Bytes rest = file; !rest.empty();) {
      const Result<decode::Cut> cut = cutter.Next(rest.first(seen), seen == rest.size());
      CHECK(cut.ok());
      CHECK(cut.value().size != 0 || seen < rest.size());
      if (cut.value().piece.has_value()) pieces.push_back(AsText(cut.value().piece->bytes));
      rest = rest.subspan(cut.value().size);
      seen = std::min(cut.value().size == 0 ? seen + part : std::max(seen - cut.value().size, part),
                      rest.size());
    }
    return pieces;
  };
  const std::vector<std::string_view> pieces = cut_by(std::max<std::size_t>(file.size(), 1));
  CHECK(pieces == cut_by(3));
  return pieces;
}

// A zone and a year, for logs that print neither.
inline decode::SourceClock ClockAtPlusOne() {
  decode::SourceClock clock;
  clock.zone = std::make_shared<const decode::TimeZone>(decode::TimeZone::Fixed("+01:00", 3'600));
  clock.year = 2024;
  return clock;
}

inline void DecodePieces(decode::Decoder& decoder, const std::vector<std::string_view>& texts) {
  std::vector<record::Record> records;
  for (const std::string_view text : texts) {
    const std::size_t before = records.size();
    decode::Piece piece;
    piece.bytes = AsBytes(text);
    const Status decoded = decoder.Decode(piece, &records);
    CHECK(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
    CHECK(decoded.ok() || records.size() == before);
  }
  for (const record::Record& read : records) CHECK(record::CheckRecord(read).ok());
}

}  // namespace probatio::fuzz
