#include "decode/radius/detail_decoder.h"

#include <gtest/gtest.h>

#include "base/test_corpus.h"
#include "decode/cut/text_cutters.h"
#include "decode/radius/nat_attributes.h"
#include "decode/radius/printed_value.h"
#include "decode/time/zone_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

using record::AccessSession;

struct DetailContents {
  std::vector<record::Record> records;
  std::vector<std::string> errors;
  std::map<std::string, std::uint64_t> counts;
};

DetailContents Read(std::string_view file, SourceClock clock = {}) {
  DetailDecoder decoder("radius-1.example", std::move(clock));
  DetailContents contents;
  EntryCutter cutter;
  for (Bytes rest = AsBytes(file); !rest.empty();) {
    const Cut cut = cutter.Next(rest, true).value();
    rest = rest.subspan(cut.size);
    if (!cut.piece.has_value()) continue;
    const Status read = decoder.Decode(*cut.piece, &contents.records);
    if (!read.ok()) contents.errors.push_back(read.error().what());
  }
  contents.counts = decoder.counts();
  return contents;
}

SourceClock InParis() {
  SourceClock clock;
  clock.zone = ParisForTests();
  return clock;
}

const std::string kEntry =
    "Mon Oct 21 10:14:12 2024\n"
    "\tUser-Name = \"L-000123\"\n"
    "\tAcct-Status-Type = Start\n"
    "\tAcct-Session-Id = \"5F2A\"\n"
    "\tNAS-IP-Address = 192.0.2.20\n"
    "\tFramed-IP-Address = 100.64.0.10\n";

std::string AtOf(const DetailContents& contents) {
  return contents.records.empty() ? "none" : record::OriginOf(contents.records[0]).at.at.ToRfc3339();
}

TEST(Detail, AnEntryIsOneReport) {
  const DetailContents contents =
      Read(kEntry + "\tTimestamp = 1729498452\n\n" + kEntry + "\tNAS-Port = 7\n\tTimestamp = 1729498453\n");
  ASSERT_EQ(contents.records.size(), 2U);
  const auto session = std::get<AccessSession>(contents.records[1]);
  EXPECT_EQ(session.subscriber, "L-000123");
  EXPECT_EQ(session.nas, "192.0.2.20");
  EXPECT_EQ(session.nas_port, "7");
  EXPECT_EQ(session.inside_ip->ToText(), "100.64.0.10");
  EXPECT_EQ(session.origin.exporter, "radius-1.example");
  EXPECT_EQ(contents.counts.at("entries"), 2U);
}

TEST(Detail, TheEventsOwnTimeIsBestThenTheServersEpochThenItsLocalTime) {
  const std::string late = kEntry + "\tAcct-Delay-Time = 5\n";
  const std::string stamped = late + "\tTimestamp = 1729498452\n";
  const std::string summer = "\tEvent-Timestamp = \"Oct 21 2024 10:14:03 CEST\"\n";
  EXPECT_EQ(AtOf(Read(stamped + "\tEvent-Timestamp = \"Oct 21 2024 08:14:03 UTC\"\n")),
            "2024-10-21T08:14:03Z");
  EXPECT_EQ(AtOf(Read(stamped + summer, InParis())), "2024-10-21T08:14:03Z");
  EXPECT_EQ(AtOf(Read(stamped + "\tEvent-Timestamp = 1729498443\n")), "2024-10-21T08:14:03Z");
  const DetailContents unzoned = Read(stamped + summer);
  EXPECT_EQ(AtOf(unzoned), "2024-10-21T08:14:07Z") << "receipt less the delay";
  EXPECT_EQ(record::OriginOf(unzoned.records[0]).at.source, ClockSource::kReceipt);
  EXPECT_EQ(unzoned.counts.at("event times in a zone that was not named"), 1U);
  EXPECT_EQ(AtOf(Read(late, InParis())), "2024-10-21T08:14:07Z") << "the header, which names no zone";
  const DetailContents none = Read(late);
  EXPECT_EQ(AtOf(none), "none");
  EXPECT_EQ(none.errors.at(0), "neither the report nor its receipt tells an instant");
}

TEST(Detail, ValuesAreReadInEveryWayTheyAreWritten) {
  const std::string stamp = "\tTimestamp = 1729498452\n";
  const DetailContents contents =
      Read(kEntry + "\tADSL-Agent-Circuit-Id = 0x64736c616d31206574682031\n" +
           "\tADSL-Agent-Remote-Id = 0x00ff\n" + "\tNAS-Port-Id = \"a \\\"b\\\" \\303\\251\"\n" +
           "\tVendor-Specific.3GPP.IMSI = '001010123456789'\n" +
           "\tAttr-26.6527.121 = 0x3230332e302e3131332e3720313032342d3230343720726f757465722062617365\n" +
           "\tAttr-26.9999.1 = 0x00\n" + "\tAcct-Output-Gigawords = 1\n" + stamp);
  ASSERT_EQ(contents.records.size(), 2U) << (contents.errors.empty() ? "" : contents.errors[0]);
  const auto session = std::get<AccessSession>(contents.records[0]);
  EXPECT_EQ(session.circuit_id, "dslam1 eth 1");
  EXPECT_EQ(session.remote_id, "0x00ff");
  EXPECT_EQ(session.nas_port, "a \"b\" \xC3\xA9");
  EXPECT_EQ(session.subscriber, "001010123456789");
  EXPECT_EQ(std::get<record::NatEvent>(contents.records[1]).port_last, 2047);
}

