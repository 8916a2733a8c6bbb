#include "decode/syslog/syslog_decoder.h"

#include <gtest/gtest.h>

#include "decode/time/zone_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

SourceClock InParis() {
  SourceClock clock;
  clock.zone = ParisForTests();
  clock.year = 2024;
  return clock;
}

struct Read {
  std::vector<record::Record> records;
  std::string error;  // empty: none
  std::map<std::string, std::uint64_t> counts;
};

Read ReadPiece(std::string_view text, const SourceClock& clock = InParis(),
               std::optional<Instant> received = std::nullopt) {
  SyslogDecoder decoder("", clock);
  Read read;
  Piece piece;
  piece.bytes = AsBytes(text);
  piece.received = received;
  const Status decoded = decoder.Decode(piece, &read.records);
  if (!decoded.ok()) read.error = decoded.error().what();
  read.counts = decoder.counts();
  return read;
}

// The one record of a line without what its origin says; or what went wrong.
std::string Told(std::string_view line) {
  const Read read = ReadPiece(line);
  if (!read.error.empty()) return read.error;
  if (read.records.size() != 1) return std::to_string(read.records.size()) + " records";
  const std::string json = record::ToJson(read.records[0]);
  const std::string shown = json.substr(json.find("\"event\":"));
  return shown.substr(0, shown.size() - 1);
}

Timestamp TimeOf(const Read& read) {
  return record::OriginOf(read.records.at(0)).at;
}

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

const std::string kBlock =
    R"("event":"port_block_allocate","inside_ip":"100.64.0.5","public_ip":"203.0.113.7",)"
    R"("port_first":1024,"port_last":1535)";
const std::string kFreed =
    R"("event":"port_block_release","inside_ip":"100.64.0.5","public_ip":"203.0.113.7",)"
    R"("port_first":1024,"port_last":1535)";

TEST(SyslogJuniper, ReadsPortBlocksOfSrx) {
  const std::string body =
      R"( [junos@2636.1.1.1.2.137 internal-ip="100.64.0.5" block-used="1" block-max-per-host="4" )"
      R"(block-port-low="1024" block-port-high="1535" reflexive-ip="203.0.113.7" nat-pool-name="p 1" )"
      R"(logical-system-id="0" epoch-time-64="67160d4b"])";
  const std::string head = "<14>1 2024-10-21T10:14:05.250+02:00 srx1.example RT_NAT - ";
  EXPECT_EQ(Told(head + "RT_SRC_NAT_PBA_ALLOC" + body), kBlock);
  EXPECT_EQ(Told(head + "RT_SRC_NAT_PBA_RELEASE" + body), kFreed);
  EXPECT_EQ(Told(head + "RT_SRC_NAT_PBA_INTERIM" + body), kBlock);
  const Read read = ReadPiece(head + "RT_SRC_NAT_PBA_ALLOC" + body);
  EXPECT_EQ(TimeOf(read), (Timestamp{At("2024-10-21T08:14:03Z"), kNsPerSecond, 0, ClockSource::kEvent}));
  EXPECT_EQ(record::OriginOf(read.records[0]).exporter, "srx1.example");
}

TEST(SyslogJuniper, CountsAnInterimLineThatDoesNotSayWhenTheBlockWasAllocated) {
  const Read read = ReadPiece(
      R"(<14>1 2024-10-21T10:14:05.250+02:00 srx1.example RT_NAT - RT_SRC_NAT_PBA_INTERIM [internal-ip="100.64.0.5" )"
      R"(block-port-low="1024" block-port-high="1535" reflexive-ip="203.0.113.7"])");
  EXPECT_TRUE(read.records.empty());
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.counts.at("no event: juniper-pba"), 1U);
}

TEST(SyslogJuniper, ReadsPortBlocksAsText) {
  const std::string head = "<14>Oct 21 10:14:05 mx1.example RT_NAT: RT_SRC_NAT_PBA_";
  EXPECT_EQ(Told(head +
                 "ALLOC: Subscriber 100.64.0.5 used/maximum [10/15] blocks, allocates port block [1024-1535] "
                 "from 203.0.113.7 in source pool P1 lsys_id: 0 epoch 0x67160d4b"),
            kBlock);
  EXPECT_EQ(Told(head +
                 "RELEASE: Subscriber 100.64.0.5 used/maximum [9/15] blocks, releases port block [1024-1535] "
                 "from 203.0.113.7 in source pool P1"),
            kFreed);
}

