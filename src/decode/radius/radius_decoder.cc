#include "decode/radius/radius_decoder.h"

#include "decode/radius/attribute_table.h"

namespace probatio::decode {

Status RadiusClients::Add(const IpPrefix& from, Secret secret) {
  if (secret.empty()) return Invalid("radius client: empty secret");
  if (clients_.size() == kRadiusClientsMax) return Invalid("radius client: too many");
  if (!clients_.emplace(from, std::move(secret)).second) return Invalid("radius client: stands twice");
  return Done{};
}

const Secret* RadiusClients::Find(const IpAddress& source) const {
  for (unsigned length = source.is_v4() ? 33 : 129; length-- > 0;) {
    const auto client = clients_.find(IpPrefix::Holding(source, length));
    if (client != clients_.end()) return &client->second;
  }
  return nullptr;
}

RadiusDecoder::RadiusDecoder(RadiusClients clients, Md5 md5, SourceClock clock)
    : clients_(std::move(clients)), md5_(std::move(md5)), log_(std::move(clock)) {}

Status RadiusDecoder::Decode(const Piece& piece, std::vector<record::Record>* out) {
  const RadiusPacket packet = TRY(ReadRadiusPacket(piece.bytes));
  if (packet.code != kAccountingRequest) {
    ++log_.counts()["packets that are no accounting request"];
    return Done{};
  }
  TRY(CheckSender(packet, piece));
  const std::vector<RadiusAttribute> attributes = TRY(ReadRadiusAttributes(packet));
  Accounting report;
  for (const RadiusAttribute& attribute : attributes) {
    TRY_IN("radius", TakeAttribute(attribute.vendor, attribute.type, attribute.value, &report));
  }
  if (WasSentAgain(packet, piece)) {
    ++log_.counts()["reports sent again"];
    return Done{};
  }
  std::optional<Timestamp> event;
  if (report.event_s.has_value()) event = TRY_IN("radius", log_.AtSeconds(*report.event_s));
  const std::string exporter = piece.source.has_value() ? piece.source->ToText() : "";
  TRY_IN("radius", log_.Append(report, event, piece.received, exporter, out));
  return Done{};
}

Status RadiusDecoder::CheckSender(const RadiusPacket& packet, const Piece& piece) {
  if (clients_.empty()) {
    ++log_.counts()["packets unchecked: no secrets"];
    return Done{};
  }
  const Secret* const secret = piece.source.has_value() ? clients_.Find(*piece.source) : nullptr;
  if (secret == nullptr) {
    ++log_.counts()["refused: unknown client"];
    return Invalid("radius: unknown client");
  }
  const bool authentic = TRY_IN("radius", IsRequestAuthentic(packet, *secret, md5_));
  if (authentic) return Done{};
  ++log_.counts()["refused: authenticator"];
  return Invalid("radius: authenticator at offset 4 does not hold");
}

// The same octets of the same sender (RFC 2866 section 3, Identifier).
bool RadiusDecoder::WasSentAgain(const RadiusPacket& packet, const Piece& piece) {
  ByteWriter key;
  if (piece.source.has_value()) key.Raw(piece.source->octets());
  key.U16(piece.source_port);
  key.U8(packet.id);
  key.Raw(packet.authenticator);
  return packets_.Seen(std::string(AsText(key.bytes())));
}

}  // namespace probatio::decode
