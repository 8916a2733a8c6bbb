// The records a provider keeps (docs/formats/record.md). Six kinds in four classes, after the law: identity
// and account data, activity on a platform, network events at an operator. A record holds what its source
// said and nothing else: an absent field is absent, never a guess. No kind has a field for content or for a
// recipient. Values; no invariant beyond each field's type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/ip_prefix.h"
#include "record/secret_text.h"

namespace probatio::record {

// Kept under separate keys: identity and addresses meet only inside a grant (CJEU C-470/21).
enum class RecordClass : std::uint8_t { kIdentity = 1, kAccount = 2, kActivity = 3, kNetwork = 4 };
std::string_view ToText(RecordClass record_class);  // "identity", "account", "activity", "network"
Result<RecordClass> ParseRecordClass(std::string_view text);

// Where a record came from and its place there.
struct Origin {
  Timestamp at;
  std::string exporter;                 // name or address of the exporter; empty when unknown
  std::optional<std::uint32_t> domain;  // observation domain (RFC 7011)
  std::optional<std::uint64_t> seq;     // place in the exporter's sequence
  auto operator<=>(const Origin&) const = default;
};

// natEvent, RFC 8158 section 4.3: the values are the wire's. 1 and 2 are historic and still sent. The two
// above 239 are ours: no NAT said so, but a flow meter saw packets translated from the flow's begin to its
// end.
enum class NatEventKind : std::uint8_t {
  kCreate = 1,
  kDelete = 2,
  kNat44SessionCreate = 4,
  kNat44SessionDelete = 5,
  kNat64SessionCreate = 6,
  kNat64SessionDelete = 7,
  kNat44BibCreate = 8,
  kNat44BibDelete = 9,
  kNat64BibCreate = 10,
  kNat64BibDelete = 11,
  kAddressesExhausted = 3,
  kPortsExhausted = 12,
  kQuotaExceeded = 13,
  kAddressBindingCreate = 14,
  kAddressBindingDelete = 15,
  kPortBlockAllocate = 16,
  kPortBlockRelease = 17,
  kThresholdReached = 18,
  kTranslatedFlow = 240,
  kTranslatedFlowEnd = 241,
};
// "nat44_session_create", ..., "translated_flow"; the historic ones are "create" and "delete".
std::string_view ToText(NatEventKind kind);
Result<NatEventKind> ParseNatEventKind(std::string_view text);

enum class Nature : std::uint8_t { kBegins, kEnds, kNeither };
Nature NatureOf(NatEventKind kind);  // does the event begin a holding, end one, or neither (exhausted, quota)
NatEventKind EndOf(NatEventKind begins);  // the kind that ends what this one begins; CHECKs that it begins
NatEventKind BeginningOf(NatEventKind ends);  // the reverse

// network: one address-translation event; or, where a create and its delete met in our memory, both in one
// row: then end_at is the delete's instant, and everything else that the delete said is equal to the
// create's.
struct NatEvent {
  Origin origin;
  NatEventKind event = NatEventKind::kCreate;
  std::optional<std::uint8_t> proto;  // IANA protocol number; absent on blocks: all protocols
  std::optional<IpAddress> inside_ip;
  std::optional<std::uint16_t> inside_port;
  std::optional<std::string> inside_realm;  // realm or VRF; private ranges overlap between realms
  std::optional<IpAddress> public_ip;
  std::optional<std::uint16_t> public_port;  // sessions and BIB entries
  std::optional<std::uint16_t> port_first;   // port blocks, inclusive
  std::optional<std::uint16_t> port_last;    // inclusive
  std::optional<std::uint16_t>
      port_step;  // 363 portRangeStepSize, where above 1: ports first, first+step, ...
  std::optional<std::string> subscriber;
  std::optional<Instant> end_at;         // sessions and blocks that ended: instant of the delete
  std::optional<std::uint64_t> end_seq;  // the delete's place in the exporter's sequence
  auto operator<=>(const NatEvent&) const = default;

