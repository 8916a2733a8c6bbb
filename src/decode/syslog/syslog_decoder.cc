#include "decode/syslog/syslog_decoder.h"

#include <fmt/format.h>

#include "decode/syslog/nat_line.h"
#include "record/canonical.h"

namespace probatio::decode {
namespace {

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Where a mark stands; one that begins with a letter begins a word ("A VRF ", not "DATA VRF ").
std::size_t FindMark(std::string_view text, std::string_view mark) {
  std::size_t at = text.find(mark);
  while (at != std::string_view::npos && at > 0 && IsWordCharacter(mark.front()) &&
         IsWordCharacter(text[at - 1])) {
    at = text.find(mark, at + 1);
  }
  return at;
}

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kFillers{"\r\n\0 ", 4};  // some send a NUL at the end
  const std::size_t end = line.find_last_not_of(kFillers);
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end + 1);
}

}  // namespace

SyslogDecoder::SyslogDecoder(std::string exporter, SourceClock clock)
    : exporter_(std::move(exporter)), clock_(std::move(clock)), without_event_(Vendors().size()) {}

Status SyslogDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  std::optional<Error> first;
  std::string_view rest = AsText(piece.bytes);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::string_view text = Trimmed(line);
    ++line_number_;
    if (text.empty()) continue;
    ++lines_;
    const Status decoded = DecodeLine(piece, text, out);
    if (decoded.ok()) continue;
    ++broken_lines_;
    if (!first.has_value()) first = decoded.error().Within(fmt::format("line {}", line_number_));
  }
  if (first.has_value()) return *first;
  return Done{};
}

Status SyslogDecoder::DecodeLine(const Piece& piece, std::string_view text,
                                 std::vector<record::Record>* out) {
  if (text.size() > kSyslogLineBytesMax) {
    return Invalid(fmt::format("longer than {} bytes", kSyslogLineBytesMax));
  }
  const Line line{text, ReadSyslogHeader(text), piece};
  for (const Vendor& vendor : Vendors()) {
    const std::size_t mark = FindMark(line.header.text, vendor.mark);
    if (mark == std::string_view::npos) continue;
    TRY_IN(std::string(vendor.name), ReadRecords(line, vendor, mark, out));
    return Done{};
  }
  ++unknown_lines_;
  return Done{};
}

Status SyslogDecoder::ReadRecords(const Line& line, const Vendor& vendor, std::size_t mark,
                                  std::vector<record::Record>* out) {
  if (!vendor.many) return ReadRecord(line, vendor, vendor.from_start ? 0 : mark, out);
  // Each [ ] stands for itself: a broken one does not take the others with it.
  std::optional<Error> first;
  std::size_t count = 0;
  const std::string_view text = line.header.text;
  for (std::size_t at = text.find('[', mark); at != std::string_view::npos; at = text.find('[', at + 1)) {
    if (++count > kSyslogRecordsMax) return Invalid(fmt::format("more than {} records", kSyslogRecordsMax));
    const Status read = ReadRecord(line, vendor, at, out);
    if (!read.ok() && !first.has_value()) first = read.error().Within(fmt::format("record {}", count));
  }
  if (first.has_value()) return *first;
  return Done{};
}

Status SyslogDecoder::ReadRecord(const Line& line, const Vendor& vendor, std::size_t at,
                                 std::vector<record::Record>* out) {
  const std::string_view text = line.header.text;
  Match best;
  for (const LogForm& form : vendor.forms) {
    Captures captures{};
    const Match match = form.pattern.Read(text, at, &captures);
    if (match.whole && form.told == Told::kNothing) {
      ++without_event_[static_cast<std::size_t>(&vendor - Vendors().data())];
      return Done{};
    }
    if (match.whole) return AddRecord(line, form.told, captures, out);
    if (best.missing.empty() || match.end > best.end) best = match;
    if (match.committed) break;
  }
  const std::size_t offset = line.text.size() - text.size() + best.end;
  return Invalid(fmt::format("no form that is known: '{}' not at offset {}", best.missing, offset));
}

Status SyslogDecoder::AddRecord(const Line& line, Told told, const Captures& captures,
                                std::vector<record::Record>* out) {
  record::NatEvent event = TRY(NatEventOf(told, captures));
  if (!IsTranslated(event)) {
    ++not_translated_;
    return Done{};
  }
  event.origin.at = TRY(TimeOf(line, captures));
  event.origin.exporter = ExporterOf(line, captures);
  record::Record row(std::move(event));
  TRY(record::CheckRecord(row));
  out->push_back(std::move(row));
  ++records_;
  return Done{};
}

// What the line says of its event goes before the time at which the message was made, and that before our
// own.
Result<Timestamp> SyslogDecoder::TimeOf(const Line& line, const Captures& captures) {
  const std::optional<Instant>& received = line.piece.received;
  const std::optional<Timestamp> said = TRY(EventTimeOf(captures, clock_, received));
  if (said.has_value()) return *said;
  if (line.header.time.has_value()) {
    TRY(CheckYear(*line.header.time));
    return clock_.At(*line.header.time, ClockSource::kMessage, received);
  }
  if (received.has_value()) return Timestamp{*received, 1, 0, ClockSource::kReceipt};
  return Invalid("no time in the line");
}

// One configured year cannot date the lines of two: those after December would be a year too early.
Status SyslogDecoder::CheckYear(const CivilTime& civil) {
  if (civil.year.has_value() || !clock_.year.has_value()) return Done{};
  passed_new_year_ = passed_new_year_ || (month_before_ == 12 && civil.month == 1);
  month_before_ = civil.month;
  if (passed_new_year_) return Invalid("time: prints no year, and a new one has begun: split the log there");
  return Done{};
}

std::string SyslogDecoder::ExporterOf(const Line& line, const Captures& captures) const {
  if (!exporter_.empty()) return exporter_;
  const std::string_view said = captures[static_cast<std::size_t>(Capture::kExporter)];
  if (!said.empty()) return std::string(said);
  if (!line.header.host.empty()) return std::string(line.header.host);
  return line.piece.source.has_value() ? line.piece.source->ToText() : std::string();
}

std::map<std::string, std::uint64_t> SyslogDecoder::counts() const {
  std::map<std::string, std::uint64_t> named{{"lines", lines_},
                                             {"records", records_},
                                             {"unknown lines", unknown_lines_},
                                             {"broken lines", broken_lines_},
                                             {"not translated", not_translated_}};
  for (std::size_t i = 0; i < without_event_.size(); ++i) {
    named["no event: " + std::string(Vendors()[i].name)] += without_event_[i];
  }
  std::erase_if(named, [](const auto& count) { return count.second == 0 && count.first != "lines"; });
  return named;
}

}  // namespace probatio::decode