TEST(SyslogJuniper, ReadsPortBlocksOfServicesCards) {
  const std::string head =
      "<158>2024-10-21 10:14:03: CGN{CGN_VRF0_LOG}[jservices-nat]: JSERVICES_NAT_PORT_BLOCK_";
  EXPECT_EQ(Told(head + "ALLOC: 100.64.0.5 -> 203.0.113.7:1024-1535"), kBlock);
  EXPECT_EQ(Told(head + "RELEASE: 100.64.0.5 -> 203.0.113.7:1024-1535 0x67160d4b"), kFreed);
  EXPECT_EQ(Told("Oct 21 10:14:03 mx (FPC Slot 2, PIC Slot 0) 2024-10-21 08:14:03 [FWNAT]: "
                 "ASP_NAT_PORT_BLOCK_ALLOC: 2001:db8:0:0:0:0:0:1 -> 203.0.113.7:1050-1099"),
            R"("event":"port_block_allocate","inside_ip":"2001:db8::1","public_ip":"203.0.113.7",)"
            R"("port_first":1050,"port_last":1099)");
}

TEST(SyslogJuniper, ReadsTranslatedSessionsAndPassesOverTheOthers) {
  const auto line = [](const std::string& event, const std::string& nat) {
    return "<14>1 2024-10-21T08:14:03.250Z mx1.example RT_FLOW - RT_FLOW_SESSION_" + event +
           R"( [junos@2636.1.1.1.2.25 source-address="100.64.0.5" source-port="40000" destination-address="198.51.100.9" )"
           R"(destination-port="443" service-name="junos-https" nat-source-address=")" +
           nat + R"(" nat-source-port="40000" protocol-id="6" reason="TCP FIN"])";
  };
  const std::string tuple =
      R"("proto":"tcp","inside_ip":"100.64.0.5","inside_port":40000,"public_ip":"203.0.113.7","public_port":40000)";
  EXPECT_EQ(Told(line("CREATE_USF", "203.0.113.7")), R"("event":"nat44_session_create",)" + tuple);
  EXPECT_EQ(Told(line("CLOSE", "203.0.113.7")), R"("event":"nat44_session_delete",)" + tuple);
  const Read same = ReadPiece(line("CREATE", "100.64.0.5"));
  EXPECT_TRUE(same.records.empty());
  EXPECT_EQ(same.counts.at("not translated"), 1U);
}

TEST(SyslogJuniper, CountsLinesThatNameNoPublicAddress) {
  const Read read = ReadPiece(
      "<158>2024-10-21 10:14:03: CGN{L}[jservices-nat]: JSERVICES_NAT_RULE_MATCH: proto 17 (UDP) "
      "application: any, "
      "xe-2/0/0.0:100.64.0.5:28760 -> 198.51.100.9:53, Match NAT rule-set: (null), rule: R, term: 1");
  EXPECT_TRUE(read.records.empty());
  EXPECT_TRUE(read.error.empty());
  EXPECT_EQ(read.counts.at("no event: juniper-services"), 1U);
}

