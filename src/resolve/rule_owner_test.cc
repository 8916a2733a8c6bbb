#include "resolve/rule_owner.h"

#include <gtest/gtest.h>

#include <map>

#include "record/sharing_rule.h"

namespace probatio::resolve {
namespace {

using record::PortAlgorithm;
using record::SharingRule;
using record::SharingRuleKind;

IpAddress Ip(const char* text) {
  return IpAddress::Parse(text).value();
}
IpPrefix Prefix(const char* text) {
  return IpPrefix::Parse(text).value();
}

SharingRule Named(SharingRuleKind kind) {
  SharingRule rule;
  rule.event = kind;
  rule.rule = "rule-1";
  rule.valid_from = Instant::ParseRfc3339("2024-03-01T00:00:00Z").value();
  rule.origin.at.at = rule.valid_from;
  return rule;
}

// RFC 7422 section 2.3.
SharingRule Deterministic(PortAlgorithm algorithm, const char* public_last = "192.0.2.1",
                          const char* inside_last = "198.51.100.14") {
  SharingRule rule = Named(SharingRuleKind::kDeterministicNat);
  rule.inside_first = Ip("198.51.100.1");
  rule.inside_last = Ip(inside_last);
  rule.public_first = Ip("192.0.2.1");
  rule.public_last = Ip(public_last);
  rule.algorithm = algorithm;
  rule.compression = 14;
  rule.dynamic_factor = 2;
  rule.reserved_ports = {"0-1023"};
  EXPECT_TRUE(record::CheckSharingRule(rule).ok());
  return rule;
}

SharingRule Map(const char* ipv6, const char* ipv4, std::uint16_t ea_bits, std::uint16_t a, std::uint16_t k) {
  SharingRule rule = Named(SharingRuleKind::kMapE);
  rule.inside_prefix = Prefix(ipv6);
  rule.public_prefix = Prefix(ipv4);
  rule.ea_bits = ea_bits;
  rule.psid_offset = a;
  rule.psid_length = k;
  const Status checked = record::CheckSharingRule(rule);
  EXPECT_TRUE(checked.ok()) << checked.error().what();
  return rule;
}

std::string Inside(const SharingRule& rule, const char* ip, std::uint16_t port) {
  const RuleOwner owner = OwnerBy(rule, Ip(ip), port);
  return owner.inside_ip.has_value() ? owner.inside_ip->ToText() : std::string(ToText(owner.says));
}
std::string Customer(const SharingRule& rule, const char* ip, std::uint16_t port) {
  const RuleOwner owner = OwnerBy(rule, Ip(ip), port);
  return owner.inside_prefix.has_value() ? owner.inside_prefix->ToText() : std::string(ToText(owner.says));
}

TEST(RuleOwner, TheExampleOfRfc7422IsAnswered) {
  const SharingRule rule = Deterministic(PortAlgorithm::kSequential);
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1023), "nobody");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1024), "198.51.100.1");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 2001), "198.51.100.1");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 5055), "198.51.100.1");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 5056), "198.51.100.2");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 57471), "198.51.100.14");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 57472), "dynamic");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 58204), "dynamic");
  EXPECT_EQ(Inside(rule, "192.0.2.2", 2001), "not_of_this_rule");
}

TEST(RuleOwner, StaggeredGoesFromPortToPort) {
  const SharingRule rule = Deterministic(PortAlgorithm::kStaggered);
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1024), "198.51.100.1");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1025), "198.51.100.2");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1024 + 14), "198.51.100.1");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 57471), "198.51.100.14");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 57472), "dynamic");
}

TEST(RuleOwner, OnSeveralPublicAddressesTheNextCustomersFollow) {
  const SharingRule rule = Deterministic(PortAlgorithm::kSequential, "192.0.2.2", "198.51.100.28");
  EXPECT_EQ(Inside(rule, "192.0.2.2", 1024), "198.51.100.15");
  EXPECT_EQ(Inside(rule, "192.0.2.2", 57471), "198.51.100.28");
}

