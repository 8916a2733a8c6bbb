#include "record/sharing_rule.h"

#include <fmt/format.h>

#include <charconv>

namespace probatio::record {
namespace {

constexpr unsigned kPortBits = 16;
constexpr unsigned kEaBitsMax = 48;             // RFC 7597 section 5.2
constexpr unsigned kEndUserPrefixBitsMax = 64;  // RFC 7597 section 5: the interface identifier follows

template <class T>
Status Need(const std::optional<T>& field, const char* name) {
  if (!field.has_value()) return Invalid(fmt::format("{}: missing", name));
  return Done{};
}

template <class T>
Status Refuse(const std::optional<T>& field, const char* name) {
  if (field.has_value()) return Invalid(fmt::format("{}: of another kind of rule", name));
  return Done{};
}

Status CheckValidity(const SharingRule& rule) {
  if (rule.valid_until.has_value() && *rule.valid_until <= rule.valid_from) {
    return Invalid("valid_until: not after valid_from");
  }
  const Instant at = rule.origin.at.at;
  if (at < rule.valid_from) return Invalid("at: before valid_from");
  if (rule.valid_until.has_value() && at >= *rule.valid_until) return Invalid("at: not before valid_until");
  return Done{};
}

Status CheckRange(const std::optional<IpAddress>& first, const std::optional<IpAddress>& last,
                  const char* name) {
  if (!first.has_value() || !last.has_value())
    return Invalid(fmt::format("{}_first, {}_last: missing", name, name));
  if (first->is_v4() != last->is_v4() || *last < *first) {
    return Invalid(fmt::format("{}_last: not at or after {}_first", name, name));
  }
  return Done{};
}

Status CheckPublicRange(const SharingRule& rule) {
  TRY(CheckRange(rule.public_first, rule.public_last, "public"));
  if (!rule.public_first->is_v4()) return Invalid("public_first: not IPv4");
  return Done{};
}

// Deterministic NAT numbers hosts and cuts ports by division; it has no port set identifier.
Status RefusePortSets(const SharingRule& rule) {
  TRY(Refuse(rule.ea_bits, "ea_bits"));
  TRY(Refuse(rule.psid_offset, "psid_offset"));
  TRY(Refuse(rule.psid_length, "psid_length"));
  TRY(Refuse(rule.psid, "psid"));
  return Done{};
}

Status RefuseDeterministic(const SharingRule& rule) {
  TRY(Refuse(rule.inside_first, "inside_first"));
  TRY(Refuse(rule.inside_last, "inside_last"));
  TRY(Refuse(rule.algorithm, "algorithm"));
  TRY(Refuse(rule.compression, "compression"));
  TRY(Refuse(rule.dynamic_factor, "dynamic_factor"));
  TRY(Refuse(rule.ports_max, "ports_max"));
  TRY(Refuse(rule.algorithm_detail, "algorithm_detail"));
  TRY(Refuse(rule.algorithm_key, "algorithm_key"));
  if (!rule.reserved_ports.empty()) return Invalid("reserved_ports: of another kind of rule");
  return Done{};
}

Status CheckAlgorithm(const SharingRule& rule) {
  TRY(Need(rule.algorithm, "algorithm"));
  if (*rule.algorithm == PortAlgorithm::kCryptographic) TRY(Need(rule.algorithm_key, "algorithm_key"));
  if (*rule.algorithm == PortAlgorithm::kVendor) TRY(Need(rule.algorithm_detail, "algorithm_detail"));
  return Done{};
}

// RFC 7422 section 2.
Status CheckDeterministicNat(const SharingRule& rule) {
  TRY(RefusePortSets(rule));
  TRY(Refuse(rule.public_prefix, "public_prefix"));
  TRY(Refuse(rule.inside_prefix, "inside_prefix"));
  TRY(CheckRange(rule.inside_first, rule.inside_last, "inside"));
  TRY(CheckPublicRange(rule));
  TRY(CheckAlgorithm(rule));
  TRY(Need(rule.compression, "compression"));
  TRY(Need(rule.dynamic_factor, "dynamic_factor"));
  if (*rule.compression == 0) return Invalid("compression: 0");
  if (rule.reserved_ports.empty()) return Done{};
  for (const std::string& ports : rule.reserved_ports) TRY_IN("reserved_ports", ParsePortRange(ports));
  return Done{};
}

Status CheckPortSet(const SharingRule& rule) {
  TRY(Need(rule.psid_offset, "psid_offset"));
  TRY(Need(rule.psid_length, "psid_length"));
  if (*rule.psid_offset + *rule.psid_length > kPortBits) {
    return Invalid("psid_length: with psid_offset more than the 16 bits of a port");
  }
  if (rule.psid.has_value() && *rule.psid >> *rule.psid_length != 0)
    return Invalid("psid: longer than psid_length");
  return Done{};
}

// RFC 7597 section 5.2: o = ea_bits, p = 32 - length of the IPv4 prefix; what is left of o is the PSID.
Status CheckEmbedded(const SharingRule& rule) {
  const unsigned suffix = 32 - rule.public_prefix->length();
  const unsigned embedded = *rule.ea_bits;
  if (embedded > kEaBitsMax) return Invalid(fmt::format("ea_bits: above {}", kEaBitsMax));
  if (rule.inside_prefix->length() + embedded > kEndUserPrefixBitsMax) {
    return Invalid("ea_bits: with inside_prefix more than the 64 bits of a network");
  }
  if (embedded > suffix && *rule.psid_length != embedded - suffix) {
    return Invalid("psid_length: not what ea_bits leaves after the IPv4 suffix");
  }
  if (embedded > 0 && embedded <= suffix && *rule.psid_length != 0) {
    return Invalid("psid_length: ea_bits leave no room for it");
  }
  if (embedded > 0 && rule.psid.has_value()) return Invalid("psid: is embedded already");
  return Done{};
}

Status CheckMap(const SharingRule& rule) {
  TRY(RefuseDeterministic(rule));
  TRY(Refuse(rule.public_first, "public_first"));
  TRY(Refuse(rule.public_last, "public_last"));
  TRY(Need(rule.public_prefix, "public_prefix"));
  TRY(Need(rule.inside_prefix, "inside_prefix"));
  TRY(Need(rule.ea_bits, "ea_bits"));
  if (!rule.public_prefix->address().is_v4()) return Invalid("public_prefix: not IPv4");
  if (rule.inside_prefix->address().is_v4()) return Invalid("inside_prefix: not IPv6");
  TRY(CheckPortSet(rule));
  return CheckEmbedded(rule);
}

Status CheckPortSets(const SharingRule& rule) {
  TRY(RefuseDeterministic(rule));
  TRY(Refuse(rule.public_prefix, "public_prefix"));
  TRY(Refuse(rule.inside_prefix, "inside_prefix"));
  TRY(Refuse(rule.ea_bits, "ea_bits"));
  TRY(Refuse(rule.psid, "psid"));
  TRY(CheckPublicRange(rule));
  return CheckPortSet(rule);
}

}  // namespace

Result<PortRange> ParsePortRange(std::string_view text) {
  PortRange range;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, range.first);
  if (first.ec != std::errc{}) return Invalid("no port");
  if (first.ptr == end) return PortRange{range.first, range.first};
  const auto last = std::from_chars(first.ptr + 1, end, range.last);
  if (*first.ptr != '-' || last.ec != std::errc{} || last.ptr != end) return Invalid("no range of ports");
  if (range.last < range.first) return Invalid("a range that ends before it begins");
  return range;
}

Status CheckSharingRule(const SharingRule& rule) {
  TRY(CheckValidity(rule));
  switch (rule.event) {
    case SharingRuleKind::kDeterministicNat:
      return CheckDeterministicNat(rule);
    case SharingRuleKind::kMapE:
    case SharingRuleKind::kMapT:
    case SharingRuleKind::k4rd:
      return CheckMap(rule);
    case SharingRuleKind::kPortSets:
      return CheckPortSets(rule);
  }
  return Invalid("event: no such kind of rule");
}

}  // namespace probatio::record
