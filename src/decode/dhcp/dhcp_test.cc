// The three DHCP sources, told the same lease.
#include <gtest/gtest.h>

#include "decode/dhcp/dhcp_log_decoder.h"
#include "decode/dhcp/isc_decoder.h"
#include "decode/dhcp/isc_tokens.h"
#include "decode/dhcp/kea_decoder.h"
#include "decode/time/zone_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

using record::AccessSession;
using record::SessionEventKind;

struct Contents {
  std::vector<record::Record> records;
  std::vector<std::string> errors;
  std::map<std::string, std::uint64_t> counts;

  AccessSession at(std::size_t i) const { return std::get<AccessSession>(records.at(i)); }
};

Contents ReadAll(Decoder& decoder, const std::vector<std::string_view>& pieces,
                 std::optional<Instant> received = std::nullopt) {
  Contents contents;
  for (const std::string_view text : pieces) {
    Piece piece;
    piece.bytes = AsBytes(text);
    piece.received = received;
    const Status read = decoder.Decode(piece, &contents.records);
    if (!read.ok()) contents.errors.push_back(read.error().what());
  }
  contents.counts = decoder.counts();
  return contents;
}

Contents ReadIsc(std::string_view file) {
  IscDecoder decoder("dhcp-1.example", {});
  IscCutter cutter;
  std::vector<std::string_view> entries;
  for (Bytes rest = AsBytes(file); !rest.empty();) {
    const Cut cut = cutter.Next(rest, true).value();
    if (cut.piece.has_value()) entries.push_back(AsText(cut.piece->bytes));
    rest = rest.subspan(cut.size);
  }
  Contents contents = ReadAll(decoder, entries);
  contents.counts["others"] = cutter.counts()["statements that are no lease"];
  return contents;
}

std::string IscEntry(const std::string& state, const std::string& starts, const std::string& ends) {
  return "lease 192.0.2.10 {\n  starts 1 2024/10/21 " + starts + ";\n  ends 1 2024/10/21 " + ends +
         ";\n  cltt 1 2024/10/21 " + starts + ";\n  binding state " + state +
         ";\n  next binding state free;\n  hardware ethernet 02:00:5e:10:00:01;\n"
         "  uid \"\\001\\002\\000^\\020\\000\\001\";\n  set vendor = \"a } b;\";\n"
         "  option agent.circuit-id \"eth 2/1:100\";\n  option agent.remote-id 0:ff;\n}\n";
}

TEST(IscLeases, AnActiveLeaseIsAStartAndItsRenewalAnInterimUntilItEnds) {
  const Contents contents =
      ReadIsc("# leases\nauthoring-byte-order little-endian;\n" + IscEntry("active", "08:00:00", "09:00:00") +
              IscEntry("active", "08:30:00", "09:30:00") + IscEntry("free", "08:30:00", "08:45:10"));
  ASSERT_EQ(contents.records.size(), 3U) << (contents.errors.empty() ? "" : contents.errors[0]);
  EXPECT_EQ(
      record::ToJson(contents.records[0]),
      R"({"class":"network","at":"2024-10-21T08:00:00Z","at_resolution_ns":1000000000,"at_source":"event",)"
      R"("exporter":"dhcp-1.example","event":"session_start","inside_ip":"192.0.2.10",)"
      R"("subscriber":"eth 2/1:100","session":"01:02:00:5e:10:00:01","mac":"02:00:5e:10:00:01",)"
      R"("circuit_id":"eth 2/1:100","remote_id":"0x00ff","valid_until":"2024-10-21T09:00:00Z"})");
  EXPECT_EQ(contents.at(1).event, SessionEventKind::kInterim);
  EXPECT_EQ(contents.at(2).event, SessionEventKind::kStop);
  EXPECT_EQ(contents.at(2).origin.at.at.ToRfc3339(), "2024-10-21T08:45:10Z");
  EXPECT_FALSE(contents.at(2).valid_until.has_value());
  EXPECT_EQ(contents.counts.at("others"), 1U);
}

