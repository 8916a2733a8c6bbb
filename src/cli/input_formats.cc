#include "cli/input_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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
  MakeDecoder decoder;
  MakeCutter cutter;  // of what is no capture
  const char* piece;
  Captures captures = Captures::kNo;
  Tells tells = Tells::kNothing;
  bool in_utc = false;  // its instants carry UTC: what is known of the source's clock is added afterwards
  bool has_header = false;
};

using decode::FlowVersion;
constexpr Format kFormats[] = {
    {"conntrack", DecoderOf<decode::ConntrackDecoder>, CutterOf<decode::LineCutter>, "line", Captures::kToo,
     Tells::kPlaceAndCount},
    {"dhcp-isc", DecoderOf<decode::IscDecoder>, CutterOf<decode::IscCutter>, "entry"},
    {"dhcp-kea", DecoderOf<decode::KeaDecoder>, CutterOf<decode::LineCutter>, "line", Captures::kNo,
     Tells::kNothing, false, true},
    {"dhcp-log", DecoderOf<decode::DhcpLogDecoder>, CutterOf<decode::LineCutter>, "line"},
    {"ipfix", FlowsOf<FlowVersion::kIpfix>, CutterOf<decode::MessageCutter>, "message", Captures::kToo,
     Tells::kCount, true},
    {"jsonl", JsonlOf, CutterOf<decode::LineCutter>, "line", Captures::kNo, Tells::kPlaceAndCount, true},
    {"netflow9", FlowsOf<FlowVersion::kNetflow9>, CutterOf<decode::MessageCutter>, "message", Captures::kToo,
     Tells::kCount, true},
    {"radius-detail", DecoderOf<decode::DetailDecoder>, CutterOf<decode::EntryCutter>, "entry"},
    {"radius-pcap", RadiusOf, nullptr, "packet", Captures::kOnly},
    {"sharing-rules", RulesOf, CutterOf<decode::WholeCutter>, "file"},
    {"syslog-cgn", DecoderOf<decode::SyslogDecoder>, CutterOf<decode::LineCutter>, "line", Captures::kToo,
     Tells::kPlaceAndCount},
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
