#include "cli/input_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "cli/radius_secrets.h"
#include "crypto/md5.h"
#include "decode/capture/pcap_file.h"
#include "decode/conntrack/conntrack_decoder.h"
#include "decode/cut/text_cutters.h"
#include "decode/dhcp/dhcp_log_decoder.h"
#include "decode/dhcp/isc_decoder.h"
#include "decode/dhcp/isc_tokens.h"
#include "decode/dhcp/kea_decoder.h"
#include "decode/flow/flow_sessions.h"
#include "decode/flow/message_cutter.h"
#include "decode/jsonl/jsonl_decoder.h"
#include "decode/radius/detail_decoder.h"
#include "decode/radius/radius_decoder.h"
#include "decode/sharing/sharing_rules.h"
#include "decode/syslog/syslog_decoder.h"

namespace probatio::cli {
namespace {

using collect::Carries;
using decode::FileDecoder;

// RFC 2866 section 3 and the port used before it.
constexpr std::array<std::uint16_t, 2> kAccountingPorts{1813, 1646};

using DecoderResult = Result<std::unique_ptr<decode::Decoder>>;
using MakeDecoder = DecoderResult (*)(const InputKind& kind);
using MakeCutter = std::unique_ptr<decode::Cutter> (*)();

template <class Cutter>
std::unique_ptr<decode::Cutter> CutterOf() {
  return std::make_unique<Cutter>();
}

template <class Decoder>
DecoderResult DecoderOf(const InputKind& kind) {
  return std::unique_ptr<decode::Decoder>(std::make_unique<Decoder>(kind.exporter, kind.clock));
}

template <decode::FlowVersion kVersion>
DecoderResult FlowsOf(const InputKind& kind) {
  return std::unique_ptr<decode::Decoder>(std::make_unique<decode::FlowSessions>(kVersion, kind.exporter));
}

DecoderResult JsonlOf(const InputKind& /*kind*/) {
  return std::unique_ptr<decode::Decoder>(std::make_unique<decode::JsonlDecoder>());
}

DecoderResult RulesOf(const InputKind& kind) {
  return std::unique_ptr<decode::Decoder>(std::make_unique<decode::SharingRulesDecoder>(kind.exporter));
}

DecoderResult RadiusOf(const InputKind& kind) {
  decode::RadiusClients clients;
  if (!kind.radius_secrets.empty()) clients = TRY(ReadRadiusSecrets(kind.radius_secrets));
  return std::unique_ptr<decode::Decoder>(
      std::make_unique<decode::RadiusDecoder>(std::move(clients), crypto::Md5, kind.clock));
}

bool IsAccounting(const decode::Cut& cut) {
  return cut.destination_port == kAccountingPorts[0] || cut.destination_port == kAccountingPorts[1];
}

enum class Captures : std::uint8_t { kNo, kToo, kOnly };
// Who tells the place of what is broken, and counts it: the decoder, where it is given a file's lines.
enum class Tells : std::uint8_t { kNothing, kCount, kPlaceAndCount };

struct Format {
  std::string_view name;
  std::optional<Carries> carries;  // what its records are; absent: it cannot be collected
  MakeDecoder decoder;
  MakeCutter cutter;  // of what is no capture
  const char* piece;
  Captures captures = Captures::kNo;
  Tells tells = Tells::kNothing;
  bool in_utc = false;  // its instants carry UTC: what is known of the source's clock is added afterwards
  bool has_header = false;
};

using decode::FlowVersion;
constexpr auto kNat = Carries::kNatEvents;
constexpr auto kAccess = Carries::kAccessSessions;
constexpr auto kActivity = Carries::kActivity;

constexpr Format kFormats[] = {
    {"conntrack", kNat, DecoderOf<decode::ConntrackDecoder>, CutterOf<decode::LineCutter>, "line",
     Captures::kToo, Tells::kPlaceAndCount},
    {"dhcp-isc", kAccess, DecoderOf<decode::IscDecoder>, CutterOf<decode::IscCutter>, "entry"},
    {"dhcp-kea", kAccess, DecoderOf<decode::KeaDecoder>, CutterOf<decode::LineCutter>, "line", Captures::kNo,
     Tells::kNothing, false, true},
    {"dhcp-log", kAccess, DecoderOf<decode::DhcpLogDecoder>, CutterOf<decode::LineCutter>, "line"},
    {"ipfix", kNat, FlowsOf<FlowVersion::kIpfix>, CutterOf<decode::MessageCutter>, "message", Captures::kToo,
     Tells::kCount, true},
    {"jsonl", kActivity, JsonlOf, CutterOf<decode::LineCutter>, "line", Captures::kNo, Tells::kPlaceAndCount,
     true},
    {"netflow9", kNat, FlowsOf<FlowVersion::kNetflow9>, CutterOf<decode::MessageCutter>, "message",
     Captures::kToo, Tells::kCount, true},
    {"radius-detail", kAccess, DecoderOf<decode::DetailDecoder>, CutterOf<decode::EntryCutter>, "entry"},
    {"radius-pcap", std::nullopt, RadiusOf, nullptr, "packet", Captures::kOnly},
    {"sharing-rules", kAccess, RulesOf, CutterOf<decode::WholeCutter>, "file"},
    {"syslog-cgn", kNat, DecoderOf<decode::SyslogDecoder>, CutterOf<decode::LineCutter>, "line",
     Captures::kToo, Tells::kPlaceAndCount},
};

Result<Format> FormatOf(const std::string& name) {
  for (const Format& format : kFormats) {
    if (format.name == name) return format;
  }
  return Error(ErrorCode::kUsage, fmt::format("unknown format '{}': one of {}", name, InputFormats()));
}

}  // namespace

std::string InputFormats() {
  std::string names;
  for (const Format& format : kFormats) names += std::string(format.name) + ", ";
  return names + "csv";  // by its mapping (mapped_input.h)
}

Status CheckFormat(const std::string& name) {
  TRY(FormatOf(name));
  return Done{};
}

Result<collect::Carries> CarriedBy(const std::string& name) {
  // A mapping says what stands in CSV: activity as a rule. RADIUS packets come to their own listener only.
  std::map<std::string_view, Carries> all{{"csv", kActivity}, {"radius", kAccess}};
  for (const Format& format : kFormats)
    if (format.carries.has_value()) all.emplace(format.name, *format.carries);
  const auto found = all.find(name);
  if (found != all.end()) return found->second;
  std::string names;
  for (const auto& [one, carries] : all) names += (names.empty() ? "" : ", ") + std::string(one);
  return Error(ErrorCode::kUsage, fmt::format("unknown format '{}': one of {}", name, names));
}

Result<FileDecoder::Parts> PlainParts(const InputKind& kind, bool capture) {
  const Format format = TRY(FormatOf(kind.format));
  const bool of_capture =
      format.captures == Captures::kOnly || (capture && format.captures == Captures::kToo);
  FileDecoder::Parts parts;
  parts.decoder = TRY(format.decoder(kind));
  parts.cutter = of_capture ? CutterOf<decode::CaptureCutter>() : format.cutter();
  parts.piece_name = format.piece;
  // Of a capture the decoder is not given the lines of a file.
  if (of_capture && format.tells == Tells::kPlaceAndCount) parts.piece_name = "datagram";
  parts.names_place = format.tells == Tells::kPlaceAndCount && !of_capture;
  parts.counts_broken = format.tells != Tells::kNothing;
  parts.has_header = format.has_header;
  if (format.in_utc) parts.corrected_by = kind.clock;
  if (format.captures == Captures::kOnly) parts.wanted = IsAccounting;
  return parts;
}

}  // namespace probatio::cli
