#include "decode/conntrack/conntrack_decoder.h"

#include <gtest/gtest.h>

#include "decode/time/zone_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

const std::string kTuples =
    "src=100.64.0.5 dst=198.51.100.9 sport=40000 dport=443 [UNREPLIED] src=198.51.100.9 dst=203.0.113.7 "
    "sport=443 "
    "dport=50000";
const std::string kNew =
    "[1729498443.250000]\t    [NEW] ipv4     2 tcp      6 120 SYN_SENT " + kTuples + " id=77";
const std::string kDestroy =
    "[1729498503.000001]\t[DESTROY] ipv4     2 tcp      6 " + kTuples + " [ASSURED] delta-time=60 id=77";

Instant At(std::string_view text) {
  return Instant::ParseRfc3339(text).value();
}

struct Read {
  std::vector<record::Record> records;
  std::string error;
  std::map<std::string, std::uint64_t> counts;
};

Read ReadLines(std::string_view lines, const SourceClock& clock = {},
               std::optional<Instant> received = std::nullopt) {
  ConntrackDecoder decoder("nat-1.example", clock);
  Read read;
  Piece piece;
  piece.bytes = AsBytes(lines);
  piece.received = received;
  const Status decoded = decoder.Decode(piece, &read.records);
  if (!decoded.ok()) read.error = decoded.error().what();
  read.counts = decoder.counts();
  return read;
}

std::string Json(const Read& read) {
  return read.records.empty() ? read.error : record::ToJson(read.records[0]);
}

TEST(Conntrack, TakesThePublicTupleFromTheReply) {
  EXPECT_EQ(
      Json(ReadLines(kNew)),
      R"({"class":"network","at":"2024-10-21T08:14:03.250Z","at_resolution_ns":1000,"at_source":"message",)"
      R"("exporter":"nat-1.example","event":"nat44_session_create","proto":"tcp","inside_ip":"100.64.0.5",)"
      R"("inside_port":40000,"public_ip":"203.0.113.7","public_port":50000})");
  const auto end = std::get<record::NatEvent>(ReadLines(kDestroy).records.at(0));
  EXPECT_EQ(end.event, record::NatEventKind::kNat44SessionDelete);
  EXPECT_EQ(end.origin.at.at, At("2024-10-21T08:15:03.000001Z"));
}

TEST(Conntrack, KeepsNoDestination) {
  EXPECT_EQ(Json(ReadLines(kNew)).find("198.51.100.9"), std::string::npos);
}

TEST(Conntrack, PassesOverUpdatesAndWhatWasNotTranslated) {
  const Read read = ReadLines(
      "[1729498443.250000]\t [UPDATE] tcp      6 60 SYN_RECV " + kTuples +
      "\n[1729498443.250000]\t    [NEW] udp      17 30 src=100.64.0.5 dst=198.51.100.9 sport=1 dport=53 "
      "src=198.51.100.9 dst=100.64.0.5 sport=53 dport=1\n"
      // A forwarded port: the reply goes to where the flow came from.
      "[1729498443.250000]\t    [NEW] tcp      6 30 src=198.51.100.9 dst=203.0.113.7 sport=9 dport=80 "
      "src=100.64.0.5 dst=198.51.100.9 sport=80 dport=9\n"
      "conntrack v1.4.7 (conntrack-tools): 3 flow events have been shown.\n");
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.records.empty());
  EXPECT_EQ(read.counts, (std::map<std::string, std::uint64_t>{
                             {"lines", 4}, {"not translated", 2}, {"other lines", 1}, {"updates", 1}}));
}

TEST(Conntrack, RefusesALineWithoutTimeUnlessItsReceiptIsKnown) {
  const std::string plain = "    [NEW] tcp      6 120 SYN_SENT " + kTuples;
  EXPECT_EQ(ReadLines(plain).error, "line 1: no time in the line (conntrack -o timestamp prints it)");
  const Read read = ReadLines(plain, {}, At("2024-10-21T08:14:04Z"));
  EXPECT_EQ(record::OriginOf(read.records.at(0)).at,
            (Timestamp{At("2024-10-21T08:14:04Z"), 1, 0, ClockSource::kReceipt}));
}

TEST(Conntrack, DatesAListedEntryByItsAgeWhenTheListWasMade) {
  const std::string listed =
      "tcp      6 116 TIME_WAIT " + kTuples + " [ASSURED] mark=0 delta-time=3 use=1 id=77";
  EXPECT_EQ(ReadLines(listed).error,
            "line 1: a list says no time; import what conntrack -E -o timestamp prints");
  const Read read = ReadLines(listed, {}, At("2024-10-21T08:14:10Z"));
  // Three whole seconds: it began after 08:14:06 and not after 08:14:07.
  EXPECT_EQ(record::OriginOf(read.records.at(0)).at,
            (Timestamp{At("2024-10-21T08:14:06Z"), kNsPerSecond, 0, ClockSource::kReceipt}));
  EXPECT_EQ(ReadLines("tcp      6 116 TIME_WAIT " + kTuples, {}, At("2024-10-21T08:14:10Z")).error,
            "line 1: a listed entry without delta-time says no beginning");
}

