// Captures of real exporters, against what independent decoders made of them (PROVENANCE.md beside the
// files).
#include "base/test_corpus.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "decode/capture/pcap_file.h"
#include "decode/flow/both_ways_for_tests.h"
#include "decode/flow/data_set.h"
#include "decode/flow/flow_decoder.h"
#include "decode/flow/message_file.h"

namespace probatio::decode {
namespace {

FlowCounts Decoded(const std::vector<std::string>& names) {
  BothWays both;
  for (const std::string& name : names) {
    const Buffer file = ReadCorpus("flow/" + name);
    const MessageSplit split = SplitMessages(file);
    EXPECT_FALSE(split.error.has_value()) << name << ": " << split.error->what();
    for (const Bytes message : split.messages) {
      EXPECT_TRUE(both.Send(message)) << name;
    }
  }
  EXPECT_TRUE(both.Agree());
  EXPECT_EQ(both.records.size(), both.as_records.flow_counts().nat_records);
  return both.as_records.flow_counts();
}

void ExpectCounts(const FlowCounts& counts, std::uint64_t messages, std::uint64_t templates,
                  std::uint64_t records) {
  EXPECT_EQ(counts.messages, messages);
  EXPECT_EQ(counts.templates + counts.options_templates, templates);
  EXPECT_EQ(counts.data_records + counts.options_records, records);
  EXPECT_EQ(counts.malformed_messages, 0U);
  EXPECT_EQ(counts.sets_without_template, 0U);
  EXPECT_EQ(counts.data_records, counts.flows + counts.translation_records);
}

TEST(Corpus, MikrotikSendsTranslatedFlowsWhoseTimesHangInTheAir) {
  SKIP_WITHOUT_CORPUS("flow");
  const FlowCounts counts = Decoded(
      {"ipfix_test_mikrotik_tpl.dat", "ipfix_test_mikrotik_data258.dat", "ipfix_test_mikrotik_data259.dat"});
  ExpectCounts(counts, 3, 2, 46);
  EXPECT_EQ(counts.translation_records, 28U);
  EXPECT_EQ(counts.not_translated + counts.flows_without_port + counts.flows_without_time, 28U);
  EXPECT_EQ(counts.flows, 18U);
  EXPECT_EQ(counts.nat_records, 0U);
}

TEST(Corpus, OrdinaryFlowExportersAreSteppedOver) {
  SKIP_WITHOUT_CORPUS("flow");
  ExpectCounts(Decoded({"ipfix_test_nokia_bras_tpl.dat", "ipfix_test_nokia_bras_data256.dat"}), 2, 2, 1);
  ExpectCounts(Decoded({"ipfix_test_barracuda_tpl.dat", "ipfix_test_barracuda_data256.dat"}), 2, 1, 8);
  ExpectCounts(Decoded({"ipfix_test_openbsd_pflow_tpl.dat", "ipfix_test_openbsd_pflow_data.dat"}), 2, 2, 26);
}

// "1.2.3.4", a number, or hexadecimal: the notation of the expected files.
std::string Notation(std::uint16_t id, Bytes value) {
  const bool address = id == 8 || id == 12 || id == 15 || id == 225 || id == 226;
  if (address) return IpAddress::FromOctets(value).value().ToText();
  return value.size() > 8 ? ToHex(value) : std::to_string(ReadUnsigned(value).value_or(0));
}

TEST(Corpus, EveryElementOfTheMikrotikNatFlowsIsReadAsExpected) {
  SKIP_WITHOUT_CORPUS("flow");
  const Buffer golden = ReadCorpus("flow/mikrotik_ipfix.expected.json");
  const auto expected = nlohmann::json::parse(golden);
  FlowSession session;
  std::vector<std::map<std::string, std::string>> read;
  const auto keep = [&](const DataRecord& data) {
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < data.values.size(); ++i) {
      const std::uint16_t id = data.record_template->fields[i].id;
      values[std::to_string(id)] = Notation(id, data.values[i]);
    }
    if (values.contains("225")) read.push_back(values);
  };
  for (const auto& name : expected["files"]) {
    const Buffer message = ReadCorpus("flow/" + name.get<std::string>());
    ASSERT_TRUE(WalkMessage(message, &session, keep).ok());
  }
  ASSERT_EQ(read.size(), expected["records"].size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    const auto& record = expected["records"][i];
    EXPECT_EQ(read[i].size(), record.size());
    for (const auto& [key, value] : record.items()) {
      EXPECT_EQ(read[i][key], value.is_string() ? value.get<std::string>() : value.dump())
          << i << " element " << key;
    }
  }
}

TEST(Corpus, Netflow9OfEightVendorsGivesTheCountsOfOtherDecoders) {
  SKIP_WITHOUT_CORPUS("flow");
  struct Capture {
    std::vector<std::string> files;
    std::uint64_t messages, templates, records, translation, nat;
  };
  const std::vector<Capture> captures{
      {{"cisco_asa_1_tpl", "cisco_asa_1_data"}, 2, 13, 14, 14, 0},
      {{"paloalto_panos_tpl", "paloalto_panos_data"}, 2, 8, 8, 0, 0},
      {{"ubnt_edgerouter_tpl", "ubnt_edgerouter_data1024", "ubnt_edgerouter_data1025"}, 3, 4, 16, 0, 0},
      {{"0length_fields_tpl_data"}, 1, 2, 10, 0, 0},
      {{"h3c_netstream_varstring_tpl3281", "h3c_netstream_varstring_data3281"}, 2, 1, 1, 0, 0},
      {{"juniper_srx_tplopt"}, 1, 2, 1, 0, 0},
      {{"invalid01"}, 1, 3, 3, 0, 0},
  };
  for (const Capture& capture : captures) {
    std::vector<std::string> names;
    for (const std::string& file : capture.files) names.push_back("netflow9_test_" + file + ".dat");
    const FlowCounts counts = Decoded(names);
    ExpectCounts(counts, capture.messages, capture.templates, capture.records);
    EXPECT_EQ(counts.translation_records, capture.translation) << names[0];
    EXPECT_EQ(counts.nat_records, capture.nat) << names[0];
  }
  const FlowCounts reduced = Decoded({"netflow9_test_iptnetflow_reduced_size_encoding_tpldata260.dat"});
  EXPECT_EQ(reduced.data_records, 12U);
  EXPECT_EQ(reduced.sets_without_template, 6U);
}

std::vector<Buffer> DatagramsOf(const std::string& name) {
  const Buffer file = ReadCorpus("flow/" + name);
  const Result<PcapContents> contents = ReadPcap(file);
  EXPECT_TRUE(contents.ok()) << contents.error().what();
  EXPECT_FALSE(contents.value().error.has_value());
  std::vector<Buffer> payloads;
  for (const Datagram& datagram : contents.value().datagrams) payloads.push_back(ToBuffer(datagram.payload));
  return payloads;
}

TEST(Corpus, PacketCapturesGiveTheCountsOfOtherDecoders) {
  SKIP_WITHOUT_CORPUS("flow");
  const std::vector<std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint64_t>> captures{
      {"scapy_ipfix.pcap", 3, 2, 1}, {"pmacct_100_ipfix_cisco.pcap", 6, 2, 12}};
  for (const auto& [name, messages, templates, records] : captures) {
    FlowDecoder decoder("corpus");
    std::vector<record::Record> out;
    for (const Buffer& message : DatagramsOf(name)) {
      const Status decoded = decoder.Decode({message, {}, {}, 0}, &out);
      EXPECT_TRUE(decoded.ok()) << decoded.error().what();
    }
    ExpectCounts(decoder.flow_counts(), messages, templates, records);
  }
}

// The header and set shape of each message, as NetGauze (another decoder) has written them down.
TEST(Corpus, MessagesOfPmacct100AgreeWithNetGauze) {
  SKIP_WITHOUT_CORPUS("flow");
  const Buffer golden = ReadCorpus("flow/pmacct_100_ipfix_cisco.netgauze.json");
  std::vector<nlohmann::json> expected;
  for (std::size_t begin = 0; begin < golden.size();) {
    const std::string_view rest = AsText(Bytes(golden).subspan(begin));
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (!line.empty()) expected.push_back(nlohmann::json::parse(line));
    begin += line.size() + 1;
  }
  const std::vector<Buffer> messages = DatagramsOf("pmacct_100_ipfix_cisco.pcap");
  ASSERT_EQ(messages.size(), expected.size());
  FlowSession session;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& want = expected[i]["IPFIX"];
    std::vector<std::uint64_t> octets;  // octetDeltaCount, element 1
    const Result<MessageWalk> walk = WalkMessage(messages[i], &session, [&](const DataRecord& data) {
      for (std::size_t k = 0; k < data.values.size(); ++k) {
        if (data.record_template->fields[k].id == 1) octets.push_back(ReadUnsigned(data.values[k]).value());
      }
    });
    ASSERT_TRUE(walk.ok()) << walk.error().what();
    EXPECT_EQ(walk.value().header.export_time.ToRfc3339(), want["export_time"]);
    EXPECT_EQ(walk.value().header.sequence, want["sequence_number"]);
    EXPECT_EQ(walk.value().header.domain, want["observation_domain_id"]);
    const std::string text = want.dump();
    for (const std::uint64_t count : octets) {
      EXPECT_NE(text.find(fmt::format("\"octetDeltaCount\":{}", count)), std::string::npos) << text;
    }
  }
}

