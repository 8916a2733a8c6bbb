#include "resolve/rule_owner.h"

#include <fmt/format.h>

#include <algorithm>

#include "record/sharing_rule.h"

namespace probatio::resolve {
namespace {

using record::PortAlgorithm;
using record::SharingRule;
using record::SharingRuleKind;

constexpr unsigned kPortBits = 16;
constexpr std::uint64_t kPorts = 1U << kPortBits;
constexpr unsigned kV4Bits = 32;

RuleOwner Says(RuleSays says, std::string why) {
  RuleOwner owner;
  owner.says = says;
  owner.why = std::move(why);
  return owner;
}

// The last 64 bits that differ decide: ranges of hosts are never longer.
std::uint64_t LowBits(const IpAddress& address) {
  if (address.is_v4()) return address.v4();
  return Be64(address.octets().subspan(8));
}

IpAddress Plus(const IpAddress& address, std::uint64_t steps) {
  if (address.is_v4()) return IpAddress::V4(address.v4() + static_cast<std::uint32_t>(steps));
  std::array<std::uint8_t, 16> octets{};
  std::copy(address.octets().begin(), address.octets().end(), octets.begin());
  std::uint64_t low = LowBits(address) + steps;
  for (std::size_t i = octets.size(); i-- > 8; low >>= 8) octets[i] = static_cast<std::uint8_t>(low);
  return IpAddress::V6(octets);
}

bool SameHighBits(const IpAddress& a, const IpAddress& b) {
  return a.is_v4() || Be64(a.octets()) == Be64(b.octets());
}

// The ports that are shared, numbered from 0 in ascending order: RFC 7422, without R.
class SharedPorts {
 public:
  explicit SharedPorts(const std::vector<std::string>& reserved) {
    for (const std::string& text : reserved)
      reserved_.push_back(record::ParsePortRange(text).value());  // CheckSharingRule has seen it
    std::sort(reserved_.begin(), reserved_.end());
  }
  std::uint64_t count() const { return kPorts - ReservedBelow(kPorts); }
  std::optional<std::uint64_t> PlaceOf(std::uint16_t port) const {
    const std::uint64_t below = ReservedBelow(port);
    if (ReservedBelow(std::uint64_t{port} + 1) != below) return std::nullopt;
    return port - below;
  }

 private:
  // Ranges may overlap: what was counted is not counted again.
  std::uint64_t ReservedBelow(std::uint64_t port) const {
    std::uint64_t reserved = 0;
    std::uint64_t next = 0;
    for (const record::PortRange& range : reserved_) {
      const std::uint64_t begin = std::max<std::uint64_t>(range.first, next);
      const std::uint64_t end = std::min<std::uint64_t>(std::uint64_t{range.last} + 1, port);
      if (begin < end) reserved += end - begin;
      next = std::max<std::uint64_t>(next, std::uint64_t{range.last} + 1);
    }
    return reserved;
  }