TEST(SyslogCisco, ReadsManyRecordsOfOneDatagram) {
  const Read read = ReadPiece(
      "1 2024 Oct 21 10:14:03 192.0.2.9 - - NAT44 - [UserbasedA - 100.64.0.5 vrf-1 - 203.0.113.7 - 1024 1535]"
      "[SessionbasedAD 6 100.64.0.5 vrf-1 - 203.0.113.7 40000 50000 - 198.51.100.9 443]"
      "[SessionbasedW 17 100.64.0.5 vrf-1 - 203.0.113.7 40001 50001 -]"
      "[Portblockrunout 6 100.64.0.5 vrf-1 - 203.0.113.7 - - -]");
  EXPECT_EQ(read.error, "");
  ASSERT_EQ(read.records.size(), 4U);
  const auto& block = std::get<record::NatEvent>(read.records[0]);
  EXPECT_EQ(block.event, record::NatEventKind::kPortBlockAllocate);
  EXPECT_EQ(block.inside_realm, "vrf-1");
  EXPECT_FALSE(block.proto.has_value());
  const auto& session = std::get<record::NatEvent>(read.records[1]);
  EXPECT_EQ(session.public_port, 50'000);
  EXPECT_EQ(session.inside_port, 40'000);
  EXPECT_EQ(std::get<record::NatEvent>(read.records[2]).event, record::NatEventKind::kNat44SessionDelete);
  EXPECT_EQ(std::get<record::NatEvent>(read.records[3]).event, record::NatEventKind::kPortsExhausted);
  EXPECT_EQ(record::OriginOf(read.records[3]).exporter, "192.0.2.9");
  EXPECT_EQ(TimeOf(read), (Timestamp{At("2024-10-21T08:14:03Z"), kNsPerSecond, 0, ClockSource::kMessage}));
}

TEST(SyslogCisco, NamesTheEndOfATunnelForTheSubscriberInIt) {
  EXPECT_EQ(Told("1 2024 Oct 21 10:14:03 192.0.2.9 - - DSLITE - [SessionbasedA 6 192.168.1.2 - 2001:db8::b4 "
                 "203.0.113.7 "
                 "40000 50000 -]"),
            R"("event":"nat44_session_create","proto":"tcp","inside_ip":"2001:db8::b4","inside_port":40000,)"
            R"("public_ip":"203.0.113.7","public_port":50000)");
}

TEST(SyslogCisco, KeepsTheRecordsBesideABrokenOne) {
  const Read read = ReadPiece(
      "1 2024 Oct 21 10:14:03 192.0.2.9 - - NAT44 - [UserbasedA - 100.64.0.5 v - 203.0.113.7 - 1024 1535]"
      "[UserbasedA - 100.64.0.500 v - 203.0.113.7 - 1024 1535][UserbasedW - 100.64.0.5 v - 203.0.113.7 - "
      "1024 1535]");
  EXPECT_EQ(read.records.size(), 2U);
  EXPECT_EQ(read.error, "line 1: cisco-iosxr: record 2: inside address: not an address");
}

TEST(SyslogCisco, ReadsTranslationsOfTheFirewalls) {
  const std::string tuple =
      R"("proto":"tcp","inside_ip":"100.64.0.5","inside_port":40000,"public_ip":"203.0.113.7","public_port":50000)";
  EXPECT_EQ(Told("<166>Oct 21 2024 10:14:03: %ASA-6-305011: Built dynamic TCP translation from "
                 "inside:100.64.0.5/40000 to outside:203.0.113.7/50000"),
            R"("event":"nat44_bib_create",)" + tuple);
  EXPECT_EQ(
      Told("Oct 21 10:14:03 fw1 : %FTD-4-305012: Teardown dynamic TCP translation from "
           "inside:100.64.0.5/40000(LOCAL\\nobody) to outside(acl-1):203.0.113.7/50000 duration 0:00:30"),
      R"("event":"nat44_bib_delete",)" + tuple);
  EXPECT_EQ(Told("Oct 21 10:14:03 fw1 %ASA-6-305009: Built static translation from inside:100.64.0.5 to "
                 "outside:203.0.113.7"),
            R"("event":"address_binding_create","inside_ip":"100.64.0.5","public_ip":"203.0.113.7")");
  EXPECT_EQ(Told("Oct 21 10:14:03 fw1 %ASA-6-302013: Built outbound TCP connection 1 for outside"),
            "0 records");
}

// The range of ports in the second line ends like the number of a message of the firewalls.
TEST(SyslogCisco, RefusesABrokenTranslationAndMistakesNoNumberForOne) {
  EXPECT_EQ(
      Told("Oct 21 10:14:03 fw1 %ASA-6-305011: Built dynamic TCP translation of inside:100.64.0.5/40000"),
      "line 1: cisco-asa: no form that is known: ' translation from ' not at offset 49");
  EXPECT_EQ(
      Told("Oct 21 10:14:03 c x: A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:30000-30501"),
      R"("event":"port_block_allocate","inside_ip":"100.64.0.5","inside_realm":"0","public_ip":"203.0.113.7",)"
      R"("port_first":30000,"port_last":30501)");
}

TEST(SyslogHuawei, ReadsSessionsAndBlocks) {
  const std::string head = "<134>1 2024 Oct 21 10:14:03 192.0.2.8 cgn - ";
  EXPECT_EQ(Told(head + "NAT444:SessionbasedA [17 100.64.0.5 - 203.0.113.7 0 1025 -]"),
            R"("event":"nat44_session_create","proto":"udp","inside_ip":"100.64.0.5","inside_port":0,)"
            R"("public_ip":"203.0.113.7","public_port":1025)");
  EXPECT_EQ(Told(head + "NAT444:UserbasedW [- 100.64.0.5 - 203.0.113.7 - 1024 1535]"), kFreed);
  EXPECT_EQ(Told(head + "NAT64:SessionbasedW [6 - 2001:db8::5 203.0.113.7 0 2048 -]"),
            R"("event":"nat64_session_delete","proto":"tcp","inside_ip":"2001:db8::5","inside_port":0,)"
            R"("public_ip":"203.0.113.7","public_port":2048)");
}

TEST(SyslogA10, ReadsTheLastPortOfABlockFromItsLabelledNumber) {
  const std::string head = "2024-10-21T08:14:03.87+00:00 192.0.2.7 cgn0 CEF:0|A10|CFW|6.0.0-P1|CGN ";
  EXPECT_EQ(
      Told(head +
           "106|Nat Port Batch Pool Allocated|5|proto=UDP src=100.64.0.5 "
           "sourceTranslatedAddress=203.0.113.7 sourceTranslatedPort=1024 cn3=1535 cn3Label=Last Nat Port"),
      R"("event":"port_block_allocate","proto":"udp","inside_ip":"100.64.0.5","public_ip":"203.0.113.7",)"
      R"("port_first":1024,"port_last":1535)");
  EXPECT_NE(
      Told(head + "106|Nat Port Batch Pool Allocated|5|proto=UDP src=100.64.0.5 "
                  "sourceTranslatedAddress=203.0.113.7 sourceTranslatedPort=1024 cn3=1535 cn3Label=Duration")
          .find("no form that is known: 'cn3Label' not at offset"),
      std::string::npos);
  EXPECT_EQ(
      Told(head +
           "101|Nat Port Freed|5|proto=ICMP src=100.64.0.5 spt=37892 sourceTranslatedAddress=203.0.113.7 "
           "sourceTranslatedPort=37892"),
      R"("event":"nat44_bib_delete","proto":"icmp","inside_ip":"100.64.0.5","inside_port":37892,)"
      R"("public_ip":"203.0.113.7","public_port":37892)");
}

TEST(SyslogNfware, ReadsItsFourKindsOfLine) {
  const std::string head = "<134>1 2024-10-21T08:14:03Z cgn1 nfware - - - ";
  const std::string tuple =
      R"("proto":"tcp","inside_ip":"100.64.0.5","inside_port":40000,"inside_realm":"0",)"
      R"("public_ip":"203.0.113.7","public_port":50000)";
  EXPECT_EQ(Told(head + "A VRF 0 6 INT 100.64.0.5:40000 EXT 203.0.113.7:50000"),
            R"("event":"nat44_bib_create",)" + tuple);
  EXPECT_EQ(Told(head + "D VRF 0 6 INT 100.64.0.5:40000 EXT 203.0.113.7:50000 DST 198.51.100.9:443"),
            R"("event":"nat44_session_delete",)" + tuple);
  EXPECT_EQ(
      Told(head + "A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1024-1535"),
      R"("event":"port_block_allocate","inside_ip":"100.64.0.5","inside_realm":"0","public_ip":"203.0.113.7",)"
      R"("port_first":1024,"port_last":1535)");
  EXPECT_EQ(
      Told(head + "D VRF 0 INT 100.64.0.5 EXT 203.0.113.7"),
      R"("event":"address_binding_delete","inside_ip":"100.64.0.5","inside_realm":"0","public_ip":"203.0.113.7")");
}

TEST(SyslogSixWind, TakesTheTimeThatItsTextSaysBeforeThatOfTheMessage) {
  const std::string line =
      "Oct 21 10:14:09 vsr fp-cgnat[4269]: USER 100.64.0.5 (matching rule 1): NEW BLOCK (pool \"p\", ip "
      "public "
      "203.0.113.7, proto 6, port 1024 - 1535)";
  EXPECT_EQ(Told(line), R"("event":"port_block_allocate","proto":"tcp","inside_ip":"100.64.0.5",)"
                        R"("public_ip":"203.0.113.7","port_first":1024,"port_last":1535)");
  EXPECT_EQ(TimeOf(ReadPiece(line)),
            (Timestamp{At("2024-10-21T08:14:09Z"), kNsPerSecond, 0, ClockSource::kMessage}));
  EXPECT_EQ(TimeOf(ReadPiece(line + " at Mon Oct 21 10:14:03 2024")),
            (Timestamp{At("2024-10-21T08:14:03Z"), kNsPerSecond, 0, ClockSource::kEvent}));
}

TEST(SyslogMikroTik, ReadsNewConnectionsOnly) {
  const auto line = [](const std::string& in, const std::string& state) {
    return "<134>Oct 21 10:14:03 bras firewall,info forward: in:" + in + " out:vlan7, " + state +
           "proto TCP (SYN), 100.64.0.5:40000->198.51.100.9:443, NAT (100.64.0.5:40000->203.0.113.7:50000)->"
           "198.51.100.9:443, len 60";
  };
  const std::string tuple =
      R"("event":"nat44_session_create","proto":"tcp","inside_ip":"100.64.0.5","inside_port":40000,)"
      R"("public_ip":"203.0.113.7","public_port":50000)";
  EXPECT_EQ(Told(line("<pppoe-line-7>", "connection-state:new,snat ")), tuple + R"(,"subscriber":"line-7")");
  EXPECT_EQ(Told(line("ether2", "connection-state:new src-mac 00:00:5e:00:53:01, ")), tuple);
  EXPECT_EQ(Told(line("ether2", "connection-state:established,snat ")), "0 records");
  EXPECT_EQ(Told(line("ether2", "")), "0 records");
}

TEST(SyslogFortinet, ReadsPortBlocksWithTheirOwnClock) {
  const std::string body =
      R"( type="event" subtype="system" level="notice" vd="root" eventtime=1729498443250000000 tz="+0200" )"
      R"(logdesc="IP pool PBA created" action="ippool-pba" saddr="100.64.0.5" nat=203.0.113.7 portbegin=1024 )"
      R"(portend=1535 poolname="p 1" msg="IPpool PBA")";
  const std::string head = R"(<189>date=2024-10-21 time=10:14:03 devname="fgt-1" devid="FGT" logid=")";
  EXPECT_EQ(Told(head + "0100022015\"" + body), kBlock);
  EXPECT_EQ(Told(head + "0100022016\"" + body), kFreed);
  EXPECT_EQ(Told(head + "0000000013\"" + body), "0 records");
  EXPECT_NE(Told(head + "0100022015\" nat=203.0.113.7 portbegin=1 portend=2").find("'saddr' not at"),
            std::string::npos);
  const Read read = ReadPiece(head + "0100022015\"" + body, {});
  EXPECT_EQ(TimeOf(read), (Timestamp{At("2024-10-21T08:14:03.25Z"), 1, 0, ClockSource::kEvent}));
  EXPECT_EQ(record::OriginOf(read.records[0]).exporter, "fgt-1");
}

TEST(SyslogTime, OfALineWithoutAZoneIsRefusedUnlessOneIsNamed) {
  const std::string line = "Oct 21 10:14:03 cgn1 x: A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1024-1535";
  EXPECT_EQ(ReadPiece(line, {}).error, "line 1: nfware: time: prints no year: name it (--year)");
  SourceClock clock;
  clock.year = 2024;
  EXPECT_EQ(ReadPiece(line, clock).error,
            "line 1: nfware: time: local, and the source's zone is not named (--zone)");
  EXPECT_EQ(TimeOf(ReadPiece(line)).at, At("2024-10-21T08:14:03Z"));
}

TEST(SyslogTime, ComesFromItsReceiptWhereTheLineSaysNone) {
  const std::string line = "A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1024-1535";
  EXPECT_EQ(ReadPiece(line).error, "line 1: nfware: no time in the line");
  EXPECT_EQ(TimeOf(ReadPiece(line, {}, At("2024-10-21T08:14:04Z"))),
            (Timestamp{At("2024-10-21T08:14:04Z"), 1, 0, ClockSource::kReceipt}));
}

TEST(SyslogTime, StandsBeforeAHostThatIsNotSaid) {
  const Read read =
      ReadPiece("1 2024 Oct 21 10:14:03 - - - NAT44 - [UserbasedA - 100.64.0.5 v - 203.0.113.7 - 1024 1535]");
  EXPECT_EQ(TimeOf(read).at, At("2024-10-21T08:14:03Z"));
  EXPECT_EQ(record::OriginOf(read.records[0]).exporter, "");
}

TEST(SyslogTime, OfAConfiguredYearIsRefusedOnceANewYearHasBegun) {
  const std::string tail = " 10:14:03 cgn1 x: A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1024-1535\n";
  const Read read = ReadPiece("Dec 31" + tail + "Jan  1" + tail + "Jan  2" + tail);
  EXPECT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.counts.at("broken lines"), 2U);
  EXPECT_EQ(read.error, "line 2: nfware: time: prints no year, and a new one has begun: split the log there");
}

