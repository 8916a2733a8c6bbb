#include "decode/radius/radius_decoder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "crypto/md5.h"
#include "decode/radius/packet_for_tests.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

constexpr std::uint32_t kEventSeconds = 1'729'498'443;  // 2024-10-21T08:14:03Z
const IpAddress kClient = IpAddress::V4(0xC0000214);

Secret Shared() {
  return Secret(std::string_view("s3cret-of-nobody"));
}

Buffer Made(const PacketForTests& packet) {
  return packet.MadeWith(Shared(), crypto::Md5);
}

RadiusDecoder WithClient() {
  RadiusClients clients;
  CHECK(clients.Add(IpPrefix::Parse("192.0.2.0/24").value(), Shared()).ok());
  return {std::move(clients), crypto::Md5, SourceClock{}};
}

RadiusDecoder Unchecked(SourceClock clock = {}) {
  return {RadiusClients{}, crypto::Md5, std::move(clock)};
}

Piece From(Bytes packet, const IpAddress& source = kClient) {
  Piece piece;
  piece.bytes = packet;
  piece.source = source;
  piece.source_port = 40'000;
  piece.received = Instant::FromUnixSeconds(kEventSeconds + 9);
  return piece;
}

std::vector<record::Record> Read(RadiusDecoder& decoder, const Buffer& packet) {
  std::vector<record::Record> records;
  const Status read = decoder.Decode(From(packet), &records);
  EXPECT_TRUE(read.ok()) << read.error().what();
  return records;
}

std::string ErrorOf(RadiusDecoder& decoder, const Piece& piece) {
  std::vector<record::Record> records;
  const Status read = decoder.Decode(piece, &records);
  EXPECT_TRUE(records.empty());
  return read.ok() ? "" : read.error().what();
}

PacketForTests Start(std::uint8_t id = 7) {
  PacketForTests packet(id);
  packet.Number(40, 1).Text(44, "5F2A").Text(32, "bng1.example").Text(1, "L-000123");
  packet.Number(8, 0x6440000A).Number(55, kEventSeconds);
  return packet;
}

// One packet that radclient 3.2.1 made and sent, with every attribute that is read.
TEST(Radius, APacketOfRadclientGivesItsSessionAndItsPortBlocks) {
  std::ifstream file("testdata/decode/radius-start.hex");
  std::string hex;
  file >> hex;
  const Buffer packet = FromHex(hex).value();
  RadiusDecoder decoder = WithClient();
  const std::vector<record::Record> records = Read(decoder, packet);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(
      record::ToJson(records[0]),
      R"({"class":"network","at":"2024-10-21T08:14:03Z","at_resolution_ns":1000000000,"at_source":"event",)"
      R"("exporter":"192.0.2.20","event":"session_start","inside_ip":"100.64.0.10",)"
      R"("subscriber":"fti/a1b2c3@example.net","session":"0001A2B3-00000001","nas":"bng1.example.net",)"
      R"("inside_ipv6":"2001:db8:100::10","inside_prefix":"2001:db8:100::/64",)"
      R"("delegated_prefix":"2001:db8:1000::/56","mac":"02:00:5e:10:00:01","circuit_id":"dslam1 eth 2/1:100",)"
      R"("nas_port":"ge-0/0/1.100:100-7","delay_s":5})");
  EXPECT_EQ(
      record::ToJson(records[2]),
      R"({"class":"network","at":"2024-10-21T08:14:03Z","at_resolution_ns":1000000000,"at_source":"event",)"
      R"("exporter":"192.0.2.20","event":"port_block_allocate","inside_ip":"100.64.0.10",)"
      R"("public_ip":"203.0.113.7","port_first":4096,"port_last":4607,"subscriber":"fti/a1b2c3@example.net"})");
}

TEST(Radius, APacketCountsOnlyWhenItsAuthenticatorHolds) {
  const Buffer packet = Made(Start());
  RadiusDecoder decoder = WithClient();
  EXPECT_EQ(Read(decoder, packet).size(), 1U);
  for (const std::size_t at : {std::size_t{1}, std::size_t{4}, packet.size() - 1}) {
    Buffer changed = packet;
    changed[at] ^= 1;
    EXPECT_EQ(ErrorOf(decoder, From(changed)), "radius: authenticator at offset 4 does not hold");
  }
  const Buffer other = Start().MadeWith(Secret(std::string_view("guess")), crypto::Md5);
  EXPECT_EQ(ErrorOf(decoder, From(other)), "radius: authenticator at offset 4 does not hold");
  EXPECT_EQ(ErrorOf(decoder, From(packet, IpAddress::V4(0xC6336401))), "radius: unknown client");
  EXPECT_EQ(decoder.counts().at("refused: authenticator"), 4U);
  EXPECT_EQ(decoder.counts().at("refused: unknown client"), 1U);
}