TEST(Detail, ABrokenEntryNamesItsLineAndTheOthersAreRead) {
  const std::string good = kEntry + "\tTimestamp = 1729498452\n";
  const DetailContents contents =
      Read(kEntry + "\tNAS-Identifier = \"open\n\n" + kEntry + "not an attribute\n\n" + kEntry +
           "\tFramed-IPv6-Prefix = nonsense\n\n" + good);
  ASSERT_EQ(contents.errors.size(), 3U);
  EXPECT_EQ(contents.errors[0], "line 7: a quote that does not close the value");
  EXPECT_EQ(contents.errors[1], "line 7: no attribute");
  EXPECT_EQ(contents.errors[2], "line 7: Framed-IPv6-Prefix: prefix: no '/'");
  EXPECT_EQ(contents.records.size(), 1U);
}

TEST(Detail, KeepsItsLineLimit) {
  const auto with = [](std::size_t size) {
    std::string line = "\tClass = \"";
    line.resize(size - 1, 'x');
    return Read(kEntry + line + "\"\n\tTimestamp = 1729498452\n").errors.size();
  };
  EXPECT_EQ(with(kDetailLineBytesMax), 0U);
  EXPECT_EQ(with(kDetailLineBytesMax + 1), 1U);
}

TEST(Detail, KeepsTheLimitOfPortRanges) {
  const auto with = [](std::size_t count) {
    std::string ranges;
    for (std::size_t i = 0; i < count; ++i) ranges += i == 0 ? "1-1" : ",1-1";
    return Read(kEntry + "\tAlc-Nat-Port-Range = \"203.0.113.7 " + ranges +
                " router base\"\n\tTimestamp = 1729498452\n");
  };
  EXPECT_EQ(with(kNatRangesMax).records.size(), kNatRangesMax + 1);
  EXPECT_EQ(with(kNatRangesMax + 1).errors.at(0), "Alc-Nat-Port-Range: more than 1024 ranges");
}

TEST(PrintedAttribute, IsANameAnEqualSignAndAValue) {
  EXPECT_FALSE(ReadPrintedAttribute("Tue Nov 24 01:03:33 2026").value().has_value());
  EXPECT_FALSE(ReadPrintedAttribute("Packet-Type == Access-Accept").value().has_value());
  EXPECT_EQ(ReadPrintedAttribute("\tNAS-Port = 7 ").value()->value, "7");
  EXPECT_FALSE(ReadPrintedAttribute("a = \"b\" c").ok());
}

// Entries, sessions, and the first instant, by the file's PROVENANCE.
TEST(DetailCorpus, EveryFileGivesWhatItsProvenanceSays) {
  SKIP_WITHOUT_CORPUS("radius/freeradius_3.2.1_detail.txt");
  const auto read = [](const std::string& name, SourceClock clock = {}) {
    const Buffer file = ReadCorpus("radius/" + name);
    return Read(AsText(file), std::move(clock));
  };
  const DetailContents three = read("freeradius_3.2.1_detail.txt");
  ASSERT_EQ(three.records.size(), 3U);
  EXPECT_EQ(
      record::ToJson(three.records[1]),
      R"({"class":"network","at":"2026-01-01T01:00:00Z","at_resolution_ns":1000000000,"at_source":"event",)"
      R"("exporter":"radius-1.example","event":"session_interim","inside_ip":"100.64.0.10",)"
      R"("subscriber":"fti/a1b2c3@example.net","session":"0001A2B3-00000001","nas":"bng1.example.net",)"
      R"("inside_prefix":"2001:db8:100::/64","delegated_prefix":"2001:db8:1000::/56",)"
      R"("mac":"02:00:5e:10:00:01","nas_port":"ge-0/0/1.100:100-7","delay_s":5})");
  EXPECT_EQ(std::get<AccessSession>(three.records[2]).event, record::SessionEventKind::kStop);

  const DetailContents one = read("detail_one.txt");
  ASSERT_EQ(one.records.size(), 1U);
  EXPECT_EQ(AtOf(one), "2019-04-02T17:38:01Z") << "Timestamp; the header of 2011 is local and not read";
  EXPECT_EQ(std::get<AccessSession>(one.records[0]).calling_number, "0123456789");

  SourceClock java;
  java.zone = std::make_shared<const TimeZone>(TimeZone::Fixed("WIB", 7 * 3'600));
  for (const char* name : {"acct_0_start.attrs", "acct_1_update.attrs", "acct_2_stop.attrs"}) {
    const DetailContents session = read(name, java);
    ASSERT_EQ(session.records.size(), 1U) << name;
    EXPECT_EQ(std::get<AccessSession>(session.records[0]).inside_ip->ToText(), "198.51.100.59");
    EXPECT_TRUE(session.errors.empty()) << name;
  }
  EXPECT_EQ(AtOf(read("acct_0_start.attrs", java)), "2015-02-01T01:28:58Z");
}

}  // namespace
}  // namespace probatio::decode
