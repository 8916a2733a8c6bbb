#include "cli/input.h"

#include <ostream>

#include "cli/files.h"
#include "decode/flow/flow_input.h"
#include "decode/jsonl/jsonl_decoder.h"
#include "decode/time/correct_records.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kErrorsPrintedMax = 20;

Status ReadFlows(Bytes file, decode::FlowVersion version, const std::string& path, const std::string& exporter,
                 Input* input) {
  decode::FlowContents contents = TRY_IN(path, decode::DecodeFlowFile(file, version, exporter));
  input->records = std::move(contents.records);
  for (const Error& error : contents.errors) input->errors.push_back(error.Within(path));
  input->counts = decode::NamedCounts(contents.counts);
  input->lost += contents.counts.lost;
  input->gaps = std::move(contents.gaps);
  const std::pair<const char*, std::uint64_t> captured[] = {
      {"packets", contents.capture.packets},
      {"fragments skipped", contents.capture.fragments_skipped},
      {"other packets skipped", contents.capture.other_skipped},
      {"broken packets skipped", contents.capture.broken_skipped},
      {"datagrams of another kind", contents.other_datagrams},
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
  input->counts["lines"] = contents.counts.lines;
  input->counts["records"] = contents.counts.records;
  if (contents.counts.broken_lines != 0) input->counts["broken lines"] = contents.counts.broken_lines;
  for (const auto& [key, count] : contents.counts.dropped_keys)
    input->counts["dropped column: " + key] = count;
  for (const auto& [key, count] : contents.counts.content_keys) {
    input->counts["dropped column that speaks of content or recipients: " + key] = count;
  }
}

}  // namespace

Result<Input> ReadInput(const std::string& format, const std::string& path, const std::string& exporter,
                        const decode::SourceClock& clock) {
  const Buffer file = TRY(ReadFile(path));
  Input input;
  if (format == "jsonl") {
    ReadJsonl(file, path, &input);
  } else if (format == "ipfix") {
    TRY(ReadFlows(file, decode::FlowVersion::kIpfix, path, exporter, &input));
  } else if (format == "netflow9") {
    TRY(ReadFlows(file, decode::FlowVersion::kNetflow9, path, exporter, &input));
  } else {
    return Error(ErrorCode::kUsage, "unknown format '" + format + "': one of ipfix, netflow9, jsonl");
  }
  TRY_IN(path, decode::CorrectRecords(clock, input.records));
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
