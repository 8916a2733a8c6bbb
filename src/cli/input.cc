#include "cli/input.h"

#include <fmt/format.h>

#include <ostream>

#include "cli/files.h"
#include "cli/input_file.h"
#include "cli/mapped_input.h"
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

void KeepErrors(const std::vector<Error>& errors, const InputFile& file, Input* input) {
  for (const Error& error : errors) input->errors.push_back(error.Within(file.path));
}

template <decode::FlowVersion kVersion>
Status ReadFlows(const InputFile& file, Input* input) {
  decode::FlowContents contents =
      TRY_IN(file.path, decode::DecodeFlowFile(file.bytes, kVersion, file.kind.exporter));
  input->records = std::move(contents.records);
  KeepErrors(contents.errors, file, input);
  input->counts = decode::NamedCounts(contents.counts);
  input->lost += contents.counts.lost;
  input->gaps = std::move(contents.gaps);
  CountCapture(contents.capture, input);
  if (contents.other_datagrams != 0) input->counts["datagrams of another kind"] = contents.other_datagrams;
  return Done{};
}

Status ReadJsonl(const InputFile& file, Input* input) {
  decode::JsonlContents contents = decode::DecodeJsonl(file.bytes);
  input->records = std::move(contents.records);
  KeepErrors(contents.errors, file, input);
  input->counts = decode::NamedCounts(contents.counts);
  return Done{};
}

template <class LineDecoder>
Status ReadLines(const InputFile& file, Input* input) {
  LineDecoder decoder(file.kind.exporter, file.kind.clock);
  decode::LineContents contents = TRY_IN(file.path, decode::DecodeLineFile(file.bytes, &decoder));
  input->records = std::move(contents.records);
  KeepErrors(contents.errors, file, input);
  input->counts = decoder.counts();
  CountCapture(contents.capture, input);
  return Done{};
}

struct Format {
  std::string_view name;
  Status (*read)(const InputFile& file, Input* input);
  bool in_utc;  // its instants carry UTC: what is known of the source's clock is added afterwards
};

constexpr Format kFormats[] = {
    {"conntrack", ReadLines<decode::ConntrackDecoder>, false},
    {"dhcp-isc", ReadIscLeases, false},
    {"dhcp-kea", ReadKeaLeases, false},
    {"dhcp-log", ReadDhcpLog, false},
    {"ipfix", ReadFlows<decode::FlowVersion::kIpfix>, true},
    {"jsonl", ReadJsonl, true},
    {"netflow9", ReadFlows<decode::FlowVersion::kNetflow9>, true},
    {"radius-detail", ReadRadiusDetail, false},
    {"radius-pcap", ReadRadiusCapture, false},
    {"sharing-rules", ReadSharingRules, false},
    {"syslog-cgn", ReadLines<decode::SyslogDecoder>, false},
};

Result<Format> FormatOf(const std::string& name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return format;
  }
  return Error(ErrorCode::kUsage, fmt::format("unknown format '{}': one of {}", name, InputFormats()));
}

}  // namespace

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

std::string InputFormats() {
  std::string names;
  for (const Format& format : kFormats) names += std::string(format.name) + ", ";
  return names + "csv";  // by its mapping (mapped_input.h)
}

Result<Input> ReadInput(const InputKind& kind, const std::string& path) {
  return IsMapped(kind) ? ReadMappedInput(kind, path) : ReadPlainInput(kind, path);
}

Result<Input> ReadPlainInput(const InputKind& kind, const std::string& path) {
  const Format format = TRY(FormatOf(kind.format));
  const Buffer bytes = TRY(ReadFile(path));
  Input input;
  TRY(format.read({bytes, path, kind}, &input));
  if (format.in_utc) TRY_IN(path, decode::CorrectRecords(kind.clock, input.records));
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
