#include "decode/mapping/mapping.h"

#include <gtest/gtest.h>

#include "decode/cut/file_for_tests.h"
#include "decode/cut/text_cutters.h"
#include "decode/jsonl/mapped_jsonl.h"
#include "record/json.h"

namespace probatio::decode {
namespace {

std::string With(std::string_view lines) {
  return std::string("schema = \"probatio-mapping/1\"\nrecord = \"activity\"\n") + std::string(lines);
}
const std::string kColumn = "[[column]]\nname = \"user\"\nfield = \"account\"\n";

std::string Refusal(std::string_view lines) {
  const Result<Mapping> mapping = ParseMapping(With(lines), "m.toml");
  return mapping.ok() ? "accepted" : mapping.error().what();
}

TEST(ParseMapping, NamesFileLineAndKeyOfWhatItRefuses) {
  EXPECT_EQ(Refusal(kColumn), "accepted");
  EXPECT_EQ(Refusal(""), "m.toml:1: column: missing: nothing would be read");
  EXPECT_EQ(Refusal("colour = \"blue\"\n" + kColumn), "m.toml:3: colour: unknown key");
  EXPECT_EQ(Refusal("[[column]]\nname = \"user\"\nfield = \"surname\"\n"),
            "m.toml:5: column[0].field: no field of this kind of record");
  EXPECT_EQ(Refusal(kColumn + "[[column]]\nname = \"login\"\nfield = \"account\"\n"),
            "m.toml:8: column[1].field: filled by two columns");
  EXPECT_EQ(Refusal(kColumn + kColumn), "m.toml:7: column[1].name: a column twice");
  EXPECT_EQ(Refusal("drop = [\"user\"]\n" + kColumn), "m.toml:3: drop: names a column that is read");
  EXPECT_EQ(Refusal("delimiter = \";;\"\n" + kColumn),
            "m.toml:3: delimiter: not one character, printable or a tab");
  EXPECT_EQ(Refusal("header = false\n" + kColumn),
            "m.toml:1: columns: names the columns of a file with header = false, and of no other");
  EXPECT_EQ(Refusal(kColumn + "time = \"epoch\"\n"),
            "m.toml:6: column[0].time: of a field that is no instant");
  EXPECT_EQ(Refusal(kColumn + "from = [\"a\"]\n"), "m.toml:3: column[0].to: not as long as `from`");
  EXPECT_EQ(Refusal(kColumn + "x = { y = 1 }\n"),
            "m.toml:6: not a string, number, flag, date or list on one line");
}

TEST(ParseMapping, LetsNoContentInUnderAnotherName) {
  const std::string body = "[[column]]\nname = \"message_body\"\nfield = \"message\"\n";
  EXPECT_NE(Refusal(kColumn + body).find("speaks of content or of a recipient"), std::string::npos);
  EXPECT_EQ(Refusal(kColumn + body + "no_content = true\n"), "accepted");
}

TEST(ParseMapping, StandsWithinItsLimits) {
  const auto name = [](std::size_t size) {
    return "[[column]]\nname = \"" + std::string(size, 'n') + "\"\nfield = \"account\"\n";
  };
  EXPECT_EQ(Refusal(name(kMappingTextBytesMax)), "accepted");
  EXPECT_EQ(Refusal(name(kMappingTextBytesMax + 1)), "m.toml:4: column[0].name: longer than 1024 bytes");
  const std::string file = With(kColumn);
  EXPECT_TRUE(ParseMapping(file + std::string(kMappingBytesMax - file.size(), '\n'), "m").ok());
  EXPECT_FALSE(ParseMapping(file + std::string(kMappingBytesMax - file.size() + 1, '\n'), "m").ok());
  std::string most;
  for (std::size_t i = 0; i < kMappedColumnsMax; ++i) {
    most += "[[column]]\nname = \"c" + std::to_string(i) + "\"\nfield = \"emails\"\n";
  }
  const std::string identity = "schema = \"probatio-mapping/1\"\nrecord = \"identity\"\n";
  EXPECT_TRUE(ParseMapping(identity + most, "m").ok());
  EXPECT_FALSE(ParseMapping(identity + most + "[[column]]\nname = \"c\"\nfield = \"emails\"\n", "m").ok());
}

TEST(MappedJsonl, ReadsNestedKeysAndStepsOverTheRest) {
  const Mapping mapping = ParseMapping(With(R"(others = "drop"
[[column]]
name = "ts"
field = "at"
time = "epoch"
[[column]]
name = "request.remote_ip"
field = "source_ip"
[[column]]
name = "request.remote_port"
field = "source_port"
[[column]]
name = "resp_headers.X-Audit-Account"
field = "account"
[[constant]]
field = "event"
value = "login"
)"),
                                       "m.toml")
                              .value();
  const FileContents contents =
      DecodeWhole(
          LinesForTests(std::make_unique<LineCutter>(),
                        std::make_unique<MappedJsonlDecoder>(mapping, SourceClock())),
          AsBytes(
              R"({"ts":1729498443.2500125,"request":{"remote_ip":"203.0.113.7","remote_port":"51234","tls":[{"a":[1]}]},)"
              R"("resp_headers":{"X-Audit-Account":["u-1"]},"size":17,"ok":true,"nothing":null})"
              "\n{\"ts\":1}\nnot json\n"))
          .value();
  ASSERT_EQ(contents.records.size(), 1U) << contents.errors.front().what();
  EXPECT_EQ(
      record::ToJson(contents.records[0]),
      R"({"class":"activity","at":"2024-10-21T08:14:03.250012500Z","at_resolution_ns":100,)"
      R"("at_source":"event","event":"login","source_ip":"203.0.113.7","source_port":51234,"account":"u-1"})");
  ASSERT_EQ(contents.errors.size(), 2U);
  EXPECT_EQ(std::string(contents.errors[0].what()),
            "line 2: column resp_headers.X-Audit-Account: account: missing");
  EXPECT_EQ(contents.counts.at("dropped column: size"), 1U);
  EXPECT_EQ(contents.counts.at("dropped column: request.tls"), 1U);
}

TEST(ReadJsonColumns, StandsWithinItsLimits) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "{\"a\":";
    return text + "1" + std::string(depth, '}');
  };
  EXPECT_TRUE(ReadJsonColumns(nested(record::kJsonDepthMax)).ok());
  EXPECT_FALSE(ReadJsonColumns(nested(record::kJsonDepthMax + 1)).ok());
  const auto wide = [](std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "" : ",") + ("\"k" + std::to_string(i)) + "\":1";
    return text + "}";
  };
  EXPECT_TRUE(ReadJsonColumns(wide(record::kJsonKeysMax)).ok());
  EXPECT_FALSE(ReadJsonColumns(wide(record::kJsonKeysMax + 1)).ok());
  EXPECT_FALSE(ReadJsonColumns(R"({"a":1,"a":2})").ok());
  EXPECT_FALSE(ReadJsonColumns("[1]").ok());
  EXPECT_FALSE(ReadJsonColumns("1").ok());
}

}  // namespace
}  // namespace probatio::decode