TEST(IscLeases, TimesMayBeSecondsOrNever) {
  const Contents contents = ReadIsc(
      "lease 192.0.2.10 {\n  starts epoch 1729498443; # Mon Oct 21 10:14:03 2024\n  ends never;\n"
      "  binding state active;\n  hardware ethernet 2:0:5e:10:0:1;\n  uid 1:2;\n}\n");
  ASSERT_EQ(contents.records.size(), 1U) << contents.errors.at(0);
  EXPECT_EQ(contents.at(0).origin.at.at.ToRfc3339(), "2024-10-21T08:14:03Z");
  EXPECT_FALSE(contents.at(0).valid_until.has_value());
}

TEST(IscLeases, AddressesAndPrefixesOfV6BelongToTheirAssociation) {
  const Contents contents = ReadIsc(
      "ia-na \"\\001\\000\\000\\000\\000\\003\" {\n  cltt 1 2024/10/21 08:00:00;\n  iaaddr 2001:db8::10 {\n"
      "    binding state active;\n    preferred-life 300;\n    max-life 600;\n"
      "    ends 1 2024/10/21 08:10:00;\n  }\n}\n"
      "ia-pd \"\\001\\000\\000\\000\\000\\003\" {\n  cltt 1 2024/10/21 08:00:01;\n"
      "  iaprefix 2001:db8:1000::/56 {\n    binding state active;\n    ends 1 2024/10/21 08:10:00;\n  "
      "}\n}\n");
  ASSERT_EQ(contents.records.size(), 2U) << contents.errors.at(0);
  EXPECT_EQ(contents.at(0).inside_ip->ToText(), "2001:db8::10");
  EXPECT_EQ(contents.at(0).session, "01:00:00:00:00:03");
  EXPECT_EQ(contents.at(1).delegated_prefix->ToText(), "2001:db8:1000::/56");
  EXPECT_EQ(contents.at(1).valid_until->ToRfc3339(), "2024-10-21T08:10:00Z");
}

TEST(IscLeases, WhatNobodyHoldsAndOtherStatesGiveNoRecord) {
  const Contents contents =
      ReadIsc("lease 192.0.2.11 {\n  binding state free;\n  ends 1 2024/10/21 08:10:00;\n}\n" +
              IscEntry("abandoned", "08:00:00", "09:00:00"));
  EXPECT_TRUE(contents.records.empty());
  EXPECT_EQ(contents.counts.at("addresses that nobody holds"), 1U);
  EXPECT_EQ(contents.counts.at("leases in another state"), 1U);
}

TEST(IscLeases, AProgramToRunWhenTheLeaseEndsIsSteppedOver) {
  std::string entry = IscEntry("active", "08:00:00", "09:00:00");
  entry.insert(entry.size() - 2, "  on expiry or release {\n    if exists host { log(\"}\"); }\n  }\n");
  const Contents contents = ReadIsc(entry);
  EXPECT_EQ(contents.records.size(), 1U) << contents.errors.at(0);
}

TEST(IscLeases, ABrokenEntryOrOneThatIsCutOffIsNamedAndTheOthersAreRead) {
  const std::string good = IscEntry("active", "08:00:00", "09:00:00");
  const Contents contents =
      ReadIsc("lease nonsense {\n}\n" + IscEntry("active", "8 o'clock", "09:00:00") +
              "lease 192.0.2.12 {\n  uid \"open;\n}\n" + good + good.substr(0, good.size() / 2));
  EXPECT_EQ(contents.records.size(), 1U);
  ASSERT_EQ(contents.errors.size(), 4U);
  EXPECT_NE(contents.errors[0].find("lease: ip address"), std::string::npos) << contents.errors[0];
  EXPECT_NE(contents.errors[1].find("starts: no time"), std::string::npos) << contents.errors[1];
  EXPECT_NE(contents.errors[2].find("a quote that is not closed"), std::string::npos);
}

TEST(IscLeases, KeepTheEntryLimit) {
  EXPECT_TRUE(ReadIscTokens(std::string(kIscEntryBytesMax, ' ')).ok());
  EXPECT_FALSE(ReadIscTokens(std::string(kIscEntryBytesMax + 1, ' ')).ok());
}

