#include "cli/collected_decoder.h"

#include "cli/input_formats.h"
#include "cli/mapped_input.h"
#include "crypto/md5.h"
#include "decode/flow/flow_decoder.h"
#include "decode/radius/radius_decoder.h"

namespace probatio::cli {
namespace {

bool IsFlow(const CollectedKind& kind) {
  return kind.format == "ipfix" || kind.format == "netflow9";
}

Result<decode::FileDecoder::Parts> PartsOf(const CollectedKind& kind, const std::string& exporter,
                                           const decode::SourceClock& clock) {
  const InputKind input{kind.format, exporter, kind.mapping, {}, clock};
  return IsMapped(input) ? MappedParts(input) : PlainParts(input, false);
}

class Refusal : public decode::Decoder {
 public:
  explicit Refusal(Error reason) : reason_(std::move(reason)) {}
  Status Decode(const decode::Piece& /*piece*/, std::vector<record::Record>* /*out*/) override {
    ++refused_;
    return reason_;
  }
  std::map<std::string, std::uint64_t> counts() const override { return {{"refused", refused_}}; }

 private:
  Error reason_;
  std::uint64_t refused_ = 0;
};

}  // namespace

bool IsInUtc(const CollectedKind& kind) {
  const Result<decode::FileDecoder::Parts> parts = FilePartsOf(kind);
  return parts.ok() && parts.value().corrected_by.has_value();
}

Result<std::unique_ptr<decode::Decoder>> MakeCollectedDecoder(const CollectedKind& kind,
                                                              const std::string& exporter,
                                                              const decode::SourceClock& clock) {
  using Made = std::unique_ptr<decode::Decoder>;
  if (IsFlow(kind)) {
    const auto transport = kind.connections ? decode::Transport::kStream : decode::Transport::kDatagrams;
    return Made(std::make_unique<decode::FlowDecoder>(exporter, transport));
  }
  // The listener has checked the packet against the secret of its client.
  if (kind.format == "radius")
    return Made(std::make_unique<decode::RadiusDecoder>(decode::RadiusClients{}, crypto::Md5, clock));
  decode::FileDecoder::Parts parts = TRY(PartsOf(kind, exporter, clock));
  return std::move(parts.decoder);
}

std::unique_ptr<decode::Decoder> DecoderOrRefusal(const CollectedKind& kind, const std::string& exporter,
                                                  const decode::SourceClock& clock) {
  auto made = MakeCollectedDecoder(kind, exporter, clock);
  if (made.ok()) return std::move(made).value();
  return std::make_unique<Refusal>(made.error());
}

Result<decode::FileDecoder::Parts> FilePartsOf(const CollectedKind& kind) {
  return PartsOf(kind, {}, {});
}

}  // namespace probatio::cli
