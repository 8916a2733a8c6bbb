#include "decode/radius/detail_decoder.h"

#include <fmt/format.h>

#include "decode/radius/attribute_table.h"
#include "decode/radius/printed_value.h"

namespace probatio::decode {

// What one entry says, its times still as they are printed.
struct DetailDecoder::Entry {
  std::string_view header;
  std::size_t attributes = 0;
  Accounting report;
  std::string event;  // Event-Timestamp as text
  std::optional<std::int64_t> timestamp_s;
};

namespace {

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// Letters after a time are the zone of the server as it abbreviates it, which names no zone for anybody else.
bool IsAbbreviation(std::string_view rest) {
  const std::size_t begin = rest.find_first_not_of(' ');
  if (begin == std::string_view::npos) return true;
  for (const char c : rest.substr(begin)) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!letter) return false;
  }
  return true;
}

Result<CivilTime> ReadTime(std::string_view pattern, std::string_view text) {
  CivilTime civil;
  TRY(ReadCivilTime(pattern, &text, &civil));
  if (!IsAbbreviation(text)) return Invalid("more than a time");
  return civil;
}

}  // namespace

Status DetailDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  Entry entry;
  TRY(ReadEntry(AsText(piece.bytes), &entry));
  if (entry.attributes == 0) return Done{};  // comments, or the end of a file
  ++log_.counts()["entries"];
  const std::optional<Timestamp> event = TRY_IN("Event-Timestamp", EventOf(entry));
  std::optional<Instant> received = piece.received;
  if (!event.has_value()) {
    const std::optional<Instant> written = TRY(ReceiptOf(entry));
    if (written.has_value()) received = written;
  }
  return log_.Append(entry.report, event, received, exporter_, out);
}

Status DetailDecoder::ReadEntry(std::string_view text, Entry* entry) const {
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::string place = fmt::format("line {}", number);
    if (line.size() > kDetailLineBytesMax) {
      return Invalid(fmt::format("{}: more than {} octets", place, kDetailLineBytesMax));
    }
    if (IsBlank(line) || line.starts_with('#')) continue;
    const std::optional<PrintedAttribute> attribute = TRY_IN(place, ReadPrintedAttribute(line));
    if (!attribute.has_value()) {
      if (entry->attributes != 0) return Invalid(place + ": no attribute");
      entry->header = line;
      continue;
    }
    ++entry->attributes;
    if (attribute->name == "Timestamp") {
      const EpochTime at = TRY_IN(place, ParseEpochTime(attribute->value));
      entry->timestamp_s = at.at.unix_ns() / kNsPerSecond;
    } else if (attribute->name == "Event-Timestamp" && attribute->quoted) {
      entry->event = attribute->value;
    } else {
      TRY_IN(place, TakePrinted(attribute->name, attribute->value, attribute->quoted, &entry->report));
    }
  }
  return Done{};
}

// The NAS sent seconds since 1970; FreeRADIUS printed them in its own zone. Without that zone only "UTC" says
// which instant it was, and the time of receipt is the better one.
Result<std::optional<Timestamp>> DetailDecoder::EventOf(const Entry& entry) {
  if (entry.report.event_s.has_value()) {
    const Timestamp at = TRY(log_.AtSeconds(*entry.report.event_s));
    return std::optional<Timestamp>(at);
  }
  if (entry.event.empty()) return std::optional<Timestamp>();
  CivilTime civil = TRY(ReadTime("%b %d %Y %H:%M:%S%z", entry.event));
  if (!civil.utc_offset_s.has_value() && log_.clock().zone == nullptr) {
    ++log_.counts()["event times in a zone that was not named"];
    return std::optional<Timestamp>();
  }
  const Timestamp at = TRY(log_.clock().At(civil, ClockSource::kEvent, std::nullopt));
  return std::optional<Timestamp>(at);
}

// `Timestamp` is the server's clock in UTC; the header is the same in its zone.
Result<std::optional<Instant>> DetailDecoder::ReceiptOf(const Entry& entry) const {
  if (entry.timestamp_s.has_value()) return std::optional(Instant::FromUnixSeconds(*entry.timestamp_s));
  if (entry.header.empty() || log_.clock().zone == nullptr) return std::optional<Instant>();
  const CivilTime civil = TRY_IN("line 1", ReadTime("%a %b %d %H:%M:%S %Y", entry.header));
  SourceClock server;  // the configured offset is that of the NAS
  server.zone = log_.clock().zone;
  const Timestamp at = TRY_IN("line 1", server.At(civil, ClockSource::kReceipt, std::nullopt));
  return std::optional(at.at);
}

}  // namespace probatio::decode