  std::vector<record::PortRange> reserved_;
};

// One question to a deterministic NAT, in the numbers of RFC 7422 section 2, all from 0.
struct Question {
  std::uint64_t outside;      // the public address's place in the pool
  std::uint64_t pool;         // how many public addresses there are
  std::uint64_t place;        // the port's place among the shared ones
  std::uint64_t each;         // ports of each inside address: (65536 - |R|) / (C + D)
  std::uint64_t compression;  // C: inside addresses to one public address
};

// The number of the inside address, or of none when the port lies in the dynamic range.
std::optional<std::uint64_t> NumberOf(PortAlgorithm algorithm, const Question& q) {
  if (q.place >= q.compression * q.each) return std::nullopt;  // what the C blocks leave is given out by need
  switch (algorithm) {
    case PortAlgorithm::kSequential:  // one block after the other, address by address
      return q.outside * q.compression + q.place / q.each;
    case PortAlgorithm::kStaggered:  // n*C + R is the first one's, n*C + 1 + R the second one's, ...
      return q.outside * q.compression + q.place % q.compression;
    case PortAlgorithm::kRoundRobin:  // the same port across the pool, then the next higher port
      return (q.place * q.pool + q.outside) / q.each;
    case PortAlgorithm::kInterlaced:  // every C·pool-th of that order
      return (q.place * q.pool + q.outside) % (q.compression * q.pool);
    default:
      return std::nullopt;
  }
}

RuleOwner OwnerByNat(const SharingRule& rule, const IpAddress& public_ip, std::uint16_t port) {
  if (!public_ip.is_v4() || public_ip < *rule.public_first || *rule.public_last < public_ip)
    return Says(RuleSays::kNotOfThisRule, "the address is not in the pool");
  switch (*rule.algorithm) {
    case PortAlgorithm::kCryptographic:
    case PortAlgorithm::kVendor:
      return Says(RuleSays::kNotComputable,
                  "an algorithm of its own: ask the NAT's maker for a computation and its test cases");
    case PortAlgorithm::kInterlaced:
      if (rule.algorithm_detail.value_or("") == kInterlacedPortMajor) break;
      return Says(RuleSays::kNotComputable,
                  "RFC 7422 says of 'interlaced' one sentence that can be read in two ways: state "
                  "algorithm_detail");
    default:
      break;
  }
  if (!SameHighBits(*rule.inside_first, *rule.inside_last))
    return Says(RuleSays::kNotComputable, "a range of more inside addresses than can be numbered");
  const SharedPorts shared(rule.reserved_ports);
  const std::optional<std::uint64_t> place = shared.PlaceOf(port);
  if (!place.has_value()) return Says(RuleSays::kNobody, "a reserved port");
  Question q{LowBits(public_ip) - LowBits(*rule.public_first),
             LowBits(*rule.public_last) - LowBits(*rule.public_first) + 1, *place,
             shared.count() / (std::uint64_t{*rule.compression} + *rule.dynamic_factor), *rule.compression};
  const std::optional<std::uint64_t> number = NumberOf(*rule.algorithm, q);
  if (!number.has_value()) return Says(RuleSays::kDynamic, "a port of the range that is given out by need");
  if (*number > LowBits(*rule.inside_last) - LowBits(*rule.inside_first))
    return Says(RuleSays::kNobody, "a share to which no inside address belongs");
  RuleOwner owner = Says(RuleSays::kInsideAddress,
                         fmt::format("inside address {} of {}", *number + 1,
                                     LowBits(*rule.inside_last) - LowBits(*rule.inside_first) + 1));
  owner.inside_ip = Plus(*rule.inside_first, *number);
  return owner;
}

// RFC 7597 section 5.1: port = A (a bits) | PSID (k bits) | j; with a > 0 no port has A = 0.
std::optional<std::uint16_t> PortSetOf(const SharingRule& rule, std::uint16_t port) {
  const unsigned a = *rule.psid_offset;
  const unsigned k = *rule.psid_length;
  if (a > 0 && (port >> (kPortBits - a)) == 0) return std::nullopt;
  return static_cast<std::uint16_t>((port >> (kPortBits - a - k)) & ((1U << k) - 1));
}

// Bits from `begin` on are those of `value`, `length` many, the highest first.
IpPrefix Embed(const IpPrefix& prefix, std::uint64_t value, unsigned length) {
  std::array<std::uint8_t, 16> octets{};
  std::copy(prefix.address().octets().begin(), prefix.address().octets().end(), octets.begin());
  for (unsigned i = 0; i < length; ++i) {
    if (((value >> (length - 1 - i)) & 1U) == 0) continue;
    const unsigned bit = prefix.length() + i;
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | (0x80U >> (bit % 8)));
  }
  return IpPrefix::Holding(IpAddress::V6(octets), prefix.length() + length);
}

// The embedded bits are the rest of the IPv4 address, then the PSID (section 5.2); fewer of them than that
// rest name a whole block of addresses.
RuleOwner OwnerByMap(const SharingRule& rule, const IpAddress& public_ip, std::uint16_t port) {
  if (!public_ip.is_v4() || !rule.public_prefix->Contains(public_ip))
    return Says(RuleSays::kNotOfThisRule, "the address is not in the rule's prefix");
  const std::optional<std::uint16_t> port_set = PortSetOf(rule, port);
  if (!port_set.has_value()) return Says(RuleSays::kNobody, "a port below those that are shared");
  const unsigned suffix_bits = kV4Bits - rule.public_prefix->length();
  const std::uint64_t suffix = public_ip.v4() & ((std::uint64_t{1} << suffix_bits) - 1);
  const unsigned embedded = *rule.ea_bits;
  std::uint64_t value = 0;
  if (embedded == 0) {
    if (*rule.psid_length > 0 && !rule.psid.has_value())
      return Says(RuleSays::kNotComputable, "the port set was provisioned and is not in the rule");
    if (suffix_bits > 0)
      return Says(RuleSays::kNotComputable, "which address of the prefix is whose is not in the rule");
    if (*rule.psid_length > 0 && *rule.psid != *port_set)
      return Says(RuleSays::kNotOfThisRule, "another port set of that address");
  } else if (embedded <= suffix_bits) {
    value = suffix >> (suffix_bits - embedded);
  } else {
    value = suffix << (embedded - suffix_bits) | *port_set;
  }
  RuleOwner owner =
      Says(RuleSays::kInsidePrefix, fmt::format("port set {} of {}", *port_set, 1U << *rule.psid_length));
  owner.inside_prefix = Embed(*rule.inside_prefix, value, embedded);
  owner.port_set = port_set;
  return owner;
}

RuleOwner OwnerByPortSets(const SharingRule& rule, const IpAddress& public_ip, std::uint16_t port) {
  if (!public_ip.is_v4() || public_ip < *rule.public_first || *rule.public_last < public_ip)
    return Says(RuleSays::kNotOfThisRule, "the address is not in the pool");
  const std::optional<std::uint16_t> port_set = PortSetOf(rule, port);
  if (!port_set.has_value()) return Says(RuleSays::kNobody, "a port below those that are shared");
  RuleOwner owner = Says(
      RuleSays::kPortSet,
      fmt::format("port set {} of {}: who had it is in the assignments", *port_set, 1U << *rule.psid_length));
  owner.port_set = port_set;
  return owner;
}

}  // namespace

