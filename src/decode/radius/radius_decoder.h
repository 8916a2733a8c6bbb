// RADIUS accounting packets (RFC 2866) into access sessions and NAT events (docs/formats/radius.md). A packet
// counts only when its authenticator proves that a known client made it. Pure; one thread.
#pragma once

#include "base/ip_prefix.h"
#include "decode/decoder.h"
#include "decode/radius/accounting_log.h"
#include "decode/radius/authenticator.h"

namespace probatio::decode {

inline constexpr std::size_t kRadiusClientsMax = 65'536;

// Who may send, and the secret shared with each: by address, or for a whole block of them.
class RadiusClients {
 public:
  Status Add(const IpPrefix& from,
             Secret secret);  // kInvalid for a block twice, an empty secret, or too many
  const Secret* Find(const IpAddress& source) const;  // of the longest block; null when none holds it
  bool empty() const { return clients_.empty(); }

 private:
  std::map<IpPrefix, Secret> clients_;
};

class RadiusDecoder : public Decoder {
 public:
  // Without clients packets cannot be checked: they are read all the same, for captures whose secrets are
  // gone, and counted as unchecked. With clients, a packet of another sender is refused.
  RadiusDecoder(RadiusClients clients, Md5 md5, SourceClock clock);

  // One packet. kInvalid when it is malformed, of an unknown client, or its authenticator does not hold:
  // then it must not be answered. A report that was sent again gives no record and is to be answered.
  Status Decode(const Piece& piece, std::vector<record::Record>* out) override;
  std::map<std::string, std::uint64_t> counts() const override { return log_.counts(); }

  const RadiusClients& clients() const { return clients_; }

 private:
  Status CheckSender(const RadiusPacket& packet, const Piece& piece);
  bool WasSentAgain(const RadiusPacket& packet, const Piece& piece);

  RadiusClients clients_;
  Md5 md5_;
  AccountingLog log_;
  Retransmissions packets_;
};

}  // namespace probatio::decode
