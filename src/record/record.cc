#include "record/record.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace probatio::record {
namespace {

template <class Value>
struct Named {
  Value value;
  std::string_view name;
};

constexpr std::array<Named<RecordClass>, 4> kClasses{{
    {RecordClass::kIdentity, "identity"},
    {RecordClass::kAccount, "account"},
    {RecordClass::kActivity, "activity"},
    {RecordClass::kNetwork, "network"},
}};

constexpr std::array<Named<NatEventKind>, 20> kNatEvents{{
    {NatEventKind::kCreate, "create"},
    {NatEventKind::kDelete, "delete"},
    {NatEventKind::kAddressesExhausted, "addresses_exhausted"},
    {NatEventKind::kNat44SessionCreate, "nat44_session_create"},
    {NatEventKind::kNat44SessionDelete, "nat44_session_delete"},
    {NatEventKind::kNat64SessionCreate, "nat64_session_create"},
    {NatEventKind::kNat64SessionDelete, "nat64_session_delete"},
    {NatEventKind::kNat44BibCreate, "nat44_bib_create"},
    {NatEventKind::kNat44BibDelete, "nat44_bib_delete"},
    {NatEventKind::kNat64BibCreate, "nat64_bib_create"},
    {NatEventKind::kNat64BibDelete, "nat64_bib_delete"},
    {NatEventKind::kPortsExhausted, "ports_exhausted"},
    {NatEventKind::kQuotaExceeded, "quota_exceeded"},
    {NatEventKind::kAddressBindingCreate, "address_binding_create"},
    {NatEventKind::kAddressBindingDelete, "address_binding_delete"},
    {NatEventKind::kPortBlockAllocate, "port_block_allocate"},
    {NatEventKind::kPortBlockRelease, "port_block_release"},
    {NatEventKind::kThresholdReached, "threshold_reached"},
    {NatEventKind::kTranslatedFlow, "translated_flow"},
    {NatEventKind::kTranslatedFlowEnd, "translated_flow_end"},
}};

constexpr std::array<Named<SessionEventKind>, 5> kSessionEvents{{
    {SessionEventKind::kStart, "session_start"},
    {SessionEventKind::kStop, "session_stop"},
    {SessionEventKind::kInterim, "session_interim"},
    {SessionEventKind::kOn, "nas_on"},
    {SessionEventKind::kOff, "nas_off"},
}};

constexpr std::array<Named<ActivityKind>, 3> kActivities{{
    {ActivityKind::kAccountCreated, "account_created"},
    {ActivityKind::kLogin, "login"},
    {ActivityKind::kMessageSent, "message_sent"},
}};

constexpr std::array<Named<SharingRuleKind>, 5> kSharingRules{{
    {SharingRuleKind::kDeterministicNat, "rule_deterministic_nat"},
    {SharingRuleKind::kMapE, "rule_map_e"},
    {SharingRuleKind::kMapT, "rule_map_t"},
    {SharingRuleKind::k4rd, "rule_4rd"},
    {SharingRuleKind::kPortSets, "rule_port_sets"},
}};

constexpr std::array<Named<PortAlgorithm>, 6> kPortAlgorithms{{
    {PortAlgorithm::kSequential, "sequential"},
    {PortAlgorithm::kStaggered, "staggered"},
    {PortAlgorithm::kRoundRobin, "round_robin"},
    {PortAlgorithm::kInterlaced, "interlaced"},
    {PortAlgorithm::kCryptographic, "cryptographic"},
    {PortAlgorithm::kVendor, "vendor"},
}};

// Keywords of the IANA protocol registry; those that an access network sees.
constexpr std::array<Named<std::uint8_t>, 15> kProtocols{{
    {1, "icmp"},
    {2, "igmp"},
    {4, "ipv4"},
    {6, "tcp"},
    {17, "udp"},
    {33, "dccp"},
    {41, "ipv6"},
    {47, "gre"},
    {50, "esp"},
    {51, "ah"},
    {58, "ipv6-icmp"},
    {108, "ipcomp"},
    {115, "l2tp"},
    {132, "sctp"},
    {136, "udplite"},
}};

template <class Table, class Value>
std::string_view NameIn(const Table& table, Value value) {
  for (const auto& row : table) {
    if (row.value == value) return row.name;
  }
  return "unknown";
}

template <class Value, std::size_t kSize>
Result<Value> FindIn(const std::array<Named<Value>, kSize>& table, std::string_view name, const char* what) {
  for (const auto& row : table) {
    if (row.name == name) return row.value;
  }
  return Invalid(std::string(what) + ": no such name");
}

}  // namespace