constexpr std::string_view kKea4 =
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context";
constexpr std::string_view kKea6 =
    "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,"
    "hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id";

Contents ReadKea(const std::vector<std::string_view>& lines) {
  KeaDecoder decoder("kea-1.example", {});
  return ReadAll(decoder, lines);
}

TEST(KeaLeases, ALineIsALeaseFromItsAcknowledgementToItsExpiry) {
  const Contents contents =
      ReadKea({kKea4,
               "192.0.2.10,02:00:5e:10:00:01,01:02:00:5e:10:00:01,3600,1729502043,1,0,0,host,0,"
               "{ \"ISC\": { \"relay-agent-info\": \"0x0104657468310202cafe\" } }",
               "192.0.2.10,02:00:5e:10:00:01,01:02:00:5e:10:00:01,3600,1729503843,1,0,0,host,0,",
               "192.0.2.10,02:00:5e:10:00:01,01:02:00:5e:10:00:01,3600,1729503843,1,0,0,host,2,"});
  ASSERT_EQ(contents.records.size(), 3U) << contents.errors.at(0);
  EXPECT_EQ(
      record::ToJson(contents.records[0]),
      R"({"class":"network","at":"2024-10-21T08:14:03Z","at_resolution_ns":1000000000,"at_source":"event",)"
      R"("exporter":"kea-1.example","event":"session_start","inside_ip":"192.0.2.10","subscriber":"eth1",)"
      R"("session":"01:02:00:5e:10:00:01","mac":"02:00:5e:10:00:01","circuit_id":"eth1",)"
      R"("remote_id":"0xcafe","valid_until":"2024-10-21T09:14:03Z"})");
  EXPECT_EQ(contents.at(1).event, SessionEventKind::kInterim);
  EXPECT_EQ(contents.at(2).event, SessionEventKind::kStop);
  EXPECT_EQ(contents.at(2).origin.at.at.ToRfc3339(), "2024-10-21T09:44:03Z");
}

TEST(KeaLeases, OptionEightyTwoMayLieInAnObjectWithEscapedCommas) {
  const Contents contents =
      ReadKea({kKea4,
               "192.0.2.10,02:00:5e:10:00:01,,3600,1729502043,1,0,0,,0,{\"ISC\":{\"relay-agent-info\":{"
               "\"remote-id\":\"CAFE\"&#x2c \"sub-options\":\"0x010465746831\"}}}"});
  ASSERT_EQ(contents.records.size(), 1U) << contents.errors.at(0);
  EXPECT_EQ(contents.at(0).circuit_id, "eth1");
}

TEST(KeaLeases, AddressesAndPrefixesOfV6) {
  const Contents contents = ReadKea({kKea6,
                                     "2001:db8::10,00:01:02,3600,1729502043,1,1800,0,7,128,0,0,,"
                                     "02:00:5e:10:00:01,0,,1,0,0",
                                     "2001:db8:1000::,00:01:02,3600,1729502043,1,1800,2,7,56,0,0,,,0,,,,0"});
  ASSERT_EQ(contents.records.size(), 2U) << contents.errors.at(0);
  EXPECT_EQ(contents.at(0).session, "00:01:02/7");
  EXPECT_EQ(contents.at(1).delegated_prefix->ToText(), "2001:db8:1000::/56");
}

TEST(KeaLeases, ADeletionSaysNoInstantAndIsOnlyCounted) {
  const Contents contents = ReadKea({kKea4, "192.0.2.10,02:00:5e:10:00:01,,0,1729502043,1,0,0,,0,",
                                     "192.0.2.10,02:00:5e:10:00:01,,3600,1729502043,1,0,0,,1,"});
  EXPECT_TRUE(contents.records.empty());
  EXPECT_EQ(contents.counts.at("leases deleted, nobody says when"), 1U);
  EXPECT_EQ(contents.counts.at("leases in another state"), 1U);
}

