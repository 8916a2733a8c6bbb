// The records a provider keeps (docs/formats/record.md). Five kinds in four classes, after the law: identity
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

// natEvent, RFC 8158 section 4.3: the values are the wire's. 1 and 2 are historic and still sent. The two above 239
// are ours: no NAT said so, but a flow meter saw packets translated from the flow's begin to its end.
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

// network: one accounting event of an access session (RADIUS vocabulary).
struct AccessSession {
  Origin origin;
  SessionEventKind event = SessionEventKind::kStart;
  std::optional<std::string> session;  // Acct-Session-Id
  std::optional<std::string> nas;      // NAS-Identifier or NAS-IP-Address
  std::optional<IpAddress> inside_ip;  // Framed-IP-Address
  std::optional<std::string> inside_realm;
  std::optional<std::string> subscriber;  // the line or contract the session belongs to
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

using Record = std::variant<NatEvent, AccessSession, Activity, Account, Identity>;

// The kind's number is part of the canonical bytes and never reused.
enum class RecordKind : std::uint8_t {
  kNatEvent = 1,
  kAccessSession = 2,
  kActivity = 3,
  kAccount = 4,
  kIdentity = 5
};
RecordKind KindOf(const Record& record);
RecordClass ClassOf(RecordKind kind);
const Origin& OriginOf(const Record& record);

// Lower-case IANA name ("tcp", "udp", "icmp", ...), or the number in decimal where we have no name.
std::string ProtocolName(std::uint8_t proto);
Result<std::uint8_t> ParseProtocol(std::string_view text);  // a name or a number 0..255

}  // namespace probatio::record
