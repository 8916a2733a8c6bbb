#include "cli/mapped_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/files.h"
#include "cli/source_clock_options.h"
#include "decode/csv/csv_decoder.h"
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

// The pieces of a file, one after another.
class Pieces {
 public:
  Pieces(bool csv, std::string_view text, char delimiter) : csv_(csv), rest_(text), rows_(text, delimiter) {}

  std::optional<std::string_view> Next() {
    if (csv_) {
      const std::optional<decode::CsvRow> row = rows_.Next();
      return row ? std::optional<std::string_view>(row->text) : std::nullopt;
    }
    if (rest_.empty()) return std::nullopt;
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(rest_.size(), line.size() + 1));
    return line;
  }

 private:
  bool csv_;
  std::string_view rest_;
  decode::CsvRows rows_;
};

}  // namespace

bool IsMapped(const InputKind& kind) {
  return kind.format == "csv" || !kind.mapping.empty();
}

Result<Input> ReadMappedInput(const InputKind& kind, const std::string& path) {
  const decode::Mapping mapping = TRY(MappingOf(kind));
  const decode::SourceClock source = TRY(ClockOf(mapping, kind.clock));
  const Buffer file = TRY(ReadFile(path));
  decode::MappedContents contents;
  if (kind.format == "csv") {
    contents = TRY_IN(path, decode::DecodeCsv(file, mapping, source));
  } else {
    contents = decode::DecodeMappedJsonl(file, mapping, source);
  }
  Input input;
  input.records = std::move(contents.records);
  for (const Error& error : contents.errors) input.errors.push_back(error.Within(path));
  input.counts = std::move(contents.counts);
  return input;
}

Status ShowFirstRows(Session& session, const InputKind& kind, const std::string& path, int rows) {
  if (rows < 1 || rows > kDryRunRowsMax)
    return Error(ErrorCode::kUsage, fmt::format("--dry-run: 1 to {} rows", kDryRunRowsMax));
  const decode::Mapping mapping = TRY(MappingOf(kind));
  const decode::SourceClock source = TRY(ClockOf(mapping, kind.clock));
  const Buffer file = TRY(ReadFile(path));
  std::unique_ptr<decode::MappedDecoder> decoder;
  decode::CsvDecoder* csv = nullptr;
  if (kind.format == "csv") {
    auto made = std::make_unique<decode::CsvDecoder>(mapping, source);
    csv = made.get();
    decoder = std::move(made);
  } else {
    decoder = std::make_unique<decode::MappedJsonlDecoder>(mapping, source);
  }
  Pieces pieces(csv != nullptr, AsText(file), mapping.delimiter.front());
  bool broken = false;
  for (int shown = 0; shown < rows;) {
    const std::optional<std::string_view> piece = pieces.Next();
    if (!piece) break;
    decode::RowReading reading;
    const Status read = decoder->Read({AsBytes(*piece), {}, {}, 0}, &reading);
    if (csv != nullptr && !csv->header().ok()) return csv->header().error().Within(path);
    const bool row = !read.ok() || !reading.columns.empty();
    if (!row) continue;  // the header, or a blank line
    ++shown;
    broken = broken || !read.ok();
    PrintRow(session, static_cast<std::uint64_t>(shown), reading, read);
  }
  session.err << "a dry run: nothing was imported\n";
  if (broken) return Invalid("some of these rows could not be read; the reasons stand above");
  return Done{};
}

}  // namespace probatio::cli
