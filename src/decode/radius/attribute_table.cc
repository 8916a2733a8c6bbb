#include "decode/radius/attribute_table.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <variant>

#include "decode/radius/nat_attributes.h"
#include "decode/radius/station.h"

namespace probatio::decode {
namespace {

constexpr std::uint32_t kHuawei = 2011;
constexpr std::uint32_t kAdslForum = 3561;  // RFC 4679
constexpr std::uint32_t kNokia = 6527;
constexpr std::uint32_t k3gpp = 10415;  // TS 29.061
constexpr std::uint32_t kTravelping = 18681;
constexpr std::uint32_t kH3c = 25506;
constexpr std::uint32_t kVasExperts = 43823;
constexpr std::uint32_t kNetElastic = 54268;

// Which field, and by its type in which form. A list takes every occurrence, any other field the first.
using Field = std::variant<std::optional<std::string> Accounting::*,
                           std::optional<std::uint32_t> Accounting::*, std::optional<IpAddress> Accounting::*,
                           std::optional<IpPrefix> Accounting::*, std::vector<std::string> Accounting::*>;

struct Known {
  std::uint32_t vendor;
  std::uint8_t type;
  std::string_view name;
  Field field;
};

constexpr std::array kKnown{
    Known{0, 1, "User-Name", &Accounting::user_name},
    Known{0, 4, "NAS-IP-Address", &Accounting::nas_ip},
    Known{0, 5, "NAS-Port", &Accounting::nas_port},
    Known{0, 8, "Framed-IP-Address", &Accounting::framed_ip},
    Known{0, 31, "Calling-Station-Id", &Accounting::calling_station},
    Known{0, 32, "NAS-Identifier", &Accounting::nas_identifier},
    Known{0, 40, "Acct-Status-Type", &Accounting::status},
    Known{0, 41, "Acct-Delay-Time", &Accounting::delay_s},
    Known{0, 44, "Acct-Session-Id", &Accounting::session},
    Known{0, 55, "Event-Timestamp", &Accounting::event_s},
    Known{0, 87, "NAS-Port-Id", &Accounting::nas_port_id},
    Known{0, 95, "NAS-IPv6-Address", &Accounting::nas_ipv6},
    Known{0, 97, "Framed-IPv6-Prefix", &Accounting::framed_prefix},
    Known{0, 123, "Delegated-IPv6-Prefix", &Accounting::delegated_prefix},
    Known{0, 168, "Framed-IPv6-Address", &Accounting::framed_ipv6},
    Known{k3gpp, 1, "3GPP-IMSI", &Accounting::imsi},
    Known{k3gpp, 20, "3GPP-IMEISV", &Accounting::imeisv},
    Known{k3gpp, 1, "3GPP.IMSI", &Accounting::imsi},
    Known{k3gpp, 20, "3GPP.IMEISV", &Accounting::imeisv},
    Known{kAdslForum, 1, "ADSL-Agent-Circuit-Id", &Accounting::circuit_id},
    Known{kAdslForum, 2, "ADSL-Agent-Remote-Id", &Accounting::remote_id},
    Known{kAdslForum, 1, "ADSL-Forum.Agent-Circuit-Id", &Accounting::circuit_id},
    Known{kAdslForum, 2, "ADSL-Forum.Agent-Remote-Id", &Accounting::remote_id},
    Known{kNokia, 11, "Alc-Subsc-ID-Str", &Accounting::subscriber_id},
    Known{kNokia, 86, "Alc-ISA-Event-Timestamp", &Accounting::nat_event_s},
    Known{kNokia, 100, "Alc-Serv-Id", &Accounting::realm},
    Known{kNokia, 121, "Alc-Nat-Port-Range", &Accounting::nat_ranges},
    Known{kNokia, 163, "Alc-Acct-Triggered-Reason", &Accounting::nat_reason},
    Known{kHuawei, 161, "Huawei-NAT-Public-Address", &Accounting::nat_public},
    Known{kHuawei, 162, "Huawei-NAT-Start-Port", &Accounting::nat_first},
    Known{kHuawei, 163, "Huawei-NAT-End-Port", &Accounting::nat_last},
    Known{kH3c, 32, "H3C-NAT-IP-Address", &Accounting::nat_public},
    Known{kH3c, 33, "H3C-NAT-Start-Port", &Accounting::nat_first},
    Known{kH3c, 34, "H3C-NAT-End-Port", &Accounting::nat_last},
    Known{kNetElastic, 161, "NetElastic-NAT-Public-Address", &Accounting::nat_public},
    Known{kNetElastic, 162, "NetElastic-NAT-Start-Port", &Accounting::nat_first},
    Known{kNetElastic, 163, "NetElastic-NAT-End-Port", &Accounting::nat_last},
    Known{kTravelping, 16, "TP-NAT-IP-Address", &Accounting::nat_public},
    Known{kTravelping, 28, "TP-NAT-Port-Start", &Accounting::nat_first},
    Known{kTravelping, 29, "TP-NAT-Port-End", &Accounting::nat_last},
    Known{kVasExperts, 21, "VasExperts-NAT-IP", &Accounting::nat_public},
};

const Known* FindKnown(std::uint32_t vendor, std::uint8_t type) {
  for (const Known& known : kKnown) {
    if (known.vendor == vendor && known.type == type) return &known;
  }
  return nullptr;
}

const Known* FindKnown(std::string_view name) {
  for (const Known& known : kKnown) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

// Words that stand for numbers in print.
struct Word {
  std::string_view word;
  std::uint32_t number;
};
constexpr Word kStatusWords[] = {{"Start", 1},  {"Stop", 2},          {"Interim-Update", 3},
                                 {"Alive", 3},  {"Accounting-On", 7}, {"Accounting-Off", 8},
                                 {"Failed", 15}};
constexpr Word kReasonWords[] = {{"Nat-Free", 19}, {"Nat-Map", 20}, {"Nat-Update", 21}, {"regular", 1}};

Status Read(Bytes value, std::string* out) {
  if (value.empty()) return Invalid("empty");
  *out = TextOf(value);
  return Done{};
}
Status Read(Bytes value, std::uint32_t* out) {
  if (value.size() != 4) return Invalid("not 4 octets long");
  *out = Be32(value);
  return Done{};
}
Status Read(Bytes value, IpAddress* out) {
  *out = TRY(IpAddress::FromOctets(value));
  return Done{};
}
// RFC 3162 section 2.3: a reserved octet, the length, as many octets of the prefix as it needs or more. Bits
// after the length shall be zero; a NAS that sets them says the same prefix.
Status Read(Bytes value, IpPrefix* out) {
  if (value.size() < 2 || value.size() > 18 || value[1] > 128) return Invalid("not an IPv6 prefix");
  std::array<std::uint8_t, 16> octets{};
  std::copy(value.begin() + 2, value.end(), octets.begin());
  if ((value[1] + 7U) / 8 > value.size() - 2) return Invalid("an IPv6 prefix shorter than its length");
  *out = IpPrefix::Holding(IpAddress::V6(octets), value[1]);
  return Done{};
}

Status ReadPrinted(std::string_view text, std::string* out) {
  if (text.empty()) return Invalid("empty");
  *out = TextOf(AsBytes(text));
  return Done{};
}
Status ReadPrinted(std::string_view text, std::uint32_t* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (error != std::errc{} || end != text.data() + text.size()) return Invalid("not a number");
  return Done{};
}
Status ReadPrinted(std::string_view text, IpAddress* out) {
  *out = TRY(IpAddress::Parse(text));
  return Done{};
}
Status ReadPrinted(std::string_view text, IpPrefix* out) {
  *out = TRY(IpPrefix::Parse(text));
  return Done{};
}

template <class T>
bool KeepsOne(const std::optional<T>& field, const T&, Accounting*) {
  return field.has_value();
}
bool KeepsOne(const std::optional<IpPrefix>& field, const IpPrefix& value, Accounting* report) {
  if (field.has_value() && *field != value) ++report->further_prefixes;
  return field.has_value();
}

// Calls read(&value) for the field's type and keeps the value.
template <class R>
Status Take(const Known& known, Accounting* report, R read) {
  const auto take = [&](auto field) -> Status {
    using Kept = std::remove_reference_t<decltype(report->*field)>;
    typename Kept::value_type value{};
    TRY_IN(std::string(known.name), read(&value));
    if constexpr (std::is_same_v<Kept, std::vector<std::string>>) {
      if ((report->*field).size() == kNatRangesMax) return Invalid("too many of one attribute");
      (report->*field).push_back(std::move(value));
    } else if (!KeepsOne(report->*field, value, report)) {
      report->*field = std::move(value);
    }
    return Done{};
  };
  return std::visit(take, known.field);
}

std::optional<std::uint32_t> NumberOfWord(const Known& known, std::string_view text) {
  const auto in = [&](const auto& words) -> std::optional<std::uint32_t> {
    for (const Word& word : words) {
      if (word.word == text) return word.number;
    }
    return std::nullopt;
  };
  if (known.name == "Acct-Status-Type") return in(kStatusWords);
  if (known.name == "Alc-Acct-Triggered-Reason") return in(kReasonWords);
  return std::nullopt;
}

Result<std::uint32_t> ReadNumber(std::string_view text) {
  std::uint32_t number = 0;
  TRY(ReadPrinted(text, &number));
  return number;
}

// "Attr-26.6527.86": what FreeRADIUS prints of an attribute that its dictionaries lack.
const Known* FindUnnamed(std::string_view name) {
  constexpr std::string_view kPrefix = "Attr-26.";
  if (!name.starts_with(kPrefix)) return nullptr;
  name.remove_prefix(kPrefix.size());
  const std::size_t point = name.find('.');
  if (point == std::string_view::npos) return nullptr;
  const Result<std::uint32_t> vendor = ReadNumber(name.substr(0, point));
  const Result<std::uint32_t> type = ReadNumber(name.substr(point + 1));
  if (!vendor.ok() || !type.ok() || type.value() > UINT8_MAX) return nullptr;
  return FindKnown(vendor.value(), static_cast<std::uint8_t>(type.value()));
}

}  // namespace

Status TakeAttribute(std::uint32_t vendor, std::uint8_t type, Bytes value, Accounting* report) {
  const Known* const known = FindKnown(vendor, type);
  if (known == nullptr) return Done{};
  return Take(*known, report, [&](auto* out) { return Read(value, out); });
}

Status TakePrinted(std::string_view name, std::string_view text, bool quoted, Accounting* report) {
  constexpr std::string_view kPath = "Vendor-Specific.";  // version 4 prints where an attribute stands
  if (name.starts_with(kPath)) name.remove_prefix(kPath.size());
  const Known* known = FindKnown(name);
  if (known == nullptr) known = FindUnnamed(name);
  if (known == nullptr) return Done{};
  if (!quoted && text.starts_with("0x")) {
    const Buffer octets = TRY_IN(std::string(known->name), FromHex(text.substr(2)));
    return Take(*known, report, [&](auto* out) { return Read(octets, out); });
  }
  const std::optional<std::uint32_t> number = NumberOfWord(*known, text);
  const std::string digits = number.has_value() ? std::to_string(*number) : std::string(text);
  return Take(*known, report, [&](auto* out) { return ReadPrinted(digits, out); });
}

}  // namespace probatio::decode