TEST(Conntrack, ReadsXmlWhoseTimeIsLocal) {
  const std::string flow =
      R"(<flow type="new"><meta direction="original"><layer3 protonum="2" protoname="ipv4"><src>100.64.0.5</src>)"
      R"(<dst>198.51.100.9</dst></layer3><layer4 protonum="17" protoname="udp"><sport>40000</sport><dport>53</dport>)"
      R"(</layer4></meta><meta direction="reply"><layer3 protonum="2" protoname="ipv4"><src>198.51.100.9</src>)"
      R"(<dst>203.0.113.7</dst></layer3><layer4 protonum="17" protoname="udp"><sport>53</sport><dport>50000</dport>)"
      R"(</layer4></meta><meta direction="independent"><zone>3</zone><id>77</id></meta><when><hour>10</hour>)"
      R"(<min>14</min><sec>3</sec><wday>2</wday><day>21</day><month>10</month><year>2024</year></when></flow>)";
  EXPECT_EQ(ReadLines(flow).error, "line 1: time: local, and the source's zone is not named (--zone)");
  SourceClock clock;
  clock.zone = ParisForTests();
  const Read read =
      ReadLines("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<conntrack>\n" + flow + "\n</conntrack>", clock);
  EXPECT_EQ(
      Json(read),
      R"({"class":"network","at":"2024-10-21T08:14:03Z","at_resolution_ns":1000000000,"at_source":"message",)"
      R"("exporter":"nat-1.example","event":"nat44_session_create","proto":"udp","inside_ip":"100.64.0.5",)"
      R"("inside_port":40000,"inside_realm":"3","public_ip":"203.0.113.7","public_port":50000})");
  EXPECT_EQ(read.counts.at("other lines"), 3U);
}

TEST(Conntrack, TakesTheIdOfAnIcmpQueryForItsPort) {
  const Read read = ReadLines(
      "[1729498443.250000]\t    [NEW] ipv4     2 icmp     1 30 src=100.64.0.5 dst=198.51.100.9 type=8 code=0 "
      "id=11 "
      "[UNREPLIED] src=198.51.100.9 dst=203.0.113.7 type=0 code=0 id=20001 zone=4 id=77");
  const auto& event = std::get<record::NatEvent>(read.records.at(0));
  EXPECT_EQ(event.inside_port, 11);
  EXPECT_EQ(event.public_port, 20'001);
  EXPECT_EQ(event.inside_realm, "4");
}

TEST(Conntrack, GivesTranslatedIpv6TheEventsThatNameNoFamily) {
  const Read read = ReadLines(
      "[1729498443.250000]\t    [NEW] ipv6     10 tcp      6 120 SYN_SENT src=fd00::5 dst=2001:db8::9 "
      "sport=40000 "
      "dport=443 [UNREPLIED] src=2001:db8::9 dst=2001:db8::1 sport=443 dport=40000");
  EXPECT_EQ(std::get<record::NatEvent>(read.records.at(0)).event, record::NatEventKind::kCreate);
}

TEST(Conntrack, NamesLineAndReasonAndReadsTheOthers) {
  const auto error = [](const std::string& line) {
    return ReadLines(kNew + "\n" + line + "\n" + kDestroy).error;
  };
  EXPECT_EQ(error("[1.5] [NEW] tcp 6 120 src=100.64.0.500 dst=198.51.100.9"), "line 2: src: not an address");
  EXPECT_EQ(error("[1.5] [NEW] tcp 6 120 src=100.64.0.5 dst=198.51.100.9 sport=65536"),
            "line 2: sport: no number, or too large");
  EXPECT_EQ(error("[1.5] [NEW] tcp 6 120 src=100.64.0.5 dst=198.51.100.9"),
            "line 2: reply direction: no dst");
  EXPECT_EQ(error("[1.5] [NEW] tcp 256 120 " + kTuples), "line 2: protocol: no number, or too large");
  EXPECT_EQ(error("[1.5] [BORN] tcp 6 120 " + kTuples), "line 2: event: none of NEW, UPDATE, DESTROY");
  EXPECT_EQ(error("[1.5] [NEW] tcp 6 " + kTuples + " " + kTuples), "line 2: more than two directions");
  EXPECT_EQ(error("<flow type=\"new\"></flow>"), "line 2: original direction: missing");
  EXPECT_EQ(ReadLines(kNew + "\n[1.5] [NEW] src=\n" + kDestroy).records.size(), 2U);
}

TEST(Conntrack, KeepsItsLimit) {
  const std::string line = kNew + " ";
  EXPECT_EQ(ReadLines(line + std::string(kConntrackLineBytesMax - line.size(), 'x')).records.size(), 1U);
  EXPECT_EQ(ReadLines(line + std::string(kConntrackLineBytesMax - line.size() + 1, 'x')).error,
            "line 1: longer than 4096 bytes");
}

}  // namespace
}  // namespace probatio::decode