TEST(KeaLeases, ABrokenLineNamesItsColumn) {
  const Contents contents =
      ReadKea({"192.0.2.10,,,1,2,3,,,,0,", kKea4, "x,,,3600,1729502043,1,0,0,,0,",
               "192.0.2.10,,,a,1,1,0,0,,0,", "192.0.2.10,,,3600,1,1,0,0,,0,", "1,2,3,4,5,6,7,8,9,10,11,12"});
  ASSERT_EQ(contents.errors.size(), 5U);
  EXPECT_EQ(contents.errors[0], "no header names the columns");
  EXPECT_EQ(contents.errors[1].substr(0, 8), "address:");
  EXPECT_EQ(contents.errors[2], "valid_lifetime: not a number");
  EXPECT_EQ(contents.errors[3], "valid_lifetime: longer than expire");
  EXPECT_EQ(contents.errors[4], "12 columns, not 11");
}

TEST(KeaLeases, KeepTheirLimits) {
  std::string line(kKeaLineBytesMax, 'x');
  EXPECT_EQ(ReadKea({line}).errors[0], "no header names the columns");
  line += 'x';
  EXPECT_EQ(ReadKea({line}).errors[0], "more than 65536 octets");
  std::string header = "address";
  for (std::size_t i = 1; i < kKeaColumnsMax; ++i) header += ",c";
  EXPECT_TRUE(ReadKea({header}).errors.empty());
  header += ",c";
  EXPECT_EQ(ReadKea({header}).errors[0], "more than 64 columns");
}

Contents ReadLog(const std::vector<std::string_view>& lines) {
  SourceClock clock;
  clock.zone = ParisForTests();
  clock.year = 2024;
  DhcpLogDecoder decoder("", clock);
  return ReadAll(decoder, lines);
}

