#include "record/sharing_rule.h"

#include <gtest/gtest.h>

#include "record/canonical.h"

namespace probatio::record {
namespace {

IpAddress At(std::string_view text) {
  return IpAddress::Parse(text).value();
}

std::string Fault(const SharingRule& rule) {
  const Status checked = CheckRecord(rule);
  return checked.ok() ? "" : checked.error().what();
}

SharingRule Dated(SharingRuleKind kind) {
  SharingRule rule;
  rule.event = kind;
  rule.rule = "rule-1";
  rule.valid_from = Instant::ParseRfc3339("2024-10-01T00:00:00Z").value();
  rule.origin.at.at = rule.valid_from;
  return rule;
}

// RFC 7422 section 2.3.
SharingRule Deterministic() {
  SharingRule rule = Dated(SharingRuleKind::kDeterministicNat);
  rule.inside_first = At("198.51.100.1");
  rule.inside_last = At("198.51.100.14");
  rule.public_first = rule.public_last = At("192.0.2.1");
  rule.compression = 14;
  rule.dynamic_factor = 2;
  rule.algorithm = PortAlgorithm::kSequential;
  rule.reserved_ports = {"0-1023"};
  return rule;
}

// RFC 7597 appendix A, example 1.
SharingRule Map() {
  SharingRule rule = Dated(SharingRuleKind::kMapE);
  rule.inside_prefix = IpPrefix::Parse("2001:db8::/40").value();
  rule.public_prefix = IpPrefix::Parse("192.0.2.0/24").value();
  rule.ea_bits = 16;
  rule.psid_offset = 6;
  rule.psid_length = 8;
  return rule;
}

// Quarters of the ports of one address.
SharingRule Quarters() {
  SharingRule rule = Dated(SharingRuleKind::kPortSets);
  rule.public_first = At("203.0.113.0");
  rule.public_last = At("203.0.113.255");
  rule.psid_offset = 0;
  rule.psid_length = 2;
  return rule;
}

template <class Change>
std::string FaultAfter(SharingRule rule, Change change) {
  change(rule);
  return Fault(rule);
}

TEST(SharingRule, TheExamplesOfTheRfcsAreWhole) {
  EXPECT_EQ(Fault(Deterministic()), "");
  EXPECT_EQ(Fault(Map()), "");
  EXPECT_EQ(Fault(Quarters()), "");
}

TEST(SharingRule, IsStatedWithinItsValidity) {
  const auto stated = [](std::int64_t after_begin_ns) {
    return FaultAfter(Map(), [&](SharingRule& rule) {
      rule.valid_until = rule.valid_from + kNsPerDay;
      rule.origin.at.at = rule.valid_from + after_begin_ns;
    });
  };
  EXPECT_EQ(stated(0), "");
  EXPECT_EQ(stated(kNsPerDay - 1), "");
  EXPECT_EQ(stated(kNsPerDay), "at: not before valid_until");
  EXPECT_EQ(stated(-1), "at: before valid_from");
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& rule) { rule.valid_until = rule.valid_from; }),
            "valid_until: not after valid_from");
}

TEST(SharingRule, LacksNothingFromWhichAnOwnerIsComputed) {
  EXPECT_EQ(FaultAfter(Deterministic(), [](SharingRule& r) { r.compression.reset(); }),
            "compression: missing");
  EXPECT_EQ(FaultAfter(Deterministic(), [](SharingRule& r) { r.compression = 0; }), "compression: 0");
  EXPECT_EQ(FaultAfter(Deterministic(), [](SharingRule& r) { r.algorithm.reset(); }), "algorithm: missing");
  EXPECT_EQ(FaultAfter(Deterministic(), [](SharingRule& r) { r.algorithm = PortAlgorithm::kCryptographic; }),
            "algorithm_key: missing");
  EXPECT_EQ(FaultAfter(Deterministic(), [](SharingRule& r) { r.algorithm = PortAlgorithm::kVendor; }),
            "algorithm_detail: missing");
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& r) { r.psid_offset.reset(); }), "psid_offset: missing")
      << "the defaults of RFC 7597 and RFC 7600 differ: none is assumed";
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& r) { r.inside_prefix.reset(); }), "inside_prefix: missing");
  EXPECT_EQ(FaultAfter(Quarters(), [](SharingRule& r) { r.public_last.reset(); }),
            "public_first, public_last: missing");
  EXPECT_EQ(FaultAfter(Quarters(), [](SharingRule& r) { r.rule.clear(); }), "rule: missing");
}