TEST(Radius, WithoutAnySecretPacketsAreReadAndCountedAsUnchecked) {
  RadiusDecoder decoder = Unchecked();
  EXPECT_EQ(Read(decoder, Made(Start())).size(), 1U);
  EXPECT_EQ(decoder.counts().at("packets unchecked: no secrets"), 1U);
}

TEST(RadiusClients, TheLongestBlockThatHoldsTheSenderIsItsClient) {
  RadiusClients clients;
  ASSERT_TRUE(clients.Add(IpPrefix::Parse("192.0.2.0/24").value(), Secret(std::string_view("block"))).ok());
  ASSERT_TRUE(clients.Add(IpPrefix::Parse("192.0.2.20/32").value(), Secret(std::string_view("host"))).ok());
  EXPECT_EQ(AsText(clients.Find(kClient)->reveal()), "host");
  EXPECT_EQ(AsText(clients.Find(IpAddress::V4(0xC0000215))->reveal()), "block");
  EXPECT_EQ(clients.Find(IpAddress::Parse("2001:db8::1").value()), nullptr);
  EXPECT_FALSE(clients.Add(IpPrefix::Parse("192.0.2.0/24").value(), Secret(std::string_view("again"))).ok());
  EXPECT_FALSE(clients.Add(IpPrefix::Parse("198.51.100.0/24").value(), Secret()).ok());
}

TEST(RadiusClients, KeepTheirLimit) {
  RadiusClients clients;
  for (std::uint32_t i = 0; i < kRadiusClientsMax; ++i) {
    ASSERT_TRUE(clients.Add(IpPrefix::Holding(IpAddress::V4(i), 32), Shared()).ok());
  }
  EXPECT_FALSE(clients.Add(IpPrefix::Holding(kClient, 32), Shared()).ok());
}

// RFC 2866 section 3: the Response Authenticator is MD5 over the response with the request's authenticator.
TEST(Radius, AResponseProvesTheSecretAndReturnsProxyStates) {
  PacketForTests made = Start();
  made.Add(kProxyState, Buffer{1, 2}).Add(kProxyState, Buffer{3});
  const Buffer request = Made(made);
  const RadiusPacket packet = ReadRadiusPacket(request).value();
  const Buffer response = BuildAccountingResponse(packet, Shared(), crypto::Md5).value();
  ASSERT_EQ(response.size(), 27U);
  EXPECT_EQ(ToHex(Bytes(response).first(4)), "0507001b");
  EXPECT_EQ(ToHex(Bytes(response).subspan(20)), "21040102210303");
  const Bytes states = Bytes(response).subspan(20);
  const auto expected =
      crypto::Md5({Bytes(response).first(4), packet.authenticator, states, AsBytes("s3cret-of-nobody")})
          .value();
  EXPECT_EQ(ToHex(Bytes(response).subspan(4, 16)), ToHex(expected));
}

TEST(Radius, AReportWithoutItsOwnInstantIsAsOldAsItsDelay) {
  PacketForTests packet;
  packet.Number(40, 2).Number(8, 0x6440000A).Number(41, 5);
  RadiusDecoder decoder = Unchecked();
  const std::vector<record::Record> records = Read(decoder, Made(packet));
  const Timestamp& at = record::OriginOf(records.at(0)).at;
  EXPECT_EQ(at.at.ToRfc3339(), "2024-10-21T08:14:07Z");
  EXPECT_EQ(at.source, ClockSource::kReceipt);
  Piece piece = From({});
  const Buffer bytes = Made(packet.Text(44, "other"));
  piece.bytes = bytes;
  piece.received.reset();
  EXPECT_EQ(ErrorOf(decoder, piece), "radius: neither the report nor its receipt tells an instant");
}

TEST(Radius, TheConfiguredOffsetIsTheClockOfTheNas) {
  SourceClock clock;
  clock.offset.ns = -3 * kNsPerSecond;
  RadiusDecoder decoder = Unchecked(clock);
  const std::vector<record::Record> records = Read(decoder, Made(Start()));
  EXPECT_EQ(record::OriginOf(records.at(0)).at.at.ToRfc3339(), "2024-10-21T08:14:00Z");
}

TEST(Radius, AReportThatIsSentAgainIsOneEvent) {
  RadiusDecoder decoder = Unchecked();
  EXPECT_EQ(Read(decoder, Made(Start(7))).size(), 1U);
  EXPECT_EQ(Read(decoder, Made(Start(7))).size(), 0U) << "the same packet";
  EXPECT_EQ(Read(decoder, Made(Start(8).Number(41, 3))).size(), 0U) << "the same event with a greater delay";
  EXPECT_EQ(decoder.counts().at("reports sent again"), 2U);
  EXPECT_EQ(Read(decoder, Made(Start(9).Text(87, "other port"))).size(), 1U) << "another report";
  EXPECT_EQ(decoder.counts().at("access session events"), 2U);
}