  bool is_block() const { return port_first.has_value(); }
};

enum class SessionEventKind : std::uint8_t {
  kStart = 1,
  kInterim = 3,
  kStop = 2,
  kOn = 7,
  kOff = 8
};  // RFC 2866 5.1
std::string_view ToText(
    SessionEventKind kind);  // "session_start", "session_interim", "session_stop", "nas_on", "nas_off"
Result<SessionEventKind> ParseSessionEventKind(std::string_view text);

// network: one accounting event of an access session, in the vocabulary of RADIUS; a DHCP lease is told in
// the same one (docs/formats/dhcp.md).
struct AccessSession {
  Origin origin;
  SessionEventKind event = SessionEventKind::kStart;
  std::optional<std::string> session;  // Acct-Session-Id
  std::optional<std::string> nas;      // NAS-Identifier or NAS-IP-Address
  std::optional<IpAddress> inside_ip;  // Framed-IP-Address
  std::optional<std::string> inside_realm;
  std::optional<std::string> subscriber;      // the line or contract the session belongs to
  std::optional<IpAddress> inside_ipv6;       // Framed-IPv6-Address, beside a Framed-IP-Address
  std::optional<IpPrefix> inside_prefix;      // Framed-IPv6-Prefix: of the link to the subscriber
  std::optional<IpPrefix> delegated_prefix;   // Delegated-IPv6-Prefix: of the network behind it
  std::optional<std::string> imsi;            // of the SIM card (3GPP TS 29.061)
  std::optional<std::string> imeisv;          // of the terminal (3GPP TS 29.061)
  std::optional<std::string> mac;             // of the terminal; "02:00:5e:10:00:01"
  std::optional<std::string> calling_number;  // Calling-Station-Id that is no MAC: the telephone number
  std::optional<std::string> user_name;       // User-Name, where `subscriber` is another
  std::optional<std::string> circuit_id;      // Agent-Circuit-Id (RFC 4679, RFC 3046): the access loop
  std::optional<std::string> remote_id;       // Agent-Remote-Id
  std::optional<std::string> nas_port;        // NAS-Port-Id or NAS-Port
  std::optional<std::uint32_t> delay_s;       // Acct-Delay-Time: how late the report was sent
  std::optional<Instant> valid_until;         // of a lease: when it ends unless it is renewed
  auto operator<=>(const AccessSession&) const = default;
};

enum class ActivityKind : std::uint8_t { kAccountCreated = 1, kLogin = 2, kMessageSent = 3 };
std::string_view ToText(ActivityKind kind);  // "account_created", "login", "message_sent"
Result<ActivityKind> ParseActivityKind(std::string_view text);

// activity: one event on a platform.
struct Activity {
  Origin origin;
  ActivityKind event = ActivityKind::kLogin;
  std::optional<std::uint8_t> proto;
  std::optional<IpAddress> source_ip;
  std::optional<std::uint16_t> source_port;
  std::string account;                 // never empty
  std::optional<std::string> message;  // the message's id, never its content
  auto operator<=>(const Activity&) const = default;
};

// account: one version of what was said at subscription (R10-13 II, III), or the end of the account.
struct Account {
  Origin origin;        // at: the instant from which this version holds
  std::string account;  // never empty
  std::optional<std::string> identifier_used;
  std::vector<std::string> pseudonyms;
  std::optional<std::string> payment_type;
  std::optional<std::string> payment_reference;
  std::optional<Instant> closed_at;  // end of the account: starts the one-year clock
  // What lets the password be verified or changed, second factor included (R10-13 II 3°), "in its latest
  // updated version": the next version that carries it supersedes this one, which is then destroyed.
  std::optional<SecretText> password_verification;
  auto operator<=>(const Account&) const = default;
};

// identity: one version of the civil identity (R10-13 I) behind an account or a subscriber line.
struct Identity {
  Origin origin;
  std::string holder;  // account id at a platform, subscriber id at an operator; never empty
  std::optional<std::string> surname;
  std::optional<std::string> first_name;
  std::optional<std::string> birth_date;  // as declared; "1990-02-01" where complete
  std::optional<std::string> birth_place;
  std::optional<std::string> company_name;
  std::optional<std::string> postal_address;
  std::vector<std::string> emails;
  std::vector<std::string> phones;      // E.164 where the source allowed it
  std::optional<Instant> contract_end;  // end of the contract: starts the five-year clock
  auto operator<=>(const Identity&) const = default;
};

// How the customers of a network share addresses without a log of sessions: their ports follow from a rule.
enum class SharingRuleKind : std::uint8_t {
  kDeterministicNat = 1,  // RFC 7422
  kMapE = 2,              // RFC 7597
  kMapT = 3,              // RFC 7599
  k4rd = 4,               // RFC 7600
  kPortSets = 5,          // fixed sets of ports, such as quarters; who has which is told by NAT events
};
// "rule_deterministic_nat", "rule_map_e", "rule_map_t", "rule_4rd", "rule_port_sets"
std::string_view ToText(SharingRuleKind kind);
Result<SharingRuleKind> ParseSharingRuleKind(std::string_view text);

// RFC 7422 section 2.2: the values are those of parameter A.
enum class PortAlgorithm : std::uint8_t {
  kSequential = 0,
  kStaggered = 1,
  kRoundRobin = 2,
  kInterlaced = 3,
  kCryptographic = 4,
  kVendor = 5,
};
std::string_view ToText(PortAlgorithm algorithm);  // "sequential", ..., "vendor"
Result<PortAlgorithm> ParsePortAlgorithm(std::string_view text);

// network: one version of an address-sharing rule, as its network stated it (docs/formats/sharing-rules.md).
// It holds every parameter from which the owner of an address and port at an instant is computed.
struct SharingRule {
  Origin origin;  // at: when the rule was stated to be in force; within its validity
  SharingRuleKind event = SharingRuleKind::kPortSets;
  std::optional<std::string> inside_realm;
  std::optional<IpPrefix> inside_prefix;  // MAP, 4rd: rule IPv6 prefix
  std::optional<Instant> valid_until;     // excluded; absent: not ended when it was stated
  std::string rule;                       // its name; never empty
  Instant valid_from;
  std::optional<IpPrefix> public_prefix;        // MAP, 4rd: rule IPv4 prefix
  std::optional<IpAddress> public_first;        // deterministic NAT, port sets; inclusive
  std::optional<IpAddress> public_last;         // inclusive
  std::optional<IpAddress> inside_first;        // deterministic NAT: the hosts that are numbered, inclusive
  std::optional<IpAddress> inside_last;         // inclusive
  std::optional<std::uint16_t> ea_bits;         // MAP, 4rd: length of the embedded address bits
  std::optional<std::uint16_t> psid_offset;     // a of RFC 7597 section 5.1
  std::optional<std::uint16_t> psid_length;     // k
  std::optional<std::uint16_t> psid;            // where it was provisioned and not embedded
  std::optional<PortAlgorithm> algorithm;       // RFC 7422: A
  std::optional<std::uint32_t> compression;     // C
  std::optional<std::uint32_t> dynamic_factor;  // D
  std::optional<std::uint32_t> ports_max;       // M
  std::vector<std::string> reserved_ports;      // R: "0-1023", "5060"
  std::optional<std::string> algorithm_detail;  // of a vendor's own: which, and its parameters
  std::optional<std::string> algorithm_key;     // of a cryptographic one (RFC 6431): without it no answer
  auto operator<=>(const SharingRule&) const = default;
};

using Record = std::variant<NatEvent, AccessSession, Activity, Account, Identity, SharingRule>;

// The kind's number is part of the canonical bytes and never reused.
enum class RecordKind : std::uint8_t {
  kNatEvent = 1,
  kAccessSession = 2,
  kActivity = 3,
  kAccount = 4,
  kIdentity = 5,
  kSharingRule = 6
};
RecordKind KindOf(const Record& record);
RecordClass ClassOf(RecordKind kind);
const Origin& OriginOf(const Record& record);

// Lower-case IANA name ("tcp", "udp", "icmp", ...), or the number in decimal where we have no name.
std::string ProtocolName(std::uint8_t proto);
Result<std::uint8_t> ParseProtocol(std::string_view text);  // a name or a number 0..255

}  // namespace probatio::record
