// The operator's address translation, invented: subscribers behind shared public addresses, sessions with
// ports that are never held twice at once and rest for two minutes when freed (RFC 6888, REQ-8).
#pragma once

#include <map>

#include "cli/demo/dice.h"
#include "record/record.h"

namespace probatio::cli::demo {

// One subscriber line, as the access network and the translation see it.
struct SubscriberLine {
  std::string subscriber;
  IpAddress inside_ip;
  std::string realm;    // the VRF's number, as the translator and the access network both send it
  IpAddress public_ip;  // paired pooling: one public address for a subscriber (RFC 4787)
};

class AddressTranslation {
 public:
  explicit AddressTranslation(Dice& dice) : dice_(dice) {}

  // A session of `line` on exactly this port, from begin to end. CHECKs that the port is free.
  void HoldPort(const SubscriberLine& line, std::uint16_t port, std::uint8_t proto, const Period& period);
  // A session on a free port. Call in any order of begin.
  void HoldAnyPort(const SubscriberLine& line, std::uint8_t proto, const Period& period);
  // A block of 512 ports, from its own port range so that no session falls into it.
  void HoldBlock(const SubscriberLine& line, const Period& period);

  // All events so far, ascending by instant.
  std::vector<record::NatEvent> Events() const;

 private:
  using PublicPort = std::tuple<IpAddress, std::uint8_t, std::uint16_t>;
  bool Free(const PublicPort& port, const Period& period) const;

  Dice& dice_;
  std::map<PublicPort, std::vector<Period>> held_;
  std::vector<record::NatEvent> events_;
};

}  // namespace probatio::cli::demo
