#include "decode/flow/flow_sessions.h"

#include <gtest/gtest.h>

#include "decode/capture/pcap_file.h"
#include "decode/cut/file_for_tests.h"
#include "decode/flow/message_cutter.h"
#include "decode/flow/message_for_tests.h"

namespace probatio::decode {
namespace {

Buffer Event(std::uint32_t sequence) {
  return MessageBytes({SetBytes(2, TemplateBytes(256, {{230, 1}, {8, 4}})), SetBytes(256, Hex("040a000001"))},
                      sequence);
}

Buffer Joined(std::initializer_list<Buffer> parts) {
  ByteWriter out;
  for (const Buffer& part : parts) out.Raw(part);
  return out.Take();
}

// A capture (raw IP, big-endian) of one datagram per pair of source port and payload.
Buffer Capture(const std::vector<std::pair<std::uint16_t, Buffer>>& datagrams) {
  ByteWriter out;
  out.Raw(
      Hex("a1b2c3d4"
          "00020004"
          "00000000"
          "00000000"
          "0000ffff"
          "00000065"));
  for (const auto& [port, payload] : datagrams) {
    const auto size = static_cast<std::uint16_t>(28 + payload.size());
    for (const std::uint32_t value : {1'729'498'443U, 0U, std::uint32_t{size}, std::uint32_t{size}})
      out.U32(value);
    out.Raw(Hex("4500"));
    out.U16(size);
    out.Raw(
        Hex("00010000"
            "40110000"
            "c0000201"
            "c0000202"));
    out.U16(port);
    out.U16(4739);
    out.U16(static_cast<std::uint16_t>(size - 20));
    out.U16(0);
    out.Raw(payload);
  }
  return out.Take();
}

// Read in parts that cut every message, too: the same comes out.
Result<FileContents> DecodeFlowFile(Bytes file, FlowVersion version, const std::string& exporter) {
  const auto parts = [&] {
    FileDecoder::Parts made;
    if (LooksLikePcap(file)) {
      made.cutter = std::make_unique<CaptureCutter>();
    } else {
      made.cutter = std::make_unique<MessageCutter>();
    }
    made.decoder = std::make_unique<FlowSessions>(version, exporter);
    made.piece_name = "message";
    made.counts_broken = true;
    return made;
  };
  Result<FileContents> whole = DecodeWhole(parts(), file);
  const Result<FileContents> in_parts = DecodeInParts(parts(), file, 7);
  EXPECT_EQ(whole.ok(), in_parts.ok());
  if (whole.ok() && in_parts.ok()) {
    EXPECT_EQ(whole.value().records, in_parts.value().records);
    EXPECT_EQ(whole.value().counts, in_parts.value().counts);
  }
  return whole;
}

const std::string& ExporterOf(const record::Record& record) {
  return record::OriginOf(record).exporter;
}

TEST(IpfixFile, OfMessagesBackToBackIsReadAndABrokenOneDoesNotStopTheOthers) {
  Buffer broken = Event(1);
  broken[19] = 3;  // its first set is shorter than a set header
  const FileContents contents =
      DecodeFlowFile(Joined({Event(0), broken, Event(2)}), FlowVersion::kIpfix, "cgn-1.example").value();
  EXPECT_EQ(contents.records.size(), 2U);
  EXPECT_EQ(ExporterOf(contents.records[0]), "cgn-1.example");
  ASSERT_EQ(contents.errors.size(), 1U);
  EXPECT_EQ(contents.errors[0].what(), "message 2: set 2 at offset 16: length 3 out of bounds");
  EXPECT_EQ(contents.counts.at("lost"), 1U);
  EXPECT_EQ(contents.gaps.size(), 1U);
}

TEST(IpfixFile, ThatBreaksOffKeepsWhatCameBefore) {
  Buffer file = Joined({Event(0), Event(1)});
  file.pop_back();
  const FileContents contents = DecodeFlowFile(file, FlowVersion::kIpfix, "").value();
  EXPECT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(contents.errors.size(), 1U);
  EXPECT_FALSE(DecodeFlowFile(AsBytes("no ipfix at all"), FlowVersion::kIpfix, "").ok());
}

TEST(IpfixFile, OfACaptureKeepsTheSourcesApart) {
  const Buffer data_alone = MessageBytes({SetBytes(256, Hex("040a000001"))}, 1);
  const Buffer file = Capture({{1000, Event(0)}, {2000, data_alone}, {1000, data_alone}, {53, Hex("abcd")}});
  const FileContents contents = DecodeFlowFile(file, FlowVersion::kIpfix, "not used").value();
  EXPECT_EQ(contents.records.size(), 2U);
  EXPECT_EQ(ExporterOf(contents.records[0]), "192.0.2.1");
  EXPECT_EQ(contents.counts.at("sets without template"), 1U);
  EXPECT_EQ(contents.counts.at("datagrams of another kind"), 1U);
  EXPECT_EQ(contents.counts.at("packets"), 4U);
}

TEST(IpfixFile, KeepsItsLimits) {
  std::vector<std::pair<std::uint16_t, Buffer>> datagrams;
  for (std::size_t i = 0; i <= kFlowSessionsMax; ++i)
    datagrams.emplace_back(static_cast<std::uint16_t>(i + 1), Event(0));
  const FileContents contents = DecodeFlowFile(Capture(datagrams), FlowVersion::kIpfix, "").value();
  EXPECT_EQ(contents.counts.at("messages"), kFlowSessionsMax);
  EXPECT_EQ(contents.counts.at("datagrams of another kind"), 1U);

  Buffer broken = Event(0);
  broken[19] = 3;
  ByteWriter file;
  for (std::size_t i = 0; i <= kFileErrorsMax; ++i) file.Raw(broken);
  const FileContents errors = DecodeFlowFile(file.bytes(), FlowVersion::kIpfix, "").value();
  EXPECT_EQ(errors.errors.size(), kFileErrorsMax);
  EXPECT_EQ(errors.counts.at("malformed messages"), kFileErrorsMax + 1);
}

}  // namespace
}  // namespace probatio::decode
