// Selectors: what a look-up starts from. A record is filed under one primary selector and, where an order may
// start elsewhere, under secondary ones with a copy. Pure; thread-safe.
#pragma once

#include <vector>

#include "seal/window.h"

namespace probatio::seal {

// 32 buckets per address: about 1,000 rows a block where 64 subscribers share it, the knee between bytes and
// time of a look-up.
inline constexpr std::uint16_t kPortsPerBucket = 2048;

enum class SelectorKind : std::uint8_t {
  kPublicTuple = 1,  // public address, port bucket: NAT sessions
  kPublicIp = 2,     // public address: port blocks and bindings
  kInside = 3,       // inside address, realm: access sessions
  kAccount = 4,      // account id: activities
  kMessage = 5,      // message id: light activities
  kSubject = 6,      // account or subscriber id of a subject stream
  kPrefix = 7,       // inside prefix, realm: access sessions of IPv6
  kNas = 8,          // NAS: its restarts, which end every session it had
  kSharingRule = 9,  // all address-sharing rules of a window
};
std::string_view ToText(SelectorKind kind);

struct Selector {
  SelectorKind kind = SelectorKind::kAccount;
  Buffer value;  // canonical: octets ‖ bucket u16; octets; octet count u8 ‖ octets ‖ realm; octet
                 // count u8 ‖ octets ‖ length u8 ‖ realm; nothing; or the id's text
  auto operator<=>(const Selector&) const = default;
};
Selector ForPublicTuple(const IpAddress& ip, std::uint16_t port);
Selector ForPublicIp(const IpAddress& ip);
Selector ForInside(const IpAddress& ip, std::string_view realm);
Selector ForAccount(std::string_view account);
Selector ForMessage(std::string_view message);
Selector ForSubject(std::string_view holder);
Selector ForPrefix(const IpPrefix& prefix, std::string_view realm);
Selector ForNas(std::string_view nas);
Selector ForSharingRules();

Buffer SelectorBytes(const Selector& selector);  // kind u8 ‖ value
Result<Selector> ParseSelector(Bytes bytes);     // kInvalid for what no For... function would have made

struct Filing {
  Selector primary;
  // Secondary selector and the copy that is filed under it. Of an activity a light one: the row's `who` face,
  // its instant and its event, nothing else. Of an access session the whole row: an order may begin at any of
  // its addresses, and pairing needs all of it.
  std::vector<std::pair<Selector, record::Record>> secondary;
};

// kInvalid when the record has nothing to be found by, such as a NAT event without a public address.
Result<Filing> FilingOf(const record::Record& record);

}  // namespace probatio::seal