TEST(Syslog, CountsUnknownLinesAndNeverGuesses) {
  const Read read = ReadPiece(
      "<13>Oct 21 10:14:03 host su: 'su root' failed\n\nOct 21 10:14:03 host app: DATA VRF 0\r\nnothing at "
      "all");
  EXPECT_TRUE(read.records.empty());
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.counts, (std::map<std::string, std::uint64_t>{{"lines", 3}, {"unknown lines", 3}}));
}

TEST(Syslog, NamesThePlaceInALineOfAKnownVendorThatItCannotRead) {
  EXPECT_EQ(Told("<134>1 2024-10-21T08:14:03Z cgn1 nfware - - - A VRF 0 INT 100.64.0.5 OUT 203.0.113.7"),
            "line 1: nfware: no form that is known: ' EXT ' not at offset 58");
  EXPECT_EQ(Told("Oct 21 10:14:03 c x: A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1024-99999"),
            "line 1: nfware: last port: not a port");
  EXPECT_EQ(Told("Oct 21 10:14:03 c x: A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1535-1024"),
            "line 1: nfware: last port: below the first");
  EXPECT_EQ(Told("Oct 21 10:14:03 c x: A VRF 0 256 INT 100.64.0.5:1 EXT 203.0.113.7:1"),
            "line 1: nfware: protocol: unknown");
}

