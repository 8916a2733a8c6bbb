#include "decode/sharing/sharing_rules.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "record/json.h"

namespace probatio::decode {
namespace {

struct Contents {
  std::vector<record::Record> records;
  std::string error;
  record::SharingRule at(std::size_t i) const { return std::get<record::SharingRule>(records.at(i)); }
};

Contents Read(const std::string& text) {
  SharingRulesDecoder decoder("plan.example");
  Contents contents;
  Piece piece;
  piece.bytes = AsBytes(text);
  const Status read = decoder.Decode(piece, &contents.records);
  if (!read.ok()) contents.error = read.error().what();
  return contents;
}

std::string File(const std::string& rules, const std::string& more = "") {
  return "{\"version\":1," + more + "\"rules\":[" + rules + "]}";
}

const std::string kQuarters =
    R"({"kind":"port_sets","name":"quarters","valid_from":"2024-10-01T00:00:00Z","public":"203.0.113.0/24",)"
    R"("psid_offset":0,"psid_length":2})";
const std::string kEnded =
    R"({"kind":"port_sets","name":"old","valid_from":"2024-01-01T00:00:00Z","valid_until":"2024-10-01T00:00:00Z",)"
    R"("public":"203.0.113.7","psid_offset":0,"psid_length":3})";

// The page is what people copy from.
TEST(SharingRules, TheExampleOfThePageIsReadWhole) {
  std::ifstream page("docs/formats/sharing-rules.md");
  if (!page) GTEST_SKIP() << "no docs/formats/sharing-rules.md in the working directory";
  std::stringstream text;
  text << page.rdbuf();
  const std::string all = text.str();
  const std::size_t begin = all.find("```json\n") + 8;
  const Contents contents = Read(all.substr(begin, all.find("```", begin) - begin));
  EXPECT_EQ(contents.error, "");
  ASSERT_EQ(contents.records.size(), 3U);
  EXPECT_EQ(contents.at(0).event, record::SharingRuleKind::kDeterministicNat);
  EXPECT_EQ(contents.at(0).inside_last->ToText(), "198.51.100.14");
  EXPECT_EQ(contents.at(1).ea_bits, 16);
  EXPECT_EQ(contents.at(2).public_last->ToText(), "203.0.113.255");
}

TEST(SharingRules, ARuleIsARecordWithEveryParameter) {
  const Contents contents = Read(File(kQuarters));
  ASSERT_EQ(contents.records.size(), 1U) << contents.error;
  EXPECT_EQ(record::ToJson(contents.records[0]),
            R"({"class":"network","at":"2024-10-01T00:00:00Z","at_resolution_ns":1000000000,)"
            R"("at_source":"event","exporter":"plan.example","event":"rule_port_sets","rule":"quarters",)"
            R"("valid_from":"2024-10-01T00:00:00Z","public_first":"203.0.113.0",)"
            R"("public_last":"203.0.113.255","psid_offset":0,"psid_length":2})");
}

TEST(SharingRules, AStatedFileStatesAnewWhatIsInForceThen) {
  const std::string stated = R"("stated":"2024-10-21T00:00:00Z","exporter":"other.example",)";
  const Contents contents = Read(File(kQuarters + "," + kEnded, stated));
  ASSERT_EQ(contents.records.size(), 2U) << contents.error;
  EXPECT_EQ(contents.at(0).origin.at.at.ToRfc3339(), "2024-10-21T00:00:00Z");
  EXPECT_EQ(contents.at(0).origin.exporter, "other.example");
  EXPECT_EQ(contents.at(1).origin.at.at.ToRfc3339(), "2024-01-01T00:00:00Z") << "it had ended";
}

TEST(SharingRules, ABrokenRuleIsNamedAndTheOthersAreRead) {
  const std::string lacking = R"({"kind":"port_sets","name":"x","valid_from":"2024-10-01T00:00:00Z"})";
  const Contents contents = Read(File(lacking + "," + kQuarters));
  EXPECT_EQ(contents.records.size(), 1U);
  EXPECT_EQ(contents.error, "sharing rules: rule 1: public_first, public_last: missing");
}

TEST(SharingRules, RefusesWhatCouldBeReadInTwoWays) {
  EXPECT_EQ(Read(File(R"({"kind":"map_e","kind":"map_t"})")).error,
            R"(sharing rules: key "kind": stands twice)");
  EXPECT_EQ(Read(File(R"({"kind":"map_e","colour":1})")).error,
            R"(sharing rules: rule 1: key "colour": unknown)");
  EXPECT_EQ(Read(File(R"({"kind":"map_x"})")).error, "sharing rules: rule 1: kind: no such kind");
  EXPECT_EQ(Read(R"({"rules":[]})").error, "sharing rules: version: missing, 1 is read");
  EXPECT_EQ(Read(R"({"version":2,"rules":[]})").error,
            R"(sharing rules: key "version": unknown, or of another type)");
  EXPECT_EQ(Read("[").error, "sharing rules: not JSON");
  EXPECT_EQ(Read("[]").error, "sharing rules: not an object");
  EXPECT_EQ(Read(File(R"({"kind":{"a":{"b":{}}}})")).error, "sharing rules: nested too deep");
}

TEST(SharingRules, KeepTheirLimits) {
  const auto many = [](std::size_t count) {
    std::string rules;
    for (std::size_t i = 0; i < count; ++i) rules += i == 0 ? "0" : ",0";
    return Read(File(rules)).error;
  };
  EXPECT_EQ(many(kSharingRulesMax), "sharing rules: rule 1: not an object");
  EXPECT_EQ(many(kSharingRulesMax + 1), "sharing rules: more than 65536");
  std::string large = File(kQuarters);
  large.resize(kSharingRulesBytesMax, ' ');
  EXPECT_EQ(Read(large).error, "");
  large += ' ';
  EXPECT_EQ(Read(large).error, "sharing rules: more than 16777216 octets");
}

}  // namespace
}  // namespace probatio::decode