TEST(SharingRule, HasNoParameterOfAnotherKind) {
  EXPECT_EQ(FaultAfter(Deterministic(), [](SharingRule& r) { r.psid = 1; }), "psid: of another kind of rule");
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& r) { r.compression = 4; }),
            "compression: of another kind of rule");
  EXPECT_EQ(FaultAfter(Quarters(), [](SharingRule& r) { r.ea_bits = 4; }),
            "ea_bits: of another kind of rule");
  EXPECT_EQ(FaultAfter(Quarters(), [](SharingRule& r) { r.reserved_ports = {"0-1023"}; }),
            "reserved_ports: of another kind of rule");
}

TEST(SharingRule, ThePortsNumbersFitTheirSixteenBits) {
  EXPECT_EQ(FaultAfter(Quarters(), [](SharingRule& r) { r.psid_offset = 14; }), "");
  EXPECT_EQ(FaultAfter(Quarters(), [](SharingRule& r) { r.psid_offset = 15; }),
            "psid_length: with psid_offset more than the 16 bits of a port");
  const auto provisioned = [](std::uint16_t psid) {
    return FaultAfter(Map(), [&](SharingRule& r) {
      r.ea_bits = 0;
      r.psid = psid;
    });
  };
  EXPECT_EQ(provisioned(255), "");
  EXPECT_EQ(provisioned(256), "psid: longer than psid_length");
}

TEST(SharingRule, EmbeddedBitsAreTheIpv4SuffixAndThePortSet) {
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& r) { r.psid_length = 7; }),
            "psid_length: not what ea_bits leaves after the IPv4 suffix");
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& r) { r.ea_bits = 8; }),
            "psid_length: ea_bits leave no room for it");
  EXPECT_EQ(FaultAfter(Map(), [](SharingRule& r) { r.psid = 3; }), "psid: is embedded already");
  const auto below = [](const char* prefix) {
    return FaultAfter(Map(), [&](SharingRule& r) { r.inside_prefix = IpPrefix::Parse(prefix).value(); });
  };
  EXPECT_EQ(below("2001:db8::/48"), "");
  EXPECT_EQ(below("2001:db8::/49"), "ea_bits: with inside_prefix more than the 64 bits of a network");
  EXPECT_EQ(below("192.0.2.0/24"), "inside_prefix: not IPv6");
}

TEST(SharingRule, EmbedsSoManyBitsAtMost) {
  const auto with = [](std::uint16_t bits) {
    return FaultAfter(Map(), [&](SharingRule& r) {
      r.inside_prefix = IpPrefix::Parse("2001::/16").value();
      r.public_prefix = IpPrefix::Parse("0.0.0.0/0").value();
      r.psid_offset = 0;
      r.psid_length = 16;
      r.ea_bits = bits;
    });
  };
  EXPECT_EQ(with(48), "");
  EXPECT_EQ(with(49), "ea_bits: above 48");
}

TEST(SharingRule, ReservedPortsAreRangesOrSinglePorts) {
  EXPECT_EQ(ParsePortRange("0-1023").value(), (PortRange{0, 1023}));
  EXPECT_EQ(ParsePortRange("65535").value(), (PortRange{65'535, 65'535}));
  for (const char* text : {"", "-", "1-", "-1", "2-1", "65536", "0-65536", "1 - 2", "1-2x", "1x2"}) {
    EXPECT_FALSE(ParsePortRange(text).ok()) << text;
  }
}

}  // namespace
}  // namespace probatio::record