TEST(Retransmissions, ForgetTheOldestBeyondTheLimit) {
  Retransmissions seen;
  for (std::size_t i = 0; i < kRetransmissionsMax; ++i) EXPECT_FALSE(seen.Seen(std::to_string(i)));
  EXPECT_TRUE(seen.Seen("0"));
  EXPECT_FALSE(seen.Seen("one more"));
  EXPECT_TRUE(seen.Seen("1"));
  EXPECT_FALSE(seen.Seen("0"));
}

TEST(Radius, AMobileSubscriberIsTheCard) {
  PacketForTests packet;
  packet.Number(40, 1).Number(8, 0x6440000A).Number(55, kEventSeconds).Text(1, "internet");
  packet.Text(31, "33639980001").Vendor(10415, 1, AsBytes("001010123456789"));
  packet.Vendor(10415, 20, AsBytes("0035400000000011")).Vendor(10415, 22, Buffer{1, 2, 3});
  RadiusDecoder decoder = Unchecked();
  const auto session = std::get<record::AccessSession>(Read(decoder, Made(packet)).at(0));
  EXPECT_EQ(session.subscriber, "001010123456789");
  EXPECT_EQ(session.imsi, "001010123456789");
  EXPECT_EQ(session.imeisv, "0035400000000011");
  EXPECT_EQ(session.user_name, "internet");
  EXPECT_EQ(session.calling_number, "33639980001");
  EXPECT_EQ(record::ToJson(session).find("010203"), std::string::npos) << "a place is not kept";
}

TEST(Radius, ASessionOfIpv6AloneHasItsPrefixes) {
  PacketForTests packet;
  packet.Number(40, 1).Number(55, kEventSeconds).Text(44, "6A");
  packet.Add(97, FromHex("004020010db801000000").value()).Add(123, FromHex("003820010db8100000").value());
  packet.Add(97, FromHex("004020010db801000001").value());
  RadiusDecoder decoder = Unchecked();
  const auto session = std::get<record::AccessSession>(Read(decoder, Made(packet)).at(0));
  EXPECT_FALSE(session.inside_ip.has_value());
  EXPECT_EQ(session.inside_prefix->ToText(), "2001:db8:100::/64");
  EXPECT_EQ(session.delegated_prefix->ToText(), "2001:db8:1000::/56");
  EXPECT_EQ(decoder.counts().at("further IPv6 prefixes"), 1U);
}

TEST(Radius, ARestartOfANasIsOneRecord) {
  PacketForTests packet;
  packet.Number(40, 7).Number(4, 0xC0000214).Number(55, kEventSeconds);
  RadiusDecoder decoder = Unchecked();
  const auto session = std::get<record::AccessSession>(Read(decoder, Made(packet)).at(0));
  EXPECT_EQ(session.event, record::SessionEventKind::kOn);
  EXPECT_EQ(session.nas, "192.0.2.20");
}

record::NatEvent OnlyNat(const std::vector<record::Record>& records) {
  CHECK(records.size() == 1);
  return std::get<record::NatEvent>(records[0]);
}

PacketForTests Translator(std::uint32_t status) {
  PacketForTests packet;
  packet.Number(40, status).Number(8, 0x0A000001).Number(55, kEventSeconds);
  packet.Text(1, "LSN44@10.0.0.1").VendorNumber(6527, 100, 100);
  return packet.Vendor(6527, 121, AsBytes("203.0.113.7 37674-37723 router base"));
}

