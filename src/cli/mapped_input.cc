#include "cli/mapped_input.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/file_window.h"
#include "cli/files.h"
#include "cli/source_clock_options.h"
#include "decode/csv/csv_decoder.h"
#include "decode/cut/text_cutters.h"
#include "decode/jsonl/mapped_jsonl.h"
#include "record/json.h"

namespace probatio::cli {
namespace {

using nlohmann::json;

Result<decode::Mapping> MappingOf(const InputKind& kind) {
  if (kind.format != "csv" && kind.format != "jsonl")
    return Error(ErrorCode::kUsage, "--mapping: for the formats csv and jsonl, not " + kind.format);
  if (kind.mapping.empty()) return decode::NativeMapping();
  const std::string text = TRY(ReadText(kind.mapping, decode::kMappingBytesMax));
  return decode::ParseMapping(text, kind.mapping);
}

Result<decode::SourceClock> ClockOf(const decode::Mapping& mapping, decode::SourceClock clock) {
  if (clock.zone != nullptr || mapping.zone.empty()) return clock;
  decode::TimeZone zone = TRY_IN("the mapping's zone", ReadTimeZone(mapping.zone));
  clock.zone = std::make_shared<const decode::TimeZone>(std::move(zone));
  return clock;
}

const char* FateText(decode::Fate fate) {
  switch (fate) {
    case decode::Fate::kRead:
      return "read as";
    case decode::Fate::kAbsent:
      return "says nothing:";
    case decode::Fate::kDropped:
      return "dropped, as the mapping says";
    case decode::Fate::kOther:
      return "dropped: not in the mapping";
    case decode::Fate::kContent:
      return "dropped, unseen: speaks of content or of a recipient";
  }
  return "";
}

void PrintRow(Session& session, std::uint64_t number, const decode::RowReading& reading, const Status& read) {
  if (session.json) {
    json columns = json::array();
    for (const decode::ColumnReading& column : reading.columns) {
      columns.push_back({{"column", column.name},
                         {"fate", FateText(column.fate)},
                         {"field", column.field},
                         {"written", column.written}});
    }
    json row = {{"row", number}, {"columns", columns}};
    if (!read.ok()) row["error"] = read.error().what();
    if (!reading.skipped.empty()) row["skipped"] = reading.skipped;
    if (reading.record) row["record"] = json::parse(record::ToShownJson(*reading.record));
    session.out << row.dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
    return;
  }
  session.out << "row " << number << "\n";
  for (const decode::ColumnReading& column : reading.columns) {
    session.out << "  " << column.name << (column.written.empty() ? "" : " = " + column.written) << "  ("
                << FateText(column.fate) << (column.field.empty() ? "" : " " + column.field) << ")\n";
  }
  if (!read.ok()) session.out << "  broken: " << read.error().what() << "\n";
  if (!reading.skipped.empty()) session.out << "  skipped: " << reading.skipped << "\n";
  if (reading.record) session.out << "  record: " << record::ToShownJson(*reading.record) << "\n";
}

// A decoder of rows with the cutter that goes with it.
struct Rows {
  std::unique_ptr<decode::Cutter> cutter;
  std::unique_ptr<decode::MappedDecoder> decoder;
  const decode::CsvDecoder* csv = nullptr;  // the same, where it is one
};

Result<Rows> RowsOf(const InputKind& kind) {
  const decode::Mapping mapping = TRY(MappingOf(kind));
  const decode::SourceClock source = TRY(ClockOf(mapping, kind.clock));
  Rows rows;
  if (kind.format == "csv") {
    auto csv = std::make_unique<decode::CsvDecoder>(mapping, source);
    rows.csv = csv.get();
    rows.decoder = std::move(csv);
    rows.cutter = std::make_unique<decode::CsvCutter>(mapping.delimiter.front());
  } else {
    rows.decoder = std::make_unique<decode::MappedJsonlDecoder>(mapping, source);
    rows.cutter = std::make_unique<decode::LineCutter>();
  }
  return rows;
}

// One piece of a dry run. False when it is no row: the header, or a blank line.
Result<bool> ShowPiece(Session& session, const Rows& rows, const decode::Piece& piece, std::uint64_t number,
                       bool* broken) {
  decode::RowReading reading;
  const Status read = rows.decoder->Read(piece, &reading);
  if (rows.csv != nullptr) TRY(Status(rows.csv->header()));
  if (read.ok() && reading.columns.empty()) return false;
  *broken = *broken || !read.ok();
  PrintRow(session, number, reading, read);
  return true;
}

}  // namespace

bool IsMapped(const InputKind& kind) {
  return kind.format == "csv" || !kind.mapping.empty();
}

Result<decode::FileDecoder::Parts> MappedParts(const InputKind& kind) {
  Rows rows = TRY(RowsOf(kind));
  decode::FileDecoder::Parts parts;
  parts.piece_name = "line";
  parts.names_place = true;
  parts.counts_broken = true;
  if (rows.csv != nullptr) {
    parts.has_header = rows.decoder->mapping().header;
    parts.still_readable = [csv = rows.csv] { return csv->header(); };
  }
  parts.cutter = std::move(rows.cutter);
  parts.decoder = std::move(rows.decoder);
  return parts;
}

Status ShowFirstRows(Session& session, const InputKind& kind, const std::string& path, int rows) {
  if (rows < 1 || rows > kDryRunRowsMax)
    return Error(ErrorCode::kUsage, fmt::format("--dry-run: 1 to {} rows", kDryRunRowsMax));
  const Rows parts = TRY(RowsOf(kind));
  FileWindow window = TRY(FileWindow::Open(path));
  bool broken = false;
  for (int shown = 0; shown < rows && !(window.rest().empty() && window.last());) {
    if (window.rest().empty()) {
      TRY(window.More());
      continue;
    }
    const decode::Cut cut = TRY_IN(path, parts.cutter->Next(window.rest(), window.last()));
    if (cut.piece.has_value()) {
      const auto number = static_cast<std::uint64_t>(shown + 1);
      const bool row = TRY_IN(path, ShowPiece(session, parts, *cut.piece, number, &broken));
      shown += row ? 1 : 0;
    }
    window.Drop(cut.size);
    if (cut.size == 0) TRY(window.More());
  }
  session.err << "a dry run: nothing was imported\n";
  if (broken) return Invalid("some of these rows could not be read; the reasons stand above");
  return Done{};
}

}  // namespace probatio::cli
