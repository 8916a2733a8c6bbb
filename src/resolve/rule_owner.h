// Whose a public address and port are by an address-sharing rule: RFC 7422 (deterministic NAT), RFC 7597,
// 7599 and 7600 (address plus port), fixed sets of ports. Computed from the rule alone; whether the rule was
// in force at the instant is the caller's question. Pure; thread-safe.
#pragma once

#include <optional>

#include "record/record.h"

namespace probatio::resolve {

enum class RuleSays : std::uint8_t {
  kInsideAddress,  // one inside address
  kInsidePrefix,   // one customer's IPv6 prefix
  kPortSet,        // one set of ports: who had it is in the assignments
  kDynamic,        // a range that is given out by need: who had it is in the NAT's log
  kNobody,         // a port that the rule gives to nobody
  kNotOfThisRule,  // an address that the rule does not share
  kNotComputable,  // a rule that lacks what a computation needs
};
std::string_view ToText(RuleSays says);  // "inside_address", ...

struct RuleOwner {
  RuleSays says = RuleSays::kNotOfThisRule;
  std::optional<IpAddress> inside_ip;     // kInsideAddress
  std::optional<IpPrefix> inside_prefix;  // kInsidePrefix
  std::optional<std::uint16_t> port_set;  // PSID, where the rule has one
  std::string why;                        // one plain phrase: "block 2 of 14, ports 5056 to 9087"
};

// The algorithm_detail that says how "interlaced" was meant: all (port, address) pairs in the order of ports,
// of one port across the pool; the n-th inside address has every (C times pool)-th of them from the n-th on.
inline constexpr std::string_view kInterlacedPortMajor = "port-major";

// The rule has passed record::CheckSharingRule. A protocol without ports has no owner by port: such a
// question is not for here.
RuleOwner OwnerBy(const record::SharingRule& rule, const IpAddress& public_ip, std::uint16_t port);

// Whether the rule was in force throughout [from, until].
bool InForce(const record::SharingRule& rule, const Period& asked);

}  // namespace probatio::resolve