std::string_view ToText(RecordClass record_class) {
  return NameIn(kClasses, record_class);
}
Result<RecordClass> ParseRecordClass(std::string_view text) {
  return FindIn(kClasses, text, "class");
}

std::string_view ToText(NatEventKind kind) {
  return NameIn(kNatEvents, kind);
}
Result<NatEventKind> ParseNatEventKind(std::string_view text) {
  return FindIn(kNatEvents, text, "nat event");
}

Nature NatureOf(NatEventKind kind) {
  switch (kind) {
    case NatEventKind::kCreate:
    case NatEventKind::kNat44SessionCreate:
    case NatEventKind::kNat64SessionCreate:
    case NatEventKind::kNat44BibCreate:
    case NatEventKind::kNat64BibCreate:
    case NatEventKind::kAddressBindingCreate:
    case NatEventKind::kPortBlockAllocate:
    case NatEventKind::kTranslatedFlow:
      return Nature::kBegins;
    case NatEventKind::kDelete:
    case NatEventKind::kNat44SessionDelete:
    case NatEventKind::kNat64SessionDelete:
    case NatEventKind::kNat44BibDelete:
    case NatEventKind::kNat64BibDelete:
    case NatEventKind::kAddressBindingDelete:
    case NatEventKind::kPortBlockRelease:
    case NatEventKind::kTranslatedFlowEnd:
      return Nature::kEnds;
    case NatEventKind::kAddressesExhausted:
    case NatEventKind::kPortsExhausted:
    case NatEventKind::kQuotaExceeded:
    case NatEventKind::kThresholdReached:
      return Nature::kNeither;
  }
  return Nature::kNeither;
}

NatEventKind EndOf(NatEventKind begins) {
  CHECK(NatureOf(begins) == Nature::kBegins);
  // In the registry of RFC 8158 each end follows its beginning, and so it does in our own values.
  return static_cast<NatEventKind>(static_cast<std::uint8_t>(begins) + 1);
}
NatEventKind BeginningOf(NatEventKind ends) {
  CHECK(NatureOf(ends) == Nature::kEnds);
  return static_cast<NatEventKind>(static_cast<std::uint8_t>(ends) - 1);
}

std::string_view ToText(SessionEventKind kind) {
  return NameIn(kSessionEvents, kind);
}
Result<SessionEventKind> ParseSessionEventKind(std::string_view text) {
  return FindIn(kSessionEvents, text, "session event");
}

std::string_view ToText(ActivityKind kind) {
  return NameIn(kActivities, kind);
}
Result<ActivityKind> ParseActivityKind(std::string_view text) {
  return FindIn(kActivities, text, "activity");
}

std::string_view ToText(SharingRuleKind kind) {
  return NameIn(kSharingRules, kind);
}
Result<SharingRuleKind> ParseSharingRuleKind(std::string_view text) {
  return FindIn(kSharingRules, text, "sharing rule");
}

std::string_view ToText(PortAlgorithm algorithm) {
  return NameIn(kPortAlgorithms, algorithm);
}
Result<PortAlgorithm> ParsePortAlgorithm(std::string_view text) {
  return FindIn(kPortAlgorithms, text, "port algorithm");
}

RecordKind KindOf(const Record& record) {
  // The variant lists the kinds in the order of their numbers, which start at one.
  return static_cast<RecordKind>(record.index() + 1);
}

RecordClass ClassOf(RecordKind kind) {
  switch (kind) {
    case RecordKind::kNatEvent:
    case RecordKind::kAccessSession:
    case RecordKind::kSharingRule:
      return RecordClass::kNetwork;
    case RecordKind::kActivity:
      return RecordClass::kActivity;
    case RecordKind::kAccount:
      return RecordClass::kAccount;
    case RecordKind::kIdentity:
      return RecordClass::kIdentity;
  }
  CHECK(false);
  return RecordClass::kNetwork;
}

const Origin& OriginOf(const Record& record) {
  return std::visit([](const auto& kind) -> const Origin& { return kind.origin; }, record);
}

std::string ProtocolName(std::uint8_t proto) {
  const std::string_view name = NameIn(kProtocols, proto);
  return name == "unknown" ? std::to_string(proto) : std::string(name);
}

Result<std::uint8_t> ParseProtocol(std::string_view text) {
  for (const auto& row : kProtocols) {
    if (row.name == text) return row.value;
  }
  if (text == "icmpv6" || text == "icmp6") return std::uint8_t{58};  // what most systems call IPv6-ICMP
  std::uint8_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return Invalid("protocol: neither a known lower-case name nor a number 0..255");
  }
  return number;
}

}  // namespace probatio::record
