#include "cli/input.h"

#include <fmt/format.h>

#include <ostream>

#include "cli/files.h"
#include "cli/subscriber_logs.h"
#include "decode/conntrack/conntrack_decoder.h"
#include "decode/flow/flow_input.h"
#include "decode/jsonl/jsonl_decoder.h"
#include "decode/line_file.h"
#include "decode/syslog/syslog_decoder.h"
#include "decode/time/correct_records.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kErrorsPrintedMax = 20;

// What a reader of a format is given.
struct Source {
  const std::string& format;
  Bytes file;
  const std::string& path;
  const std::string& exporter;
  const decode::SourceClock& clock;
  const std::string& radius_secrets;
};

void CountCapture(const decode::PcapCounts& capture, Input* input) {
  const std::pair<const char*, std::uint64_t> captured[] = {
      {"packets", capture.packets},
      {"fragments skipped", capture.fragments_skipped},
      {"other packets skipped", capture.other_skipped},
      {"broken packets skipped", capture.broken_skipped},
  };
  for (const auto& [name, count] : captured) {
    if (count != 0) input->counts[name] = count;
  }
}

void KeepErrors(const std::vector<Error>& errors, const Source& source, Input* input) {
  for (const Error& error : errors) input->errors.push_back(error.Within(source.path));
}

template <decode::FlowVersion kVersion>
Status ReadFlows(const Source& source, Input* input) {
  decode::FlowContents contents =
      TRY_IN(source.path, decode::DecodeFlowFile(source.file, kVersion, source.exporter));
  input->records = std::move(contents.records);
  KeepErrors(contents.errors, source, input);
  input->counts = decode::NamedCounts(contents.counts);
  input->lost += contents.counts.lost;
  input->gaps = std::move(contents.gaps);
  CountCapture(contents.capture, input);
  if (contents.other_datagrams != 0) input->counts["datagrams of another kind"] = contents.other_datagrams;
  return Done{};
}

Status ReadJsonl(const Source& source, Input* input) {
  decode::JsonlContents contents = decode::DecodeJsonl(source.file);
  input->records = std::move(contents.records);
  KeepErrors(contents.errors, source, input);
  input->counts = decode::NamedCounts(contents.counts);
  return Done{};
}

template <class LineDecoder>
Status ReadLines(const Source& source, Input* input) {
  LineDecoder decoder(source.exporter, source.clock);
  decode::LineContents contents = TRY_IN(source.path, decode::DecodeLineFile(source.file, &decoder));
  input->records = std::move(contents.records);
  KeepErrors(contents.errors, source, input);
  input->counts = decoder.counts();
  CountCapture(contents.capture, input);
  return Done{};
}

Status ReadSubscribers(const Source& source, Input* input) {
  return ReadSubscriberLog(source.format, source.file, source.path, source.exporter, source.clock,
                           source.radius_secrets, input);
}

struct Format {
  std::string_view name;
  Status (*read)(const Source& source, Input* input);
  bool in_utc;  // its instants carry UTC: what is known of the source's clock is added afterwards
};

constexpr Format kFormats[] = {
    {"conntrack", ReadLines<decode::ConntrackDecoder>, false},
    {"dhcp-isc", ReadSubscribers, false},
    {"dhcp-kea", ReadSubscribers, false},
    {"dhcp-log", ReadSubscribers, false},
    {"ipfix", ReadFlows<decode::FlowVersion::kIpfix>, true},
    {"jsonl", ReadJsonl, true},
    {"netflow9", ReadFlows<decode::FlowVersion::kNetflow9>, true},
    {"radius-detail", ReadSubscribers, false},
    {"radius-pcap", ReadSubscribers, false},
    {"sharing-rules", ReadSubscribers, false},
    {"syslog-cgn", ReadLines<decode::SyslogDecoder>, false},
};

Result<Format> FormatOf(const std::string& name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return format;
  }
  return Error(ErrorCode::kUsage, fmt::format("unknown format '{}': one of {}, csv", name, InputFormats()));
}

}  // namespace

std::string InputFormats() {
  std::string names;
  for (const Format& format : kFormats) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

Result<Input> ReadInput(const std::string& format, const std::string& path, const std::string& exporter,
                        const decode::SourceClock& clock, const std::string& radius_secrets) {
  const Format reader = TRY(FormatOf(format));
  const Buffer file = TRY(ReadFile(path));
  Input input;
  TRY(reader.read({format, file, path, exporter, clock, radius_secrets}, &input));
  if (reader.in_utc) TRY_IN(path, decode::CorrectRecords(clock, input.records));
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