TEST(Corpus, TelegrafsDatagramsAreReadToTheirEnd) {
  SKIP_WITHOUT_CORPUS("flow");
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) names.push_back(fmt::format("telegraf_ipfix_{}.bin", i));
  const FlowCounts counts = Decoded(names);
  EXPECT_EQ(counts.messages, 7U);
  EXPECT_EQ(counts.malformed_messages, 0U);
  const Buffer golden = ReadCorpus("flow/telegraf_ipfix_example.expected.out");
  const auto lines = static_cast<std::uint64_t>(std::count(golden.begin(), golden.end(), '\n')) + 1;
  EXPECT_EQ(counts.data_records + counts.options_records,
            lines);  // one line a record, the last without its end
}

TEST(Corpus, WithAnyByteChangedNeverStopsTheDecoder) {
  SKIP_WITHOUT_CORPUS("flow");
  std::vector<Buffer> messages = DatagramsOf("pmacct_100_ipfix_cisco.pcap");
  messages.push_back(ReadCorpus("flow/ipfix_test_nokia_bras_tpl.dat"));
  messages.push_back(ReadCorpus("flow/ipfix_test_nokia_bras_data256.dat"));
  FlowDecoder decoder("corpus");
  std::vector<record::Record> out;
  for (Buffer& message : messages) {
    for (std::size_t i = 0; i < message.size(); ++i) {
      const std::uint8_t kept = message[i];
      for (const unsigned value : {0U, 1U, 0x7FU, 0xFFU}) {
        message[i] = static_cast<std::uint8_t>(value);
        const Status decoded = decoder.Decode({message, {}, {}, 0}, &out);
        EXPECT_TRUE(decoded.ok() || decoded.error().code() == ErrorCode::kInvalid);
      }
      message[i] = kept;
    }
  }
  const FlowCounts& counts = decoder.flow_counts();
  EXPECT_GT(counts.malformed_messages, 0U);
  EXPECT_GT(counts.messages, 0U);
}

}  // namespace
}  // namespace probatio::decode
