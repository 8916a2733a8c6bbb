#include "cli/input.h"

#include <ostream>

#include "cli/files.h"
#include "decode/ipfix/ipfix_input.h"
#include "decode/jsonl/jsonl_decoder.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kErrorsPrintedMax = 20;

void CountIpfix(const decode::IpfixCounts& counts, Input* input) {
  const std::pair<const char*, std::uint64_t> named[] = {
      {"messages", counts.messages},
      {"malformed messages", counts.malformed_messages},
      {"templates", counts.templates},
      {"options templates", counts.options_templates},
      {"templates refused", counts.templates_refused},
      {"data records", counts.data_records},
      {"options records", counts.options_records},
      {"NAT records", counts.nat_records},
      {"flows without translation", counts.flows},
      {"translated flows without an event", counts.nat_flows_without_event},
      {"refused records", counts.refused_records},
      {"sets without template", counts.sets_without_template},
      {"lost records", counts.lost_records},
      {"late messages", counts.late_messages},
      {"restarts", counts.restarts},
  };
  for (const auto& [name, count] : named) {
    if (count != 0) input->counts[name] += count;
  }
  for (const auto& [reason, count] : counts.refusals) input->counts["refused: " + reason] += count;
  input->lost += counts.lost_records;
}

Status ReadIpfix(Bytes file, const std::string& path, const std::string& exporter, Input* input) {
  decode::IpfixContents contents = TRY_IN(path, decode::DecodeIpfixFile(file, exporter));
  input->records = std::move(contents.records);
  for (const Error& error : contents.errors) input->errors.push_back(error.Within(path));
  CountIpfix(contents.counts, input);
  input->gaps = std::move(contents.gaps);
  const std::pair<const char*, std::uint64_t> captured[] = {
      {"packets", contents.capture.packets},
      {"fragments skipped", contents.capture.fragments_skipped},
      {"other packets skipped", contents.capture.other_skipped},
      {"broken packets skipped", contents.capture.broken_skipped},
      {"datagrams that are not IPFIX", contents.other_datagrams},
  };
  for (const auto& [name, count] : captured) {
    if (count != 0) input->counts[name] = count;
  }
  return Done{};
}

void ReadJsonl(Bytes file, const std::string& path, Input* input) {
  decode::JsonlContents contents = decode::DecodeJsonl(file);
  input->records = std::move(contents.records);
  for (const Error& error : contents.errors) input->errors.push_back(error.Within(path));
  input->counts = decode::NamedCounts(contents.counts);
}

// For formats whose records carry UTC: what was configured of the source's clock.
Status Correct(const decode::SourceClock& clock, std::vector<record::Record>* records) {
  for (record::Record& record : *records) {
    record::Origin& origin = std::visit([](auto& kind) -> record::Origin& { return kind.origin; }, record);
    const Instant before = origin.at.at;
    origin.at = TRY(clock.Corrected(origin.at));
    auto* event = std::get_if<record::NatEvent>(&record);
    if (event != nullptr && event->end_at.has_value())
      event->end_at = *event->end_at + (origin.at.at - before);
  }
  return Done{};
}

}  // namespace

Result<Input> ReadInput(const std::string& format, const std::string& path, const std::string& exporter,
                        const decode::SourceClock& clock) {
  const Buffer file = TRY(ReadFile(path));
  Input input;
  if (format == "jsonl") {
    ReadJsonl(file, path, &input);
    TRY_IN(path, Correct(clock, &input.records));
  } else if (format == "ipfix") {
    TRY(ReadIpfix(file, path, exporter, &input));
    TRY_IN(path, Correct(clock, &input.records));
  } else {
    return Error(ErrorCode::kUsage, "unknown format '" + format + "': one of ipfix, jsonl, csv");
  }
  return input;
}

void PrintCounts(const Input& input, std::ostream& err) {
  for (const auto& [name, count] : input.counts) err << name << ": " << count << "\n";
  for (std::size_t i = 0; i < input.errors.size() && i < kErrorsPrintedMax; ++i) {
    err << "probatio: " << input.errors[i].what() << "\n";
  }
  if (input.errors.size() > kErrorsPrintedMax) {
    err << "probatio: and " << input.errors.size() - kErrorsPrintedMax << " more like these\n";
  }
}

}  // namespace probatio::cli
