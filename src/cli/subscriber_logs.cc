#include "cli/subscriber_logs.h"

#include <fmt/format.h>

#include <array>
#include <memory>

#include "cli/radius_secrets.h"
#include "crypto/md5.h"
#include "decode/capture/pcap_file.h"
#include "decode/dhcp/dhcp_log_decoder.h"
#include "decode/dhcp/isc_decoder.h"
#include "decode/dhcp/isc_tokens.h"
#include "decode/dhcp/kea_decoder.h"
#include "decode/radius/detail_decoder.h"
#include "decode/radius/radius_decoder.h"
#include "decode/sharing/sharing_rules.h"

namespace probatio::cli {
namespace {

constexpr std::size_t kErrorsMax = 1'000;  // pieces that are described; all are counted
// RFC 2866 section 3 and the port used before it.
constexpr std::array<std::uint16_t, 2> kAccountingPorts{1813, 1646};

using Texts = std::vector<std::string_view>;

Texts SplitLines(std::string_view file) {
  Texts lines;
  while (!file.empty()) {
    const std::string_view line = file.substr(0, file.find('\n'));
    lines.push_back(line);
    file.remove_prefix(std::min(file.size(), line.size() + 1));
  }
  return lines;
}

// Feeds one decoder and keeps what it says.
class Reading {
 public:
  Reading(const std::string& path, const char* piece_name, Input* input)
      : path_(path), piece_name_(piece_name), input_(input) {}

  void Feed(decode::Decoder& decoder, const decode::Piece& piece) {
    ++number_;
    const Status read = decoder.Decode(piece, &input_->records);
    if (read.ok()) return;
    ++input_->counts[fmt::format("broken {}s", piece_name_)];
    if (input_->errors.size() == kErrorsMax) return;
    input_->errors.push_back(read.error().Within(fmt::format("{}: {} {}", path_, piece_name_, number_)));
  }

  void Finish(const decode::Decoder& decoder) {
    for (const auto& [name, count] : decoder.counts()) input_->counts[name] += count;
  }

 private:
  const std::string& path_;
  const char* piece_name_;
  Input* input_;
  std::size_t number_ = 0;
};

void ReadTexts(decode::Decoder& decoder, const Texts& texts, Reading reading) {
  for (const std::string_view text : texts) {
    decode::Piece piece;
    piece.bytes = AsBytes(text);
    reading.Feed(decoder, piece);
  }
  reading.Finish(decoder);
}

bool IsAccounting(const decode::Datagram& datagram) {
  return datagram.destination_port == kAccountingPorts[0] || datagram.destination_port == kAccountingPorts[1];
}

}  // namespace

Status ReadRadiusCapture(const InputFile& file, Input* input) {
  decode::RadiusClients clients;
  if (!file.kind.radius_secrets.empty()) clients = TRY(ReadRadiusSecrets(file.kind.radius_secrets));
  const decode::PcapContents capture = TRY_IN(file.path, decode::ReadPcap(file.bytes));
  CountCapture(capture.counts, input);
  decode::RadiusDecoder decoder(std::move(clients), crypto::Md5, file.kind.clock);
  Reading reading(file.path, "packet", input);
  for (const decode::Datagram& datagram : capture.datagrams) {
    if (!IsAccounting(datagram)) {
      ++input->counts["datagrams to other ports"];
      continue;
    }
    reading.Feed(decoder, {datagram.payload, datagram.captured_at, datagram.source, datagram.source_port});
  }
  reading.Finish(decoder);
  if (capture.error.has_value()) input->errors.push_back(capture.error->Within(file.path));
  return Done{};
}

Status ReadRadiusDetail(const InputFile& file, Input* input) {
  decode::DetailDecoder decoder(file.kind.exporter, file.kind.clock);
  ReadTexts(decoder, decode::SplitEntries(AsText(file.bytes)), {file.path, "entry", input});
  return Done{};
}

Status ReadIscLeases(const InputFile& file, Input* input) {
  decode::IscDecoder decoder(file.kind.exporter, file.kind.clock);
  std::uint64_t others = 0;
  ReadTexts(decoder, decode::SplitIscEntries(AsText(file.bytes), &others), {file.path, "entry", input});
  if (others != 0) input->counts["statements that are no lease"] = others;
  return Done{};
}

Status ReadKeaLeases(const InputFile& file, Input* input) {
  decode::KeaDecoder decoder(file.kind.exporter, file.kind.clock);
  ReadTexts(decoder, SplitLines(AsText(file.bytes)), {file.path, "line", input});
  return Done{};
}

Status ReadDhcpLog(const InputFile& file, Input* input) {
  decode::DhcpLogDecoder decoder(file.kind.exporter, file.kind.clock);
  ReadTexts(decoder, SplitLines(AsText(file.bytes)), {file.path, "line", input});
  return Done{};
}

Status ReadSharingRules(const InputFile& file, Input* input) {
  decode::SharingRulesDecoder decoder(file.kind.exporter);
  ReadTexts(decoder, {AsText(file.bytes)}, {file.path, "file", input});
  return Done{};
}

}  // namespace probatio::cli
