// The real lines of shared/data/syslog, whose expected fields were read by hand.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/test_corpus.h"
#include "decode/syslog/syslog_decoder.h"

namespace probatio::decode {
namespace {

constexpr const char* kLines = "syslog/lines.jsonl";

SourceClock InUtc() {
  SourceClock clock;
  clock.zone = std::make_shared<const TimeZone>(TimeZone::Fixed("UTC", 0));
  clock.year = 2020;
  return clock;
}

std::vector<record::NatEvent> Decoded(const std::string& line) {
  SyslogDecoder decoder("", InUtc());
  Piece piece;
  piece.bytes = AsBytes(line);
  piece.received = Instant::FromUnixSeconds(1'600'000'000);
  std::vector<record::Record> records;
  const Status decoded = decoder.Decode(piece, &records);
  EXPECT_TRUE(decoded.ok()) << line << ": " << decoded.error().what();
  std::vector<record::NatEvent> events;
  for (const record::Record& read : records) events.push_back(std::get<record::NatEvent>(read));
  return events;
}

bool IsOf(const std::string& expected, record::NatEventKind kind) {
  using Kind = record::NatEventKind;
  if (expected == "block-alloc") return kind == Kind::kPortBlockAllocate;
  if (expected == "block-free") return kind == Kind::kPortBlockRelease;
  if (expected == "port-create") return kind == Kind::kNat44BibCreate;
  if (expected == "session-create")
    return kind == Kind::kNat44SessionCreate || kind == Kind::kNat64SessionCreate;
  return false;
}

void ExpectPort(const nlohmann::json& expected, const char* key, std::optional<std::uint16_t> port) {
  ASSERT_EQ(expected.contains(key), port.has_value()) << key;
  if (!port.has_value()) return;
  EXPECT_EQ(expected[key].get<int>(), *port) << key;
}

void ExpectEvent(const nlohmann::json& expected, const record::NatEvent& event) {
  EXPECT_TRUE(IsOf(expected["event"].get<std::string>(), event.event)) << record::ToText(event.event);
  EXPECT_EQ(expected["inside"].get<std::string>(), event.inside_ip->ToText());
  EXPECT_EQ(expected["public"].get<std::string>(), event.public_ip->ToText());
  if (expected.contains("inside_port")) ExpectPort(expected, "inside_port", event.inside_port);
  ExpectPort(expected, "public_port", event.public_port);
  ExpectPort(expected, "port_low", event.port_first);
  ExpectPort(expected, "port_high", event.port_last);
  if (expected.contains("proto")) {
    EXPECT_EQ(expected["proto"].get<int>(), event.proto.value_or(0));
  }
  if (expected.contains("vrf")) {
    const auto& vrf = expected["vrf"];
    EXPECT_EQ(vrf.is_string() ? vrf.get<std::string>() : std::to_string(vrf.get<int>()), event.inside_realm);
  }
  const std::string time = expected.value("time", "");
  if (!time.starts_with("2")) return;
  const std::string civil = time.substr(0, time.find_first_of("Z ("));
  EXPECT_EQ(event.origin.at.at, Instant::ParseRfc3339(civil.substr(0, civil.find(' ')) + "Z").value());
}

TEST(SyslogCorpus, EveryRealLineGivesTheFieldsThatAPersonReadInIt) {
  SKIP_WITHOUT_CORPUS(kLines);
  const Buffer file = ReadCorpus(kLines);
  std::istringstream lines{std::string(AsText(file))};
  int read = 0;
  for (std::string text; std::getline(lines, text); ++read) {
    const auto sample = nlohmann::json::parse(text);
    SCOPED_TRACE(sample["vendor"].get<std::string>() + ": " + sample["line"].get<std::string>());
    const std::vector<record::NatEvent> events = Decoded(sample["line"].get<std::string>());
    const bool useless = sample["expected"]["event"].get<std::string>().starts_with("rule-match");
    ASSERT_EQ(events.size(), useless ? 0U : 1U);
    if (!useless) ExpectEvent(sample["expected"], events[0]);
  }
  EXPECT_EQ(read, 13);
}

}  // namespace
}  // namespace probatio::decode
