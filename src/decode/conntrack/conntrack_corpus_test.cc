// Real events of a Linux NAT with two subscribers (shared/data/conntrack), against what its maker wrote down.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "base/test_corpus.h"
#include "decode/conntrack/conntrack_decoder.h"

namespace probatio::decode {
namespace {

constexpr std::size_t kMappings = 12;

using Mapping = std::tuple<int, std::string, int, std::string, int>;  // protocol, inside, port, public, port

Mapping MappingOf(const record::NatEvent& event) {
  return {event.proto.value_or(0), event.inside_ip->ToText(), event.inside_port.value_or(0),
          event.public_ip->ToText(), event.public_port.value_or(0)};
}

struct Span {
  std::string begin;
  std::string end;
  bool operator==(const Span&) const = default;
};

std::map<Mapping, Span> Expected() {
  std::map<Mapping, Span> expected;
  const Buffer file = ReadCorpus("conntrack/expected_mappings.json");
  for (const auto& row : nlohmann::json::parse(AsText(file))) {
    expected[{row["proto"], row["subscriber"], row["sport"], row["public"], row["public_port"]}] = {
        row["start"], row["end"]};
  }
  return expected;
}

SourceClock InUtc() {
  SourceClock clock;
  clock.zone = std::make_shared<const TimeZone>(TimeZone::Fixed("UTC", 0));
  return clock;
}

std::vector<record::NatEvent> Decoded(const std::string& name, std::optional<Instant> received,
                                      std::map<std::string, std::uint64_t>* counts) {
  ConntrackDecoder decoder("nat-1.example", InUtc());
  const Buffer file = ReadCorpus("conntrack/" + name);
  Piece piece;
  piece.bytes = file;
  piece.received = received;
  std::vector<record::Record> records;
  const Status decoded = decoder.Decode(piece, &records);
  EXPECT_EQ(decoded.ok(), decoder.counts().count("broken lines") == 0);
  *counts = decoder.counts();
  std::vector<record::NatEvent> events;
  for (const record::Record& record : records) events.push_back(std::get<record::NatEvent>(record));
  return events;
}

std::string Epoch(Instant at) {
  return std::to_string(at.unix_ns() / kNsPerSecond) + "." +
         std::to_string(1'000'000 + at.unix_ns() % kNsPerSecond / 1'000).substr(1);
}

bool Ends(const record::NatEvent& event) {
  return record::NatureOf(event.event) == record::Nature::kEnds;
}

TEST(ConntrackCorpus, StampedEventsGiveEachMappingWithItsBeginAndEnd) {
  SKIP_WITHOUT_CORPUS("conntrack/ct_timestamp.txt");
  std::map<std::string, std::uint64_t> counts;
  std::map<Mapping, Span> read;
  for (const record::NatEvent& event : Decoded("ct_timestamp.txt", std::nullopt, &counts)) {
    Span& span = read[MappingOf(event)];
    (Ends(event) ? span.end : span.begin) = Epoch(event.origin.at.at);
    EXPECT_EQ(event.origin.at.resolution_ns, 1'000);
  }
  EXPECT_EQ(read, Expected());
  EXPECT_EQ(counts, (std::map<std::string, std::uint64_t>{{"lines", 66}, {"records", 24}, {"updates", 42}}));
}

TEST(ConntrackCorpus, PlainEventsHaveNoTimeAndAreRefusedWithoutTheirReceipt) {
  SKIP_WITHOUT_CORPUS("conntrack/ct_plain.txt");
  std::map<std::string, std::uint64_t> counts;
  EXPECT_TRUE(Decoded("ct_plain.txt", std::nullopt, &counts).empty());
  EXPECT_EQ(counts,
            (std::map<std::string, std::uint64_t>{{"lines", 66}, {"updates", 42}, {"broken lines", 24}}));
  EXPECT_EQ(Decoded("ct_plain.txt", Instant::FromUnixSeconds(1'795'482'200), &counts).size(), 2 * kMappings);
}

TEST(ConntrackCorpus, XmlGivesTheSameMappingsToTheSecond) {
  SKIP_WITHOUT_CORPUS("conntrack/ct_xml.txt");
  std::map<std::string, std::uint64_t> counts;
  std::map<Mapping, Span> read;
  for (const record::NatEvent& event : Decoded("ct_xml.txt", std::nullopt, &counts)) {
    Span& span = read[MappingOf(event)];
    (Ends(event) ? span.end : span.begin) = Epoch(event.origin.at.at).substr(0, 10);
  }
  std::map<Mapping, Span> expected = Expected();
  for (auto& [mapping, span] : expected) span = {span.begin.substr(0, 10), span.end.substr(0, 10)};
  EXPECT_EQ(read, expected);
  EXPECT_EQ(counts, (std::map<std::string, std::uint64_t>{
                        {"lines", 69}, {"records", 24}, {"updates", 42}, {"other lines", 3}}));
}

TEST(ConntrackCorpus, AListGivesItsEntriesWhenItsReceiptIsKnown) {
  SKIP_WITHOUT_CORPUS("conntrack/ct_list.txt");
  std::map<std::string, std::uint64_t> counts;
  EXPECT_TRUE(Decoded("ct_list.txt", std::nullopt, &counts).empty());
  const auto listed = Decoded("ct_list.txt", Instant::FromUnixSeconds(1'795'482'200), &counts);
  EXPECT_EQ(listed.size(), kMappings);
  const std::map<Mapping, Span> expected = Expected();
  for (const record::NatEvent& event : listed) EXPECT_EQ(expected.count(MappingOf(event)), 1U);
}

}  // namespace
}  // namespace probatio::decode
