#include "decode/conntrack/conntrack_decoder.h"

#include <fmt/format.h>

#include "record/canonical.h"

namespace probatio::decode {
namespace {

using record::NatEventKind;

// RFC 8158 has no events for a translation from IPv6 to IPv6; the historic ones name no family.
NatEventKind KindOf(const ConntrackFlow& flow) {
  const bool ends = flow.event == ConntrackFlow::Event::kDestroy;
  if (!flow.inside_ip.is_v4()) return ends ? NatEventKind::kDelete : NatEventKind::kCreate;
  return ends ? NatEventKind::kNat44SessionDelete : NatEventKind::kNat44SessionCreate;
}

// Of a flow that someone outside began (a forwarded port) the reply goes to where the flow came from.
bool IsSourceTranslated(const ConntrackFlow& flow) {
  return flow.public_ip != flow.inside_ip || flow.public_port != flow.inside_port;
}

record::NatEvent EventOf(const ConntrackFlow& flow) {
  record::NatEvent event;
  event.event = KindOf(flow);
  event.proto = flow.proto;
  event.inside_ip = flow.inside_ip;
  event.inside_port = flow.inside_port;
  if (flow.zone.has_value()) event.inside_realm = std::to_string(*flow.zone);
  event.public_ip = flow.public_ip;
  event.public_port = flow.public_port;
  return event;
}

// An entry of a list began this long before the list was made: whole seconds, rounded down.
Result<Timestamp> BeginOf(const ConntrackFlow& flow, std::optional<Instant> received) {
  if (!received.has_value())
    return Invalid("a list says no time; import what conntrack -E -o timestamp prints");
  if (!flow.age_s.has_value()) return Invalid("a listed entry without delta-time says no beginning");
  const std::int64_t age_ns = (std::int64_t{*flow.age_s} + 1) * kNsPerSecond;
  return Timestamp{*received - age_ns, kNsPerSecond, 0, ClockSource::kReceipt};
}

bool HasFlow(std::string_view line) {
  return line.find("src=") != std::string_view::npos || line.find("<flow") != std::string_view::npos;
}

}  // namespace

ConntrackDecoder::ConntrackDecoder(std::string exporter, SourceClock clock)
    : exporter_(std::move(exporter)), clock_(std::move(clock)) {}

Status ConntrackDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  std::optional<Error> first;
  std::string_view rest = AsText(piece.bytes);
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++line_number_;
    if (line.empty()) continue;
    ++lines_;
    const Status decoded = DecodeLine(piece, line, out);
    if (decoded.ok()) continue;
    ++broken_lines_;
    if (!first.has_value()) first = decoded.error().Within(fmt::format("line {}", line_number_));
  }
  if (first.has_value()) return *first;
  return Done{};
}

Status ConntrackDecoder::DecodeLine(const Piece& piece, std::string_view line,
                                    std::vector<record::Record>* out) {
  if (line.size() > kConntrackLineBytesMax) {
    return Invalid(fmt::format("longer than {} bytes", kConntrackLineBytesMax));
  }
  if (!HasFlow(line)) {
    ++other_lines_;
    return Done{};
  }
  const bool is_xml = line.find("<flow") != std::string_view::npos;
  const ConntrackFlow flow = TRY(is_xml ? ReadXmlFlow(line) : ReadTextFlow(line));
  if (flow.event == ConntrackFlow::Event::kUpdate) {
    ++updates_;
    return Done{};
  }
  if (!IsSourceTranslated(flow)) {
    ++not_translated_;
    return Done{};
  }
  record::NatEvent event = EventOf(flow);
  event.origin.at = TRY(TimeOf(flow, piece));
  event.origin.exporter = exporter_;
  if (exporter_.empty() && piece.source.has_value()) event.origin.exporter = piece.source->ToText();
  record::Record row(std::move(event));
  TRY(record::CheckRecord(row));
  out->push_back(std::move(row));
  ++records_;
  return Done{};
}

// The tool stamps an event when the kernel hands it over: the time of the line, not of the packet.
Result<Timestamp> ConntrackDecoder::TimeOf(const ConntrackFlow& flow, const Piece& piece) const {
  if (flow.event == ConntrackFlow::Event::kListed) return BeginOf(flow, piece.received);
  if (flow.stamped.has_value()) {
    return clock_.Corrected({flow.stamped->at, flow.stamped->resolution_ns, 0, ClockSource::kMessage});
  }
  if (flow.when.has_value()) return clock_.At(*flow.when, ClockSource::kMessage, piece.received);
  if (piece.received.has_value()) return Timestamp{*piece.received, 1, 0, ClockSource::kReceipt};
  return Invalid("no time in the line (conntrack -o timestamp prints it)");
}

std::map<std::string, std::uint64_t> ConntrackDecoder::counts() const {
  std::map<std::string, std::uint64_t> named{{"lines", lines_},
                                             {"records", records_},
                                             {"updates", updates_},
                                             {"not translated", not_translated_},
                                             {"other lines", other_lines_},
                                             {"broken lines", broken_lines_}};
  std::erase_if(named, [](const auto& count) { return count.second == 0 && count.first != "lines"; });
  return named;
}

}  // namespace probatio::decode