// "If there are 10 IP addresses in a pool and a subscriber is assigned 1000 ports, the subscriber would
// receive a range such as ports 2000-2099 across all 10."
TEST(RuleOwner, RoundRobinGivesTheSamePortsOnEveryAddress) {
  SharingRule rule = Deterministic(PortAlgorithm::kRoundRobin, "192.0.2.10", "198.51.100.250");
  rule.compression = 60;
  rule.dynamic_factor = 5;
  rule.reserved_ports = {"0-535"};  // 65,000 ports: 1,000 each
  std::map<std::string, int> shares;
  for (int last = 1; last <= 10; ++last) {
    const std::string ip = "192.0.2." + std::to_string(last);
    for (unsigned port = 536; port < 536 + 200; ++port)
      ++shares[Inside(rule, ip.c_str(), static_cast<std::uint16_t>(port)) + (port < 636 ? " low" : " high")];
  }
  EXPECT_EQ(shares, (std::map<std::string, int>{{"198.51.100.1 low", 1000}, {"198.51.100.2 high", 1000}}));
}

// Whatever the algorithm: nobody has two answers, and every customer has as many ports as the rule says.
TEST(RuleOwner, EveryAlgorithmGivesEachCustomerHisShareAndNoMore) {
  for (const PortAlgorithm algorithm : {PortAlgorithm::kSequential, PortAlgorithm::kStaggered,
                                        PortAlgorithm::kRoundRobin, PortAlgorithm::kInterlaced}) {
    SharingRule rule = Deterministic(algorithm, "192.0.2.3", "198.51.100.42");
    rule.algorithm_detail = std::string(kInterlacedPortMajor);
    std::map<std::string, int> ports;
    for (const char* ip : {"192.0.2.1", "192.0.2.2", "192.0.2.3"})
      for (unsigned port = 0; port < 65'536; ++port)
        ++ports[Inside(rule, ip, static_cast<std::uint16_t>(port))];
    EXPECT_EQ(ports["nobody"], 3 * 1024);
    EXPECT_EQ(ports["dynamic"], 3 * (65'536 - 57'472));
    ports.erase("nobody");
    ports.erase("dynamic");
    EXPECT_EQ(ports.size(), 42U);
    for (const auto& [customer, count] : ports) EXPECT_EQ(count, 4032) << customer;
  }
}

TEST(RuleOwner, WhatCanBeReadInTwoWaysOrIsAMakersOwnIsNotComputed) {
  EXPECT_EQ(Inside(Deterministic(PortAlgorithm::kInterlaced), "192.0.2.1", 2001), "not_computable");
  SharingRule cryptographic = Deterministic(PortAlgorithm::kSequential);
  cryptographic.algorithm = PortAlgorithm::kCryptographic;
  cryptographic.algorithm_key = "secret";
  EXPECT_EQ(Inside(cryptographic, "192.0.2.1", 2001), "not_computable");
  SharingRule vendor = Deterministic(PortAlgorithm::kSequential);
  vendor.algorithm = PortAlgorithm::kVendor;
  vendor.algorithm_detail = "x";
  EXPECT_EQ(Inside(vendor, "192.0.2.1", 2001), "not_computable");
}

TEST(RuleOwner, AShareWithoutACustomerIsNobodys) {
  const SharingRule rule = Deterministic(PortAlgorithm::kSequential, "192.0.2.1", "198.51.100.10");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 57471), "nobody");
}

TEST(RuleOwner, ReservedPortsInTheMiddleShiftTheBlocks) {
  SharingRule rule = Deterministic(PortAlgorithm::kSequential);
  rule.reserved_ports = {"5000-5009", "0-1023", "5003-5005"};
  // (65536 - 1034) / 16 = 4031 ports each.
  EXPECT_EQ(Inside(rule, "192.0.2.1", 5005), "nobody");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1024 + 4031 + 9), "198.51.100.1");
  EXPECT_EQ(Inside(rule, "192.0.2.1", 1024 + 4031 + 10), "198.51.100.2");
}