TEST(RadiusNat, ATranslatorsReportIsAPortBlockAndNoSession) {
  RadiusDecoder decoder = Unchecked();
  const record::NatEvent begins = OnlyNat(Read(decoder, Made(Translator(1))));
  EXPECT_EQ(begins.event, record::NatEventKind::kPortBlockAllocate);
  EXPECT_EQ(begins.inside_ip->ToText(), "10.0.0.1");
  EXPECT_EQ(begins.inside_realm, "100");
  EXPECT_EQ(begins.port_first, 37'674);
  EXPECT_EQ(begins.port_last, 37'723);
  EXPECT_FALSE(begins.subscriber.has_value()) << "its name is only the inside address again";
  EXPECT_EQ(OnlyNat(Read(decoder, Made(Translator(2)))).event, record::NatEventKind::kPortBlockRelease);
}

TEST(RadiusNat, AnInterimReportIsAnEventOnlyWhereItSaysWhichAndThenAtTheTimeOfTheChange) {
  RadiusDecoder decoder = Unchecked();
  EXPECT_TRUE(Read(decoder, Made(Translator(3))).empty());
  EXPECT_EQ(decoder.counts().at("port blocks reported as held"), 1U);
  PacketForTests freed = Translator(3);
  freed.VendorNumber(6527, 163, 19).VendorNumber(6527, 86, kEventSeconds - 1);
  const record::NatEvent event = OnlyNat(Read(decoder, Made(freed)));
  EXPECT_EQ(event.event, record::NatEventKind::kPortBlockRelease);
  EXPECT_EQ(event.origin.at.at.ToRfc3339(), "2024-10-21T08:14:02Z");
  PacketForTests stopped = Translator(2);
  stopped.VendorNumber(6527, 86, kEventSeconds - 600);
  EXPECT_EQ(OnlyNat(Read(decoder, Made(stopped))).origin.at.at.ToRfc3339(), "2024-10-21T08:14:03Z");
}

TEST(RadiusNat, OtherVendorsSayAddressAndRangeInAttributesOfTheirOwn) {
  RadiusDecoder decoder = Unchecked();
  PacketForTests huawei = Start();
  huawei.VendorNumber(2011, 161, 0xCB007107).VendorNumber(2011, 162, 1024).VendorNumber(2011, 163, 2047);
  const std::vector<record::Record> both = Read(decoder, Made(huawei));
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(std::get<record::NatEvent>(both[1]).port_last, 2047);
  EXPECT_EQ(std::get<record::NatEvent>(both[1]).subscriber, "L-000123");
  PacketForTests whole = Start(9);
  whole.Text(44, "5F2B").VendorNumber(43823, 21, 0xCB007109);
  const std::vector<record::Record> bound = Read(decoder, Made(whole));
  EXPECT_EQ(std::get<record::NatEvent>(bound.at(1)).event, record::NatEventKind::kAddressBindingCreate);
  PacketForTests half = Start(10);
  half.VendorNumber(25506, 32, 0xCB007107).VendorNumber(25506, 33, 1024);
  const Buffer bytes = Made(half);
  EXPECT_EQ(ErrorOf(decoder, From(bytes)), "radius: translated address: one end of the range only");
}

TEST(RadiusNat, ABrokenRangeRefusesTheReport) {
  RadiusDecoder decoder = Unchecked();
  for (const char* range :
       {"", "203.0.113.7", "203.0.113.7 10-9 router base", "203.0.113.7 1-2,, x", "x 1-2"}) {
    PacketForTests packet = Start();
    packet.Vendor(6527, 121, AsBytes(range));
    const Buffer bytes = Made(packet);
    EXPECT_NE(ErrorOf(decoder, From(bytes)).find("Alc-Nat-Port-Range"), std::string::npos) << range;
  }
}

TEST(Radius, RefusesAPacketThatIsMalformedAndNamesTheOffset) {
  RadiusDecoder decoder = Unchecked();
  const Buffer packet = Made(Start());
  EXPECT_EQ(ErrorOf(decoder, From(Bytes(packet).first(19))), "radius: truncated at offset 0");
  EXPECT_EQ(ErrorOf(decoder, From(Bytes(packet).first(packet.size() - 1))),
            "radius: length " + std::to_string(packet.size()) + " at offset 2");
  Buffer broken = packet;
  broken[21] = 1;
  EXPECT_EQ(ErrorOf(decoder, From(broken)), "radius: attribute at offset 20: length out of bounds");
  const Buffer short_number = Made(PacketForTests().Add(40, Buffer{1}));
  EXPECT_EQ(ErrorOf(decoder, From(short_number)), "radius: Acct-Status-Type: not 4 octets long");
  Buffer padded = packet;
  padded.resize(padded.size() + 7);
  EXPECT_EQ(Read(decoder, padded).size(), 1U);
  Buffer access = packet;
  access[0] = 1;
  EXPECT_TRUE(Read(decoder, access).empty());
  EXPECT_EQ(decoder.counts().at("packets that are no accounting request"), 1U);
}

TEST(Radius, KeepsThePacketsLimit) {
  const auto of_size = [](std::size_t size) {
    Buffer packet = Made(Start());
    while (size - packet.size() > 255) {
      packet.insert(packet.end(), {25, 250});
      packet.resize(packet.size() + 248);
    }
    const std::size_t rest = size - packet.size();
    packet.insert(packet.end(), {25, static_cast<std::uint8_t>(rest)});
    packet.resize(size);
    packet[2] = static_cast<std::uint8_t>(size >> 8);
    packet[3] = static_cast<std::uint8_t>(size);
    return packet;
  };
  RadiusDecoder decoder = Unchecked();
  EXPECT_EQ(Read(decoder, of_size(kRadiusPacketBytesMax)).size(), 1U);
  const Buffer more = of_size(kRadiusPacketBytesMax + 1);
  EXPECT_EQ(ErrorOf(decoder, From(more)), "radius: length 4097 at offset 2");
}

}  // namespace
}  // namespace probatio::decode