TEST(DhcpLog, KeaGrantsAndReleases) {
  const Contents contents = ReadLog(
      {"2024-10-21 10:14:03.250 INFO  [kea-dhcp4.leases/617.140134] DHCP4_LEASE_ALLOC [hwtype=1 "
       "02:00:5e:10:00:01], cid=[01:02:00:5e:10:00:01], tid=0xa9f404c6: lease 192.0.2.10 has been allocated "
       "for "
       "3600 seconds",
       "oct. 21 10:20:00 kea kea-dhcp4[617]: 2024-10-21 10:20:00.078 INFO  [kea-dhcp4.leases/617.140134] "
       "DHCP4_RELEASE [hwtype=1 02:00:5e:10:00:01], cid=[01:02:00:5e:10:00:01], tid=0x1: address 192.0.2.10 "
       "was "
       "released properly.",
       "2024-10-21 10:14:03.250 INFO  [kea-dhcp6.leases/9.1] DHCP6_PD_LEASE_ALLOC duid=[00:01:02], [no "
       "hwaddr "
       "info], tid=0x2: lease for prefix 2001:db8:1000::/56 and iaid=7 has been allocated for 7200 seconds",
       "2024-10-21 10:14:03.250 INFO  [kea-dhcp4.dhcp4/617.1] DHCP4_STARTED Kea DHCPv4 server started"});
  ASSERT_EQ(contents.records.size(), 3U) << contents.errors.at(0);
  EXPECT_EQ(contents.at(0).origin.at.at.ToRfc3339(), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(contents.at(0).origin.at.resolution_ns, kNsPerMs);
  EXPECT_EQ(contents.at(0).valid_until->ToRfc3339(), "2024-10-21T09:14:03.250Z");
  EXPECT_EQ(contents.at(0).session, "01:02:00:5e:10:00:01");
  EXPECT_EQ(contents.at(1).event, SessionEventKind::kStop);
  EXPECT_EQ(contents.at(2).delegated_prefix->ToText(), "2001:db8:1000::/56");
  EXPECT_EQ(contents.at(2).session, "00:01:02/7");
  EXPECT_EQ(contents.counts.at("lines that grant or release nothing"), 1U);
}

TEST(DhcpLog, DhcpdAndDnsmasqBehindASyslogHeader) {
  const Contents contents = ReadLog(
      {"Oct 21 10:14:03 dhcp-1 dhcpd[123]: DHCPACK on 192.0.2.10 to 02:00:5e:10:00:01 (host) via eth0 relay "
       "eth0 "
       "lease-duration 600",
       "<134>1 2024-10-21T10:15:03.5+02:00 dhcp-1 dhcpd 1 - - DHCPACK on 192.0.2.10 to 02:00:5e:10:00:01 via "
       "eth0",
       "Oct 21 10:20:00 dhcp-1 dhcpd[123]: DHCPRELEASE of 192.0.2.10 from 02:00:5e:10:00:01 (host) via eth0 "
       "(found)",
       "Oct 21 10:20:00 dhcp-2 dnsmasq-dhcp[9]: DHCPACK(eth0) 192.0.2.11 02:00:5e:10:00:02 host",
       "Oct 21 10:20:00 dhcp-1 dhcpd[123]: DHCPACK to 192.0.2.10 (02:00:5e:10:00:01) via eth0",
       "Oct 21 10:20:00 dhcp-1 dhcpd[123]: DHCPREQUEST for 192.0.2.10 from 02:00:5e:10:00:01 via eth0"});
  ASSERT_EQ(contents.records.size(), 4U) << contents.errors.at(0);
  EXPECT_EQ(contents.at(0).origin.at.at.ToRfc3339(), "2024-10-21T08:14:03Z");
  EXPECT_EQ(contents.at(0).origin.exporter, "dhcp-1");
  EXPECT_EQ(contents.at(0).valid_until->ToRfc3339(), "2024-10-21T08:24:03Z");
  EXPECT_EQ(contents.at(1).event, SessionEventKind::kInterim);
  EXPECT_EQ(contents.at(1).origin.at.at.ToRfc3339(), "2024-10-21T08:15:03.500Z");
  EXPECT_EQ(contents.at(2).event, SessionEventKind::kStop);
  EXPECT_EQ(contents.at(3).inside_ip->ToText(), "192.0.2.11");
  EXPECT_EQ(contents.counts.at("lines that grant or release nothing"), 2U)
      << "an answer to DHCPINFORM leases nothing";
}

TEST(DhcpLog, ALocalTimeWithoutAZoneIsRefused) {
  DhcpLogDecoder decoder("", {});
  const Contents contents =
      ReadAll(decoder, {"Oct 21 10:14:03 h dhcpd: DHCPACK on 192.0.2.10 to 02:00:5e:10:00:01 via eth0"});
  EXPECT_TRUE(contents.records.empty());
  EXPECT_EQ(contents.errors.size(), 1U);
}

TEST(DhcpLog, KeepsItsLineLimit) {
  EXPECT_TRUE(ReadLog({std::string(kDhcpLogLineBytesMax, 'x')}).errors.empty());
  EXPECT_FALSE(ReadLog({std::string(kDhcpLogLineBytesMax + 1, 'x')}).errors.empty());
}

TEST(LeaseLog, RemembersSoManyHoldersAndTellsARenewalBeyondThemAsAStart) {
  LeaseLog log(1);
  std::vector<record::Record> records;
  Lease lease;
  lease.client = "a";
  for (const std::uint32_t address : {1U, 2U, 1U, 2U}) {
    lease.address = IpAddress::V4(0xC0000200 + address);
    ASSERT_TRUE(log.Append(lease, &records).ok());
  }
  const auto event = [&](std::size_t i) { return std::get<AccessSession>(records.at(i)).event; };
  EXPECT_EQ(event(2), SessionEventKind::kInterim);
  EXPECT_EQ(event(3), SessionEventKind::kStart);
}

TEST(RelayAgentOptions, LeaveNoOctetUnread) {
  Lease lease;
  EXPECT_TRUE(ReadRelayAgentOptions(FromHex("0102616206014c").value(), &lease).ok());
  EXPECT_EQ(lease.circuit_id, "ab");
  EXPECT_EQ(lease.subscriber_id, "L");
  EXPECT_FALSE(ReadRelayAgentOptions(FromHex("010361").value(), &lease).ok());
  EXPECT_FALSE(ReadRelayAgentOptions(FromHex("01").value(), &lease).ok());
}

}  // namespace
}  // namespace probatio::decode