// RFC 7597 appendix A, example 1: 63 ranges 1232-1235, 2256-2259, ..., 64720-64723.
TEST(RuleOwner, TheExampleOfRfc7597IsAnswered) {
  const SharingRule rule = Map("2001:db8::/40", "192.0.2.0/24", 16, 6, 8);
  for (unsigned port = 1232; port <= 64720; port += 1024) {
    for (unsigned j = 0; j < 4; ++j)
      EXPECT_EQ(Customer(rule, "192.0.2.18", static_cast<std::uint16_t>(port + j)), "2001:db8:12:3400::/56");
    EXPECT_NE(Customer(rule, "192.0.2.18", static_cast<std::uint16_t>(port - 1)), "2001:db8:12:3400::/56");
    EXPECT_NE(Customer(rule, "192.0.2.18", static_cast<std::uint16_t>(port + 4)), "2001:db8:12:3400::/56");
  }
  EXPECT_EQ(OwnerBy(rule, Ip("192.0.2.18"), 1232).port_set, 0x34);
  EXPECT_EQ(Customer(rule, "192.0.2.18", 1023), "nobody");
  EXPECT_EQ(Customer(rule, "192.0.3.18", 1232), "not_of_this_rule");
}

// Appendix B.2: R = 256, PSID 0 has 1024-1027, ..., 64512-64515.
TEST(RuleOwner, TheFirstPortSetBeginsWhereTheOffsetSays) {
  const SharingRule rule = Map("2001:db8::/40", "192.0.2.0/24", 16, 6, 8);
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{1024, 1027, 64512, 64515})
    EXPECT_EQ(OwnerBy(rule, Ip("192.0.2.1"), port).port_set, 0) << port;
}

TEST(RuleOwner, WithoutSharingTheWholeAddressIsOneCustomers) {
  const SharingRule rule = Map("2001:db8::/40", "192.0.2.0/24", 8, 0, 0);
  EXPECT_EQ(Customer(rule, "192.0.2.18", 0), "2001:db8:12::/48");
  EXPECT_EQ(Customer(rule, "192.0.2.18", 65535), "2001:db8:12::/48");
  const SharingRule block = Map("2001:db8::/40", "192.0.2.0/24", 4, 0, 0);
  EXPECT_EQ(Customer(block, "192.0.2.18", 1), "2001:db8:10::/44");
}

TEST(RuleOwner, WhatWasProvisionedElsewhereIsNotGuessed) {
  SharingRule rule = Map("2001:db8:12:3400::/56", "192.0.2.18/32", 0, 6, 8);
  EXPECT_EQ(Customer(rule, "192.0.2.18", 1232), "not_computable");
  rule.psid = 0x34;
  EXPECT_EQ(Customer(rule, "192.0.2.18", 1232), "2001:db8:12:3400::/56");
  EXPECT_EQ(Customer(rule, "192.0.2.18", 1236), "not_of_this_rule");
  EXPECT_EQ(Customer(Map("2001:db8::/40", "192.0.2.0/24", 0, 0, 0), "192.0.2.1", 1), "not_computable");
}

TEST(RuleOwner, FixedQuartersNameTheQuarterAndNobody) {
  SharingRule rule = Named(SharingRuleKind::kPortSets);
  rule.public_first = Ip("203.0.113.0");
  rule.public_last = Ip("203.0.113.255");
  rule.psid_offset = 0;
  rule.psid_length = 2;
  for (const unsigned port : {0U, 16'383U, 16'384U, 49'151U, 49'152U, 65'535U}) {
    const RuleOwner owner = OwnerBy(rule, Ip("203.0.113.7"), static_cast<std::uint16_t>(port));
    EXPECT_EQ(owner.says, RuleSays::kPortSet);
    EXPECT_EQ(owner.port_set, port >> 14);
  }
  EXPECT_EQ(OwnerBy(rule, Ip("203.0.114.7"), 1).says, RuleSays::kNotOfThisRule);
}

TEST(RuleOwner, ARuleSpeaksOnlyOfTheTimeInWhichItWasInForceThroughout) {
  SharingRule rule = Named(SharingRuleKind::kPortSets);
  rule.valid_until = rule.valid_from + kNsPerDay;
  const Instant noon = rule.valid_from + kNsPerDay / 2;
  EXPECT_TRUE(InForce(rule, {rule.valid_from, *rule.valid_until}));
  EXPECT_TRUE(InForce(rule, {noon, noon}));
  EXPECT_FALSE(InForce(rule, {rule.valid_from - 1, noon}));
  EXPECT_FALSE(InForce(rule, {noon, *rule.valid_until + 1}));
}

}  // namespace
}  // namespace probatio::resolve