TEST(Syslog, KeepsItsLimits) {
  const std::string line = "Oct 21 10:14:03 c x: A VRF 0 6 INT 100.64.0.5:1 EXT 203.0.113.7:1 DST ";
  EXPECT_EQ(ReadPiece(line + std::string(kSyslogLineBytesMax - line.size(), 'x')).records.size(), 1U);
  EXPECT_EQ(Told(line + std::string(kSyslogLineBytesMax - line.size() + 1, 'x')),
            "line 1: longer than 8192 bytes");
  const std::string head = "1 2024 Oct 21 10:14:03 c - - NAT44 - ";
  std::string groups;
  for (std::size_t i = 0; i < kSyslogRecordsMax; ++i) groups += "[x]";
  EXPECT_NE(Told(head + groups).find("record 1: no form"), std::string::npos);
  EXPECT_EQ(Told(head + groups + "[x]"), "line 1: cisco-iosxr: more than 1024 records");
}

TEST(Syslog, TakesTheConfiguredExporterBeforeWhatALineSaysAndTheSenderLast) {
  const std::string line = "A VRF 0 INT 100.64.0.5 EXT 203.0.113.7:1024-1535";
  const auto exporter = [&](const std::string& configured, const std::string& head) {
    SyslogDecoder decoder(configured, InParis());
    const std::string text = head + line;
    Piece piece{AsBytes(text), At("2024-10-21T08:14:03Z"), IpAddress::V4(0xC0000209), 514};
    std::vector<record::Record> records;
    EXPECT_TRUE(decoder.Decode(piece, &records).ok());
    return record::OriginOf(records.at(0)).exporter;
  };
  EXPECT_EQ(exporter("cgn-1.example", "Oct 21 10:14:03 host7 x: "), "cgn-1.example");
  EXPECT_EQ(exporter("", "Oct 21 10:14:03 host7 x: "), "host7");
  EXPECT_EQ(exporter("", ""), "192.0.2.9");
}

// Order in the table decides nothing: a line has the mark of one vendor, or the first of two gives no record.
TEST(Vendors, HaveMarksAndForms) {
  for (const Vendor& vendor : Vendors()) {
    EXPECT_FALSE(vendor.name.empty());
    EXPECT_GE(vendor.mark.size(), 5U) << vendor.name;
    EXPECT_FALSE(vendor.forms.empty()) << vendor.name;
  }
}

}  // namespace
}  // namespace probatio::decode
