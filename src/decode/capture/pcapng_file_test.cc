#include "decode/capture/pcapng_file.h"

#include <gtest/gtest.h>

#include "decode/capture/pcapng_for_tests.h"

namespace probatio::decode {
namespace {

// UDP 40000 → 4739 with two octets of payload, over raw IPv4.
const Buffer kFrame = FromHex("4500001e0001000040110000c0000201c00002029c401283000a0000abcd").value();
constexpr std::uint16_t kRawIp = 101;
constexpr std::uint64_t kMicroseconds = 1'729'498'443'250'000;

Result<PcapContents> Read(const PcapngForTests& file) {
  return ReadPcap(file.bytes());
}

std::string InstantIn(const PcapngForTests& file) {
  const Result<PcapContents> contents = Read(file);
  const std::optional<Instant> at = contents.value().datagrams.at(0).captured_at;
  return at.has_value() ? at->ToRfc3339() : "none";
}

TEST(Pcapng, FindsTheDatagramsOfEnhancedPacketsInEitherByteOrder) {
  for (const bool little : {false, true}) {
    PcapngForTests file(little);
    file.Interface(kRawIp);
    file.Enhanced(0, kMicroseconds, kFrame);
    const PcapContents contents = Read(file).value();
    ASSERT_EQ(contents.datagrams.size(), 1U);
    EXPECT_EQ(contents.datagrams[0].source.ToText(), "192.0.2.1");
    EXPECT_EQ(ToHex(contents.datagrams[0].payload), "abcd");
    EXPECT_EQ(contents.datagrams[0].captured_at->ToRfc3339(), "2024-10-21T08:14:03.250Z");
    EXPECT_FALSE(contents.error.has_value());
  }
}

TEST(Pcapng, ReadsTheStepAndOffsetOfAnInterfacesClock) {
  const auto with = [](const std::vector<std::pair<std::uint16_t, Buffer>>& options, std::uint64_t ticks) {
    PcapngForTests file(false);
    file.Interface(kRawIp, options);
    file.Enhanced(0, ticks, kFrame);
    return InstantIn(file);
  };
  EXPECT_EQ(with({{9, {9}}}, 1'729'498'443'250'000'001), "2024-10-21T08:14:03.250000001Z");
  EXPECT_EQ(with({{9, {3}}}, 1'729'498'443'250), "2024-10-21T08:14:03.250Z");
  EXPECT_EQ(with({{9, {0}}}, 1'729'498'443), "2024-10-21T08:14:03Z");
  EXPECT_EQ(with({{9, {0x80 | 1}}}, 1'729'498'443ULL * 2 + 1), "2024-10-21T08:14:03.500Z");
  EXPECT_EQ(with({{9, {12}}}, 3'250'000'000'001), "1970-01-01T00:00:03.250Z");
  const Buffer two_hours{0, 0, 0, 0, 0, 0, 0x1C, 0x20};
  EXPECT_EQ(with({{14, two_hours}}, kMicroseconds), "2024-10-21T10:14:03.250Z");
  const Buffer minus_one(8, 0xFF);
  EXPECT_EQ(with({{1, {'a', 'b', 'c'}}, {14, minus_one}}, kMicroseconds), "2024-10-21T08:14:02.250Z");
  EXPECT_EQ(with({{9, {20}}}, kMicroseconds), "none") << "no clock ticks in steps of 10^-20 s";
}

TEST(Pcapng, ASimplePacketHasNoInstantAndIsTheFirstInterfaces) {
  PcapngForTests file(true);
  file.Interface(kRawIp);
  file.Simple(static_cast<std::uint32_t>(kFrame.size()), kFrame);
  EXPECT_EQ(InstantIn(file), "none");
}

TEST(Pcapng, StepsOverBlocksItDoesNotKnow) {
  PcapngForTests file(false);
  file.Block(4, Buffer(8, 0));  // name resolution
  file.Interface(kRawIp);
  file.Block(0x0BAD, {1, 2, 3, 4});
  file.Enhanced(0, kMicroseconds, kFrame);
  file.Block(5, Buffer(12, 0));  // statistics
  EXPECT_EQ(Read(file).value().datagrams.size(), 1U);
  EXPECT_EQ(Read(file).value().counts.packets, 1U);
}

TEST(Pcapng, ANewSectionHasItsOwnByteOrderAndInterfaces) {
  PcapngForTests file(false);
  file.Interface(kRawIp);
  file.Enhanced(0, kMicroseconds, kFrame);
  file.Section(true);
  file.Interface(kRawIp, {{9, {3}}});
  file.Enhanced(0, kMicroseconds / 1000, kFrame);
  file.Section(false);
  file.Enhanced(0, kMicroseconds, kFrame);
  const PcapContents contents = Read(file).value();
  ASSERT_EQ(contents.datagrams.size(), 2U);
  EXPECT_EQ(contents.datagrams[0].captured_at, contents.datagrams[1].captured_at);
  ASSERT_TRUE(contents.error.has_value());
  EXPECT_NE(contents.error->what().find("interface 0 was not described"), std::string::npos);
}

TEST(Pcapng, CountsPacketsOfALinkTypeThatIsNotRead) {
  PcapngForTests file(false);
  file.Interface(105);  // IEEE 802.11
  file.Interface(kRawIp);
  file.Enhanced(0, kMicroseconds, kFrame);
  file.Enhanced(1, kMicroseconds, kFrame);
  const PcapContents contents = Read(file).value();
  EXPECT_EQ(contents.datagrams.size(), 1U);
  EXPECT_EQ(contents.counts.other_skipped, 1U);
  EXPECT_EQ(contents.counts.packets, 2U);
}

TEST(Pcapng, KeepsWhatCameBeforeTheFileBreaksOff) {
  PcapngForTests file(false);
  file.Interface(kRawIp);
  file.Enhanced(0, kMicroseconds, kFrame);
  const std::size_t second = file.bytes().size();
  file.Enhanced(0, kMicroseconds, kFrame);
  for (const std::size_t size : {second + 1, second + 12, file.bytes().size() - 1}) {
    const PcapContents contents = ReadPcap(Bytes(file.bytes()).first(size)).value();
    EXPECT_EQ(contents.datagrams.size(), 1U);
    EXPECT_EQ(contents.error->what(), "pcapng: block at offset " + std::to_string(second) + ": truncated");
  }
}

TEST(Pcapng, RefusesWhatDoesNotBeginWithASection) {
  EXPECT_EQ(ReadPcap(FromHex("0a0d0d0a").value()).error().what(), "pcapng: block at offset 0: truncated");
  Buffer file = PcapngForTests(false).bytes();
  file[8] = 0;
  EXPECT_EQ(ReadPcap(file).error().what(), "pcapng: block at offset 0: no byte order magic");
  file = PcapngForTests(false).bytes();
  file[27] = 0;
  EXPECT_EQ(ReadPcap(file).error().what(), "pcapng: block at offset 0: its two lengths differ");
  file = PcapngForTests(false).bytes();
  file[13] = 2;
  EXPECT_EQ(ReadPcap(file).error().what(), "pcapng: block at offset 0: version 2, not 1");
}

TEST(Pcapng, KeepsItsLimits) {
  PcapngForTests file(false);
  for (std::size_t i = 0; i < kPcapngInterfacesMax; ++i) file.Interface(kRawIp);
  EXPECT_FALSE(Read(file).value().error.has_value());
  file.Interface(kRawIp);
  EXPECT_NE(Read(file).value().error->what().find("too many interfaces"), std::string::npos);

  const auto packet_of = [](std::size_t size) {
    PcapngForTests one(false);
    one.Interface(kRawIp);
    one.Enhanced(0, 0, Buffer(size, 0));
    return Read(one).value().error.has_value();
  };
  EXPECT_FALSE(packet_of(kPacketBytesMax));
  EXPECT_TRUE(packet_of(kPacketBytesMax + 1));

  const auto block_of = [](std::size_t size) {
    PcapngForTests one(false);
    one.Block(0x0BAD, Buffer(size - 12, 0));
    return Read(one).value().error.has_value();
  };
  EXPECT_FALSE(block_of(kPcapngBlockBytesMax));
  EXPECT_TRUE(block_of(kPcapngBlockBytesMax + 4));
}

}  // namespace
}  // namespace probatio::decode
