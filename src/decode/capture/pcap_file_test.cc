#include "decode/capture/pcap_file.h"

#include <gtest/gtest.h>

namespace probatio::decode {
namespace {

Buffer Hex(const std::string& text) {
  return FromHex(text).value();
}

// UDP 40000 → 4739 with two octets of payload.
const std::string kUdp =
    "9c401283000a0000"
    "abcd";
const std::string kIpv4 =
    "4500001e"
    "00010000"
    "40110000"
    "c0000201"
    "c0000202" +
    kUdp;
const std::string kIpv6Source = "20010db8000000000000000000000001";
const std::string kIpv6Destination = "20010db8000000000000000000000002";
std::string Ipv6(const std::string& length, const std::string& next, const std::string& rest) {
  return "60000000" + length + next + "40" + kIpv6Source + kIpv6Destination + rest;
}
const std::string kMacs =
    "020202020202"
    "020202020202";

// One capture of these frames, in either byte order.
Buffer Capture(std::uint32_t link_type, const std::vector<Buffer>& frames, bool little = false,
               std::uint32_t magic = 0xA1B2C3D4) {
  Buffer out;
  const auto u32 = [&](std::uint32_t value) {
    for (int i = 0; i < 4; ++i)
      out.push_back(static_cast<std::uint8_t>(value >> (little ? 8 * i : 24 - 8 * i)));
  };
  u32(magic);
  for (const std::uint32_t value : {little ? 0x00040002U : 0x00020004U, 0U, 0U, 65'535U, link_type})
    u32(value);
  for (const Buffer& frame : frames) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    for (const std::uint32_t value : {1'729'498'443U, 250'000U, size, size}) u32(value);
    out.insert(out.end(), frame.begin(), frame.end());
  }
  return out;
}

void ExpectOneDatagram(std::uint32_t link_type, const std::string& frame, const std::string& source) {
  const Buffer file = Capture(link_type, {Hex(frame)});
  const Result<PcapContents> contents = ReadPcap(file);
  ASSERT_TRUE(contents.ok()) << contents.error().what();
  ASSERT_EQ(contents.value().datagrams.size(), 1U) << frame;
  const Datagram& datagram = contents.value().datagrams[0];
  EXPECT_EQ(datagram.source.ToText(), source);
  EXPECT_EQ(datagram.source_port, 40'000);
  EXPECT_EQ(datagram.destination_port, 4739);
  EXPECT_EQ(ToHex(datagram.payload), "abcd");
}

TEST(Pcap, FindsTheDatagramBehindEachLinkLayer) {
  ExpectOneDatagram(1, kMacs + "0800" + kIpv4, "192.0.2.1");
  ExpectOneDatagram(1, kMacs + "0800" + kIpv4 + "0000000000",
                    "192.0.2.1");  // padded to Ethernet's least size
  ExpectOneDatagram(1,
                    kMacs +
                        "8100"
                        "0064"
                        "0800" +
                        kIpv4,
                    "192.0.2.1");
  ExpectOneDatagram(1,
                    kMacs +
                        "88a8"
                        "0064"
                        "8100"
                        "0065"
                        "0800" +
                        kIpv4,
                    "192.0.2.1");
  ExpectOneDatagram(1, kMacs + "86dd" + Ipv6("000a", "11", kUdp), "2001:db8::1");
  ExpectOneDatagram(101, kIpv4, "192.0.2.1");
  ExpectOneDatagram(101, Ipv6("0012", "00", "1100000000000000" + kUdp), "2001:db8::1");
  ExpectOneDatagram(228, kIpv4, "192.0.2.1");
  ExpectOneDatagram(113,
                    "0000"
                    "0001"
                    "0006"
                    "0202020202020000"
                    "0800" +
                        kIpv4,
                    "192.0.2.1");
  ExpectOneDatagram(276,
                    "0800"
                    "0000"
                    "00000002"
                    "0001"
                    "0006"
                    "0202020202020000" +
                        kIpv4,
                    "192.0.2.1");
  ExpectOneDatagram(0, "02000000" + kIpv4, "192.0.2.1");
  ExpectOneDatagram(108, "0000001e" + Ipv6("000a", "11", kUdp), "2001:db8::1");
}

TEST(Pcap, ReadsBothByteOrdersAndBothTicks) {
  const Buffer frame = Hex(kIpv4);
  for (const bool little : {false, true}) {
    const Buffer micro = Capture(101, {frame}, little);
    EXPECT_EQ(ReadPcap(micro).value().datagrams.at(0).captured_at->ToRfc3339(), "2024-10-21T08:14:03.250Z");
    const Buffer nano = Capture(101, {frame}, little, 0xA1B23C4D);
    EXPECT_EQ(ReadPcap(nano).value().datagrams.at(0).captured_at->ToRfc3339(), "2024-10-21T08:14:03.000250Z");
  }
}

TEST(Pcap, CountsWhatItSkips) {
  const std::string first_fragment =
      "4500001e"
      "00012000"
      "40110000"
      "c0000201"
      "c0000202" +
      kUdp;
  const std::string later_fragment =
      "4500001e"
      "00010002"
      "40110000"
      "c0000201"
      "c0000202" +
      kUdp;
  const std::string tcp =
      "4500001e"
      "00010000"
      "40060000"
      "c0000201"
      "c0000202" +
      kUdp;
  const std::string cut = kIpv4.substr(0, 40);
  const std::string ipv6_fragment = Ipv6("0012", "2c", "1100000000000001" + kUdp);
  const Buffer file =
      Capture(101, {Hex(first_fragment), Hex(later_fragment), Hex(ipv6_fragment), Hex(tcp), Hex(cut), {}});
  const PcapContents contents = ReadPcap(file).value();
  EXPECT_TRUE(contents.datagrams.empty());
  EXPECT_EQ(contents.counts.packets, 6U);
  EXPECT_EQ(contents.counts.fragments_skipped, 3U);
  EXPECT_EQ(contents.counts.other_skipped, 1U);
  EXPECT_EQ(contents.counts.broken_skipped, 2U);
}

TEST(Pcap, KeepsWhatCameBeforeTheFileBreaksOff) {
  Buffer file = Capture(101, {Hex(kIpv4), Hex(kIpv4)});
  file.pop_back();
  PcapContents contents = ReadPcap(file).value();
  EXPECT_EQ(contents.datagrams.size(), 1U);
  ASSERT_TRUE(contents.error.has_value());
  EXPECT_EQ(contents.error->what(), "pcap: packet at offset 70: truncated");
  file.resize(75);
  EXPECT_EQ(ReadPcap(file).value().error->what(), "pcap: packet at offset 70: header truncated");
}

TEST(Pcap, RefusesWhatIsNoCaptureOfOurs) {
  EXPECT_EQ(ReadPcap(Hex("000a0010")).error().what(), "pcap: no packet capture at offset 0");
  EXPECT_EQ(ReadPcap(Hex("a1b2")).error().what(), "pcap: truncated at offset 0");
  EXPECT_EQ(ReadPcap(Hex("a1b2c3d40002")).error().what(), "pcap: header truncated at offset 6");
  EXPECT_EQ(ReadPcap(Capture(105, {})).error().what(), "pcap: link type 105 at offset 20 is not read");
  EXPECT_TRUE(LooksLikePcap(Hex("d4c3b2a1")));
  EXPECT_TRUE(LooksLikePcap(Hex("0a0d0d0a")));
  EXPECT_FALSE(LooksLikePcap(Hex("000a0010")));
}

TEST(Pcap, KeepsItsLimits) {
  const Buffer most = Capture(101, {Buffer(kPacketBytesMax, 0)});
  EXPECT_FALSE(ReadPcap(most).value().error.has_value());
  const Buffer more = Capture(101, {Buffer(kPacketBytesMax + 1, 0)});
  EXPECT_EQ(ReadPcap(more).value().error->what(),
            "pcap: packet at offset 24: 262145 octets, more than 262144");

  const auto tagged = [](std::size_t tags) {
    std::string frame = kMacs;
    for (std::size_t i = 0; i < tags; ++i) frame += "81000064";
    return Capture(1, {Hex(frame + "0800" + kIpv4)});
  };
  EXPECT_EQ(ReadPcap(tagged(kLinkTagsMax)).value().datagrams.size(), 1U);
  EXPECT_EQ(ReadPcap(tagged(kLinkTagsMax + 1)).value().counts.broken_skipped, 1U);

  const auto extended = [](std::size_t headers) {
    std::string rest;
    for (std::size_t i = 0; i + 1 < headers; ++i) rest += "3c00000000000000";
    const std::string last = "1100000000000000";
    const Buffer length{0, static_cast<std::uint8_t>(8 * headers + 10)};
    return Capture(101, {Hex(Ipv6(ToHex(length), "3c", rest + last + kUdp))});
  };
  EXPECT_EQ(ReadPcap(extended(kIpv6ExtensionsMax)).value().datagrams.size(), 1U);
  EXPECT_EQ(ReadPcap(extended(kIpv6ExtensionsMax + 1)).value().counts.other_skipped, 1U);
}

}  // namespace
}  // namespace probatio::decode