std::string_view ToText(RuleSays says) {
  switch (says) {
    case RuleSays::kInsideAddress:
      return "inside_address";
    case RuleSays::kInsidePrefix:
      return "inside_prefix";
    case RuleSays::kPortSet:
      return "port_set";
    case RuleSays::kDynamic:
      return "dynamic";
    case RuleSays::kNobody:
      return "nobody";
    case RuleSays::kNotOfThisRule:
      return "not_of_this_rule";
    case RuleSays::kNotComputable:
      return "not_computable";
  }
  CHECK(false);
  return "";
}

RuleOwner OwnerBy(const SharingRule& rule, const IpAddress& public_ip, std::uint16_t port) {
  switch (rule.event) {
    case SharingRuleKind::kDeterministicNat:
      return OwnerByNat(rule, public_ip, port);
    case SharingRuleKind::kMapE:
    case SharingRuleKind::kMapT:
    case SharingRuleKind::k4rd:
      return OwnerByMap(rule, public_ip, port);
    case SharingRuleKind::kPortSets:
      return OwnerByPortSets(rule, public_ip, port);
  }
  CHECK(false);
  return {};
}

bool InForce(const SharingRule& rule, const Period& asked) {
  return rule.valid_from <= asked.begin && (!rule.valid_until.has_value() || asked.end <= *rule.valid_until);
}

}  // namespace probatio::resolve
