// Selectors and the rule that files a record under them.
#include "seal/selector.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "record/canonical.h"

namespace probatio::seal {
namespace {

constexpr std::size_t kBuckets = 65'536 / kPortsPerBucket;
constexpr std::array<std::string_view, 10> kKindNames{"unknown", "public_tuple", "public_ip", "inside",
                                                      "account", "message",      "subject",   "prefix",
                                                      "nas",     "sharing_rule"};

Selector ForText(SelectorKind kind, std::string_view text) {
  return {kind, ToBuffer(AsBytes(text))};
}

bool IsAddressSize(std::size_t size) {
  return size == 4 || size == 16;
}

Status CheckPublicTuple(Bytes value) {
  if (value.size() < 2 || !IsAddressSize(value.size() - 2)) return Invalid("not an address and a bucket");
  if (Be16(value.last(2)) >= kBuckets) return Invalid("no such bucket");
  return Done{};
}

Status CheckRealm(Bytes realm) {
  if (realm.size() > record::kTextBytesMax) return Invalid("realm too long");
  return CheckText(AsText(realm));
}

Status CheckInside(Bytes value) {
  if (value.empty() || !IsAddressSize(value[0]) || value.size() < 1U + value[0])
    return Invalid("not an address");
  return CheckRealm(value.subspan(1U + value[0]));
}

Status CheckPrefix(Bytes value) {
  if (value.empty() || !IsAddressSize(value[0]) || value.size() < 2U + value[0])
    return Invalid("not a prefix");
  const IpAddress address = TRY(IpAddress::FromOctets(value.subspan(1, value[0])));
  TRY(IpPrefix::Make(address, value[1U + value[0]]));
  return CheckRealm(value.subspan(2U + value[0]));
}

Status CheckIdentifier(Bytes value) {
  if (value.empty()) return Invalid("empty");
  if (value.size() > record::kTextBytesMax) return Invalid("too long");
  return CheckText(AsText(value));
}

Status CheckValue(SelectorKind kind, Bytes value) {
  switch (kind) {
    case SelectorKind::kPublicTuple:
      return CheckPublicTuple(value);
    case SelectorKind::kPublicIp:
      if (!IsAddressSize(value.size())) return Invalid("not an address");
      return Done{};
    case SelectorKind::kInside:
      return CheckInside(value);
    case SelectorKind::kAccount:
    case SelectorKind::kMessage:
    case SelectorKind::kSubject:
    case SelectorKind::kNas:
      return CheckIdentifier(value);
    case SelectorKind::kPrefix:
      return CheckPrefix(value);
    case SelectorKind::kSharingRule:
      if (!value.empty()) return Invalid("not empty");
      return Done{};
  }
  return Invalid("no such kind");
}

// What a message look-up needs to go on to the account: who, when, what happened. Address and port stay with
// the account's own row, so that they are read only under a line that names them.
record::Record LightCopy(const record::Activity& activity) {
  record::Activity light;
  light.origin.at = activity.origin.at;
  light.event = activity.event;
  light.account = activity.account;
  light.message = activity.message;
  return light;
}

Result<Filing> Primary(Selector selector) {
  return Filing{std::move(selector), {}};
}

Result<Filing> File(const record::NatEvent& event) {
  if (!event.public_ip.has_value()) return Invalid("nat event: no public address to be found by");
  if (event.is_block() || !event.public_port.has_value()) return Primary(ForPublicIp(*event.public_ip));
  return Primary(ForPublicTuple(*event.public_ip, *event.public_port));
}

// The address first; then the prefixes, since any address in them is the subscriber's own.
std::vector<Selector> SelectorsOf(const record::AccessSession& session) {
  const std::string realm = session.inside_realm.value_or("");
  std::vector<Selector> selectors;
  if (session.inside_ip.has_value()) selectors.push_back(ForInside(*session.inside_ip, realm));
  if (session.inside_ipv6.has_value()) selectors.push_back(ForInside(*session.inside_ipv6, realm));
  if (session.inside_prefix.has_value()) selectors.push_back(ForPrefix(*session.inside_prefix, realm));
  if (session.delegated_prefix.has_value()) selectors.push_back(ForPrefix(*session.delegated_prefix, realm));
  const bool nas_wide =
      session.event == record::SessionEventKind::kOn || session.event == record::SessionEventKind::kOff;
  if (nas_wide && !session.nas.value_or("").empty()) selectors.push_back(ForNas(*session.nas));
  return selectors;
}

Result<Filing> File(const record::AccessSession& session) {
  const std::vector<Selector> selectors = SelectorsOf(session);
  if (selectors.empty()) return Invalid("access session: no inside address to be found by");
  Filing filing{selectors.front(), {}};
  for (std::size_t i = 1; i < selectors.size(); ++i) {
    // One address in two attributes is one place.
    if (std::find(selectors.begin(), selectors.begin() + static_cast<std::ptrdiff_t>(i), selectors[i]) ==
        selectors.begin() + static_cast<std::ptrdiff_t>(i)) {
      filing.secondary.emplace_back(selectors[i], session);
    }
  }
  return filing;
}

Result<Filing> File(const record::SharingRule&) {
  return Primary(ForSharingRules());
}

Result<Filing> File(const record::Activity& activity) {
  if (activity.account.empty()) return Invalid("activity: no account to be found by");
  Filing filing{ForAccount(activity.account), {}};
  if (!activity.message.value_or("").empty()) {
    filing.secondary.emplace_back(ForMessage(*activity.message), LightCopy(activity));
  }
  return filing;
}

Result<Filing> File(const record::Account& account) {
  if (account.account.empty()) return Invalid("account: no account to be found by");
  return Primary(ForSubject(account.account));
}

Result<Filing> File(const record::Identity& identity) {
  if (identity.holder.empty()) return Invalid("identity: no holder to be found by");
  return Primary(ForSubject(identity.holder));
}

}  // namespace

std::string_view ToText(SelectorKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < kKindNames.size() ? kKindNames[number] : kKindNames[0];
}

Selector ForPublicTuple(const IpAddress& ip, std::uint16_t port) {
  ByteWriter value;
  value.Raw(ip.octets());
  value.U16(port / kPortsPerBucket);
  return {SelectorKind::kPublicTuple, value.Take()};
}

Selector ForPublicIp(const IpAddress& ip) {
  return {SelectorKind::kPublicIp, ToBuffer(ip.octets())};
}

// The count of octets stands first: without it a short address with a long realm could read as a long
// address.
Selector ForInside(const IpAddress& ip, std::string_view realm) {
  ByteWriter value;
  value.U8(static_cast<std::uint8_t>(ip.octets().size()));
  value.Raw(ip.octets());
  value.Raw(AsBytes(realm));
  return {SelectorKind::kInside, value.Take()};
}

Selector ForPrefix(const IpPrefix& prefix, std::string_view realm) {
  ByteWriter value;
  value.U8(static_cast<std::uint8_t>(prefix.address().octets().size()));
  value.Raw(prefix.address().octets());
  value.U8(static_cast<std::uint8_t>(prefix.length()));
  value.Raw(AsBytes(realm));
  return {SelectorKind::kPrefix, value.Take()};
}

Selector ForNas(std::string_view nas) {
  return ForText(SelectorKind::kNas, nas);
}
Selector ForSharingRules() {
  return {SelectorKind::kSharingRule, {}};
}

Selector ForAccount(std::string_view account) {
  return ForText(SelectorKind::kAccount, account);
}
Selector ForMessage(std::string_view message) {
  return ForText(SelectorKind::kMessage, message);
}
Selector ForSubject(std::string_view holder) {
  return ForText(SelectorKind::kSubject, holder);
}

Buffer SelectorBytes(const Selector& selector) {
  ByteWriter bytes;
  bytes.U8(static_cast<std::uint8_t>(selector.kind));
  bytes.Raw(selector.value);
  return bytes.Take();
}

Result<Selector> ParseSelector(Bytes bytes) {
  if (bytes.empty()) return Invalid("selector: empty");
  const auto kind = static_cast<SelectorKind>(bytes[0]);
  TRY_IN("selector " + std::string(ToText(kind)), CheckValue(kind, bytes.subspan(1)));
  return Selector{kind, ToBuffer(bytes.subspan(1))};
}

Result<Filing> FilingOf(const record::Record& record) {
  return std::visit([](const auto& kind) { return File(kind); }, record);
}

}  // namespace probatio::seal
